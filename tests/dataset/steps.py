"""steps.py - points trained in steps, against the same training written in NumPy.

    steps.py matches_numpy FILE LIMIT

Nothing is shared with the program but what the dataset says of itself: starts and pairs are drawn anew, by NumPy's
Philox, covariances shared, Syy = Sxx (rho at most 1).
"""
import sys

import numpy as np

import departures
from departures import points, product, start_of

STEPS, FIXED = 1 << 40, 1 << 41  # streams of random numbers
ACTIVATION = {"linear": lambda z: z, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}
SLOPE = {"linear": np.ones_like, "tanh": lambda h: 1 - h * h, "relu": lambda h: (h > 0).astype(float)}


# ---- pairs ----

def normals(p, stream, count):
    side = int(np.ceil(np.sqrt(count)))
    return departures.normal(p, stream, side).ravel(order="F")[:count]


def shaped(p, x, n):
    """x and y = rho x + noise of what variance x leaves of s, from standard normal numbers."""
    s = (p.lam / p.rho)[:, None]
    x = np.sqrt(s) * x
    return x, p.rho[:, None] * x + np.sqrt(s * (1 - p.rho[:, None]**2)) * n


def pairs_of_step(p, step, pairs):
    z = normals(p, STEPS + step, 2 * p.d * pairs).reshape(2 * pairs, p.d).T
    return shaped(p, z[:, :pairs], z[:, pairs:])


def fixed_pairs(p):
    """Mirrored, with the exact second moments."""
    d, half = p.d, max(512, 8 * p.d) // 2
    z = normals(p, FIXED, 2 * d * half).reshape(half, 2 * d).T
    v, q = np.linalg.eigh(z @ z.T / half)
    z = q @ (q.T @ z / np.sqrt(v)[:, None])
    return [np.hstack([a, -a]) for a in shaped(p, z[:d], z[d:])]


# ---- training ----

def passes(W, x, activation):
    """h_1 ... h_L."""
    h = []
    for a, w in enumerate(W):
        x = w @ x
        if a + 1 < len(W):
            x = ACTIVATION[activation](x)
        h.append(x)
    return h


def rates(p, W, V, x, y):
    activation, jepa = p["activation"], p["objective"] == "jepa"
    h = passes(W, x, activation)
    target = passes(W, y, activation)[-1] if jepa else y
    pull = (target - V @ h[-1]) / x.shape[1]
    g, out = V.T @ pull, []
    for a in range(len(W) - 1, -1, -1):
        below = h[a - 1] if a > 0 else x
        out.insert(0, g @ below.T)
        g = (W[a].T @ g) * (SLOPE[activation](below) if a > 0 else 1)
    return [*(r - float(p["weight_decay"]) * w for r, w in zip(out, W)),
            float(p["predictor_rate"]) * (pull @ h[-1].T - float(p["weight_decay"]) * V)]


def exact_pairs(p):
    """2d pairs whose second moments are the covariances."""
    z = np.sqrt(2 * p.d) * np.eye(2 * p.d)
    return shaped(p, z[:p.d], z[p.d:])


def trained(p):
    """The weights after each step, from the start on."""
    W, V = start_of(p)
    rate, batch = float(p["learning_rate"]), p.number("batch")
    path = [[*W, V]]
    while (len(path) - 1) * rate < p.value("time")[-1]:
        *W, V = path[-1]
        x, y = exact_pairs(p) if np.isinf(batch) else pairs_of_step(p, len(path) - 1, int(batch))
        path.append([w + rate * r for w, r in zip(path[-1], rates(p, W, V, x, y))])
    return path


# ---- what is seen ----

def seen(p, weights, fixed):
    """|Wbar e_i|, loss, and R^2 of the probe; Wbar by regression where the encoder is not linear."""
    *W, V = weights
    s, activation = p.lam / p.rho, p["activation"]
    x, y = fixed
    h = passes(W, x, activation)[-1]
    Wbar = product(W) if activation == "linear" else h @ x.T / x.shape[1] / s
    target = passes(W, y, activation)[-1] if p["objective"] == "jepa" else y
    loss = 0.5 * np.mean(np.sum((V @ h - target)**2, axis=0))
    C = Wbar * s @ Wbar.T if activation == "linear" else np.cov(h, bias=True)
    c = Wbar * s
    noisy = C + float(p["probe_ridge"]) * np.trace(C) / p.d * np.eye(p.d)
    return np.linalg.norm(Wbar, axis=0), loss, np.sum(c * np.linalg.solve(noisy, c), axis=0) / s


def matches_numpy(path, limit):
    """Projections, losses and probes of every sample, relative, and the critical times that lie between."""
    count = 0
    for p in points(path):
        assert p.value("status") == 1 and p.value("integrator") == 6, (p.setting, p.value("status"))
        steps, rate, fixed = trained(p), float(p["learning_rate"]), fixed_pairs(p)
        assert p.value("steps") == len(steps) - 1, (p.setting, p.value("steps"), len(steps) - 1)
        for j, time in enumerate(p.value("time")):
            k = min(int(time / rate), len(steps) - 2)
            part = time / rate - k
            weights = [(1 - part) * a + part * b for a, b in zip(steps[k], steps[k + 1])]
            for name, expected in zip(("projection", "loss", "probe"), seen(p, weights, fixed)):
                actual = p.value(name)[j]
                assert np.allclose(actual, expected, rtol=float(limit), atol=0), (p.setting, j, name, actual, expected)
        crossings(p, [seen(p, weights, fixed)[0] for weights in steps], rate, float(limit))
        count += 1
    print(count)


def crossings(p, amplitudes, rate, limit):
    """Where ln |Wbar e_i|, a line over each step, first reaches half of the plateau."""
    for i in range(p.d):
        w = np.array([a[i] for a in amplitudes])
        target = float(p["threshold"]) * p.value("plateau")[i]
        above = np.flatnonzero(w >= target)
        if len(above) == 0 or above[0] == 0:
            assert np.isnan(p.value("critical_time")[i]), p.setting
            continue
        k = above[0]
        time = rate * (k - 1 + np.log(target / w[k - 1]) / np.log(w[k] / w[k - 1]))
        assert abs(p.value("critical_time")[i] / time - 1) < limit, (p.setting, i, p.value("critical_time")[i], time)


if __name__ == "__main__":
    check = globals()[sys.argv[1]]
    assert check.__doc__, sys.argv[1]
    check(*sys.argv[2:])
