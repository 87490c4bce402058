#!/usr/bin/env python3
"""rock_table.py - the coefficients of ode/rock.c: writes rock_table.c beside itself, in two minutes.

    python3 rock_table.py [--dry-run]   print what was verified; write nothing in a dry run

Needs numpy, scipy and mpmath. Other versions of these give other last digits, which the finishing stages, computed
from the rounded first ones, make up for. What is computed, for each number of stages s (Abdulle, SIAM J. Sci. Comput. 23
(2002) 2041-2054; nothing is taken from a code):

1. The stability polynomial R(z) = w(z) P(z), z = h lambda: w of degree 4 without real zeros, P of degree s - 4
   orthogonal on [-l, -e] with the weight w^2 / sqrt(1 - x^2), x the same interval mapped to [-1, 1], so that w P
   oscillates there between nearly equal bounds. The four parameters of w and l are such that R = exp to order 4
   and |R| reaches DAMPING on [-l, -1]; e is such that l is largest. l comes out near 0.353 s^2.

2. The first s - 4 stages, g_j = mu_j h f(g_{j-1}) + nu_j g_{j-1} + (1 - nu_j) g_{j-2}, so that g_j = P_j(z) y for
   f = lambda y: the recurrence of the orthogonal polynomials, normalised to P_j(0) = 1, rounded to double.

3. The four finishing stages, U_i = g + h sum_j a_ij f(U_j), y_new = g + h sum_i b_i f(U_i). The elementary weights
   of g (one for each rooted tree, by the recurrence, with the rounded coefficients) and those of order 4 leave
   eight conditions for ten numbers. c_2 and c_3 are free: C2 and C3 keep all coefficients below 1 and the errors of
   order 5 near their smallest. b follows from three linear equations, a_ij from three more, c_4 from the last.

4. The error estimate e_0 (g - y) + h sum_i e_i f(U_i): the only such sum, but for its scale, that vanishes to
   order 3. It stays bounded where h lambda is large, since P and the stages do. The scale makes the bound 1.

Trees, in this order: of order 1 to 4 and, for the errors of order 5, the nine of order 5.
"""
import math
import os
import sys

import mpmath
import numpy as np
from scipy.optimize import least_squares, minimize_scalar

DAMPING = 0.95
C2, C3 = 0.3, 0.55  # of the part of the step that the finishing stages cover
mpmath.mp.dps = 40


def ladder():
    """All stage numbers to 30, then each 2nd to 60, then 7 % apart."""
    stages = list(range(5, 31)) + list(range(32, 61, 2))
    while stages[-1] < 150:
        stages.append(round(1.07 * stages[-1]))
    return stages


# ---- 1. the stability polynomial ----


def finishing_polynomial(zeros):
    """w, normalised to w(0) = 1, from the real and imaginary parts of its two pairs of zeros: w_0 ... w_4."""
    w = np.array([1.0])
    for real, imaginary in (zeros[:2], zeros[2:]):
        square = real**2 + imaginary**2
        w = np.convolve(w, [1.0, -2.0 * real / square, 1.0 / square])
    return w


def recurrence(degree, l, e, w):
    """[(mu_j, nu_j)] of the polynomials orthogonal with w^2 / sqrt(1 - x^2), P_j(0) = 1.

    The inner products are sums over Chebyshev's nodes, exact for these degrees.
    """
    nodes = 2 * degree + 12
    x = np.cos((2 * np.arange(nodes) + 1) * math.pi / (2 * nodes))
    slope, origin = 2.0 / (l - e), (l + e) / (l - e)  # x = origin + slope z
    weight = np.polyval(w[::-1], (x - origin) / slope) ** 2
    weight /= np.max(weight)
    before, now, square_before, ratio = np.zeros(nodes), np.ones(nodes), 1.0, 1.0
    pairs = []
    for j in range(degree):  # monic: pi_{j+1} = (x - a) pi_j - b pi_{j-1}; ratio = pi_{j+1}(origin) / pi_j(origin)
        square = np.sum(weight * now * now)
        a = np.sum(weight * x * now * now) / square
        b = square / square_before if j > 0 else 0.0
        ratio = origin - a - b / ratio
        pairs.append((slope / ratio, (origin - a) / ratio if j > 0 else 1.0))
        before, now, square_before = now, (x - a) * now - b * before, square
    return pairs


def first_stages(pairs, z):
    """P(z), by the recurrence as the integrator runs it."""
    before = now = np.ones_like(z)
    for mu, nu in pairs:
        before, now = now, (mu * z + nu) * now + (1.0 - nu) * before
    return now


def taylor(pairs):
    """P's first five coefficients."""
    before = now = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    for mu, nu in pairs:
        step = nu * now + (1.0 - nu) * before
        step[1:] += mu * now[:-1]
        before, now = now, step
    return now


def residual(unknown, stages, e):
    """Order conditions 1 to 4, and the largest |R| on [-l, -1] against DAMPING; unknown: l and the zeros of w."""
    l, w = unknown[0], finishing_polynomial(unknown[1:])
    pairs = recurrence(stages - 4, l, e, w)
    series = np.convolve(w, taylor(pairs))[1:5] * [1.0, 2.0, 6.0, 24.0]
    z = -1.0 - (l - 1.0) * (0.5 - 0.5 * np.cos(np.linspace(0.0, math.pi, 20 * stages)))
    largest = np.max(np.abs(np.polyval(w[::-1], z) * first_stages(pairs, z)))
    return np.append(series - 1.0, largest - DAMPING)


def solve(stages, e, start):
    found = least_squares(residual, start, x_scale=np.append(stages**2 / 10.0, np.ones(4)), args=(stages, e),
                          xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=80)
    return found.x if found.cost < 1e-18 else None


def stability_polynomial(stages, start):
    """(unknown, e) with the largest l: first on a grid of e, then between its points."""
    best, best_e = None, 0.0
    for e in np.arange(2.0, 6.01, 0.5):
        unknown = solve(stages, e, start if best is None else best)
        if unknown is not None and (best is None or unknown[0] > best[0]):
            best, best_e = unknown, e
    assert best is not None, f"no polynomial of degree {stages}"

    def shortness(e):
        unknown = solve(stages, e, best)
        return 0.0 if unknown is None else -unknown[0]

    e = minimize_scalar(shortness, bounds=(best_e - 0.5, best_e + 0.5), method="bounded",
                        options={"xatol": 1e-3}).x
    unknown = solve(stages, e, best)
    return (unknown, e) if unknown is not None and unknown[0] > best[0] else (best, best_e)


# ---- 2. trees: a quantity's elementary weights stand in a list, one for each tree ----


def rooted_trees(most):
    """(children, order, symmetry, gamma) of all trees up to order `most`; children are indices into the list."""
    trees = [((), 1, 1, 1)]

    def branches(order, last):
        if order == 0:
            yield ()
        for i in range(last, -1, -1):
            if trees[i][1] <= order:
                for rest in branches(order - trees[i][1], i):
                    yield (i,) + rest

    for order in range(2, most + 1):
        found = list(branches(order - 1, len(trees) - 1))
        for children in found:
            symmetry = math.prod(trees[i][2] for i in children)
            symmetry *= math.prod(math.factorial(children.count(i)) for i in set(children))
            trees.append((children, order, symmetry, order * math.prod(trees[i][3] for i in children)))
    return trees


TREES = rooted_trees(5)
LEAF, TALL2 = 0, 1
TALL3, BUSHY3 = (next(i for i, t in enumerate(TREES) if t[0] == c) for c in ((TALL2,), (LEAF, LEAF)))
TALL4, FORK4, MIXED4, BUSHY4 = (next(i for i, t in enumerate(TREES) if t[0] == c)
                                for c in ((TALL3,), (BUSHY3,), (TALL2, LEAF), (LEAF, LEAF, LEAF)))
UP_TO_3 = [i for i, t in enumerate(TREES) if t[1] <= 3]
UP_TO_4 = [i for i, t in enumerate(TREES) if t[1] <= 4]
OF_5 = [i for i, t in enumerate(TREES) if t[1] == 5]


def combine(*terms):
    """sum of factor * weights."""
    return [sum(factor * weights[i] for factor, weights in terms) for i in range(len(TREES))]


def slope_at(weights):
    """The weights of h f(v), from those of v."""
    return [math.prod(weights[i] for i in children) if children else 1 for children, _, _, _ in TREES]


def weights_of_first_stages(pairs, number):
    before = now = [number(0)] * len(TREES)
    for mu, nu in pairs:
        mu, nu = number(mu), number(nu)
        before, now = now, combine((mu, slope_at(now)), (nu, now), (1 - nu, before))
    return now


# ---- 3. the finishing stages ----


def conditions(g):
    """What the sums over the finishing stages alone have to be, g being the weights that they start from.

    sum b, b c, b c^2, b a c, b c^3, b c a c, b a c^2, b a a c; the weights of U_i are those of g and products.
    """
    r = [mpmath.mpf(1) / t[3] - g[i] for i, t in enumerate(TREES)]
    p, q = g[LEAF], g[TALL2]
    b = r[LEAF]
    bc = r[TALL2] - p * b
    bcc = r[BUSHY3] - p**2 * b - 2 * p * bc
    bac = r[TALL3] - q * b - p * bc
    bccc = r[BUSHY4] - p**3 * b - 3 * p**2 * bc - 3 * p * bcc
    bcac = r[MIXED4] - p * q * b - (p**2 + q) * bc - p * bac - p * bcc
    bacc = r[FORK4] - g[BUSHY3] * b - p**2 * bc - 2 * p * bac
    baac = r[TALL4] - g[TALL3] * b - q * bc - p * bac
    return b, bc, bcc, bac, bccc, bcac, bacc, baac


def finish(goal, c2, c3, c4):
    """The method with these nodes that meets all conditions but the last, and by how much it misses that."""
    b, bc, bcc, bac, bccc, bcac, bacc, baac = goal
    nodes = (c2, c3, c4)
    weights = []
    for i in range(3):  # sum b c (c - others)(c - others) = b_i c_i ...
        x, y, z = nodes[i], nodes[i - 1], nodes[i - 2]
        weights.append((bccc - (y + z) * bcc + y * z * bc) / (x * (x - y) * (x - z)))
    b2, b3, b4 = weights
    ac3 = (bcac - c4 * bac) / (b3 * (c3 - c4))  # a32 c2
    ac4 = (bcac - c3 * bac) / (b4 * (c4 - c3))  # a42 c2 + a43 c3
    acc4 = (bacc - b3 * ac3 * c2) / b4          # a42 c2^2 + a43 c3^2
    a32 = ac3 / c2
    a43 = (acc4 - ac4 * c2) / (c3 * (c3 - c2))
    a42 = (ac4 - a43 * c3) / c2
    inner = (c2, c3 - a32, a32, c4 - a42 - a43, a42, a43)
    return inner, (b - b2 - b3 - b4, b2, b3, b4), b4 * a43 * ac3 - baac


def finishing_stages(goal):
    """(a21, a31, a32, a41, a42, a43), (b1, b2, b3, b4)."""
    c2, c3 = C2 * goal[0], C3 * goal[0]

    def miss(c4):
        return finish(goal, c2, c3, c4)[2]

    c4 = mpmath.findroot(miss, (1.0 * goal[0], 1.08 * goal[0]), solver="anderson", tol=1e-60)
    return finish(goal, c2, c3, c4)[:2]


def run_finish(g, inner, outer):
    """The weights of y_new and of h f(U_i)."""
    slopes = [slope_at(g)]
    for row in (inner[:1], inner[1:3], inner[3:]):
        slopes.append(slope_at(combine((1, g), *zip(row, slopes))))
    return combine((1, g), *zip(outer, slopes)), slopes


# ---- 4. the error estimate ----


def polynomials(z, pairs, inner, outer):
    """At z: P, z times the finishing stages, R."""
    p = first_stages(pairs, z)
    slopes = [z * p]
    for row in (inner[:1], inner[1:3], inner[3:]):
        slopes.append(z * (p + sum(a * slope for a, slope in zip(row, slopes))))
    return p, slopes, p + sum(b * slope for b, slope in zip(outer, slopes))


def error_polynomial(error, p, slopes):
    return error[0] * (p - 1.0) + sum(e * slope for e, slope in zip(error[1:], slopes))


def error_estimate(g, slopes, z, pairs, inner, outer):
    """(e_0 ... e_4), the largest |E| on the axis being 1, positive at -infinity."""
    columns = [g] + slopes
    system = mpmath.matrix(4, 4)
    right = mpmath.matrix(4, 1)
    for row, tree in enumerate(UP_TO_3):
        right[row] = columns[0][tree]
        for k in range(4):
            system[row, k] = columns[k + 1][tree]
    solution = mpmath.lu_solve(system, right)
    error = [-1.0] + [float(solution[k]) for k in range(4)]
    p, stage_slopes, _ = polynomials(z, pairs, inner, outer)
    bound = np.max(np.abs(error_polynomial(error, p, stage_slopes)))
    return tuple(float(mpmath.mpf(x) / bound) for x in [-1] + list(solution))


# ---- one method, verified ----


def axis(l, stages):
    return -l * (0.5 - 0.5 * np.cos(np.linspace(0.0, math.pi, 60 * stages)))


def make(stages, unknown, e):
    l, w = unknown[0], finishing_polynomial(unknown[1:])
    pairs = recurrence(stages - 4, l, e, w)
    g = weights_of_first_stages(pairs, mpmath.mpf)
    inner, outer = (tuple(map(float, part)) for part in finishing_stages(conditions(g)))
    _, slopes = run_finish(g, inner, outer)
    reach = math.floor(1e4 * l) / 1e4
    error = error_estimate(g, slopes, axis(reach, stages), pairs, inner, outer)
    return {"stages": stages, "reach": reach, "gain": float(np.polyval(w[::-1], -reach)), "pairs": pairs,
            "inner": inner, "outer": outer, "error": error}


def verify(method):
    """In double precision, with the numbers as written; what is printed of it."""
    stages, pairs, inner, outer = (method[k] for k in ("stages", "pairs", "inner", "outer"))
    y, slopes = run_finish(weights_of_first_stages(pairs, float), inner, outer)
    g = weights_of_first_stages(pairs, float)
    order = max(abs(y[i] * TREES[i][3] - 1.0) for i in UP_TO_4)
    estimate = combine((method["error"][0], g), *zip(method["error"][1:], slopes))
    order3 = max(abs(estimate[i]) for i in UP_TO_3)
    order4 = [estimate[i] * TREES[i][3] for i in UP_TO_4[4:]]
    error5 = math.sqrt(sum(((y[i] - 1.0 / TREES[i][3]) / TREES[i][2])**2 for i in OF_5))
    z = axis(method["reach"], stages)
    p, stage_slopes, r = polynomials(z, pairs, inner, outer)
    largest = np.max(np.abs(r[z < -1.0]))
    bound = np.max(np.abs(error_polynomial(method["error"], p, stage_slopes)))
    inside = max(np.max(np.abs(part)) for part in (p, *(first_stages(pairs[:k], z) for k in range(len(pairs)))))
    assert order < 1e-12 and order3 < 1e-12, (stages, order, order3)
    assert largest < 0.5 + 0.5 * DAMPING and np.max(np.abs(r)) <= 1.0 + 1e-12, (stages, largest)
    assert 0.9 < bound < 1.1 and inside < 1.0 + 1e-9, (stages, bound, inside)
    assert max(map(abs, inner + outer)) < 1.0 + 1e-9, (stages, inner, outer)
    return (f"{stages:4d} {method['reach']:11.4f} {method['reach'] / stages**2:7.4f} {order:8.1e} {order3:8.1e} "
            f"{largest:7.4f} {error5:8.5f} {method['gain']:8.1e}   " + " ".join(f"{x:6.3f}" for x in order4))


# ---- the file ----


def numbers(values, indent, per_line):
    rows = [", ".join(f"{x:.17g}" if "." in f"{x:.17g}" or "e" in f"{x:.17g}" else f"{x:.17g}.0" for x in
                      values[k:k + per_line]) for k in range(0, len(values), per_line)]
    return (",\n" + " " * indent).join(rows)


def text(methods):
    lines = ["/* Written by src/ode/rock_table.py, which says how; not to be edited. */",
             '#include "jepaflow/ode/rock_table.h"', "", "/* clang-format off */", "",
             "/* {mu, nu} of the first stages, one method after the other. */",
             "static const double recurrence[][2] = {"]
    for method in methods:
        lines.append(f"    /* {method['stages']} stages */")
        lines += [f"    {{{numbers(pair, 0, 2)}}}," for pair in method["pairs"]]
    lines += ["};", "", "static const jf_rock_method methods[] = {"]
    offset = 0
    for method in methods:
        lines += [f"    {{.stages = {method['stages']}, .reach = {numbers([method['reach']], 0, 1)}, "
                  f".gain = {method['gain']:.2e}, .recurrence = recurrence + {offset},",
                  f"     .inner = {{{numbers(method['inner'], 15, 3)}}},",
                  f"     .outer = {{{numbers(method['outer'], 15, 3)}}},",
                  f"     .error = {{{numbers(method['error'], 15, 3)}}}}},"]
        offset += len(method["pairs"])
    lines += ["};", "", "/* clang-format on */", "",
              "const jf_rock_method *jf_rock_table(size_t *count)", "{",
              "    *count = sizeof methods / sizeof methods[0];", "    return methods;", "}", ""]
    return "\n".join(lines)


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rock_table.c")
    print("   s           l   l/s^2  order 4  order 3   max|R|  error 5     gain   share of each tree of order 4")
    methods = []
    unknown = np.array([6.0, -2.0, 1.1, -0.22, 2.85])
    for stages in ladder():
        if methods:
            unknown[0] *= (stages / methods[-1]["stages"])**2
        unknown, e = stability_polynomial(stages, unknown)
        methods.append(make(stages, unknown, e))
        print(verify(methods[-1]), flush=True)
    if "--dry-run" not in sys.argv[1:]:
        with open(path, "w") as file:
            file.write(text(methods))


if __name__ == "__main__":
    main()
