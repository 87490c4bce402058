"""departures.py - points that leave the assumption, against the equations of docs/departures.md solved by SciPy.

    departures.py matches_scipy FILE LIMIT
    departures.py same_numbers FILE FILE
    departures.py settles_where_decay_says FILE LIMIT

Nothing is shared with the program but what the dataset says of itself: starts are drawn anew, by NumPy's Philox.
"""
import sys

import netCDF4
import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

OBJECTIVES = ("jepa", "mae")


# ---- the points of a file ----

class Point:
    """One point: its settings by name, and a view of each variable of the dataset."""

    def __init__(self, d, axes, index):
        self.of, self.index = d, index
        self.setting = {}
        for axis, k in zip(axes, index):
            label = d[axis][k]
            self.setting[axis] = str(label) if d[axis].dtype == "S1" else label
        s = index[axes.index("spectrum")]
        self.lam, self.rho = (x[np.isfinite(x)] for x in (d["lambda"][s], d["rho"][s]))
        self.d = len(self.lam)

    def __getitem__(self, name):
        if name in self.setting:
            return self.setting[name]
        return self.of.getncattr(name)

    def number(self, name):
        """A setting that may be a word for what is beyond all numbers."""
        value = self[name]
        return np.inf if value in ("infinite", "full") else float(value)

    def value(self, name):
        return self.of[name][self.index]


def points(path):
    d = netCDF4.Dataset(path)
    d.set_auto_mask(False)
    axes = d["status"].dimensions
    for index in np.ndindex(d["status"].shape):
        yield Point(d, axes, index)


def same_numbers(path_a, path_b):
    """Every variable of both, bit for bit, but for times of day."""
    a, b = (netCDF4.Dataset(path) for path in (path_a, path_b))
    for name in ("critical_time", "projection", "prediction", "loss", "time", "final_projection", "steps", "reason",
                 "rhs_evaluations", "critical_time_status", "model", "assumption", "integrator"):
        assert a[name][...].tobytes() == b[name][...].tobytes(), name


# ---- the start ----

def key_of(p):
    """The fingerprint of a point: FNV-1a over what it is."""
    numbers = (OBJECTIVES.index(p["objective"]), p["depth"], p["init_scale"])
    data = b"".join(np.float64(x).tobytes() for x in numbers) + p["spectrum"].encode() + b"\0"
    h = 0xcbf29ce484222325
    for byte in data:
        h = (h ^ byte) * 0x100000001b3 % 2**64
    return h


def normal(p, stream, d):
    """d x d normal numbers, column by column: Philox 4x64-10 by counter, Box and Muller."""
    blocks = (d * d + 3) // 4
    # NumPy's generator adds 1 to its counter before each block.
    bits = np.concatenate([
        np.random.Philox(key=int(p["seed"]) + (key_of(p) << 64), counter=i + (stream << 64) - 1).random_raw(4)
        for i in range(blocks)])
    unit = ((bits >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53
    radius, angle = np.sqrt(-2 * np.log(unit[::2])), 2 * np.pi * unit[1::2]
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).ravel()[:d * d].reshape(d, d, order="F")


def orthogonal(a):
    q, r = np.linalg.qr(a)
    return q * np.sign(np.diag(r))


def start_of(p):
    """W_1 ... W_L and V in their own shapes: k x d, k x k; V k x k (JEPA) or d x k (MAE)."""
    d, L, eps = p.d, int(p["depth"]), float(p["init_scale"])
    k = int(min(p.number("width"), d))
    kind, jepa = p["start"], p["objective"] == "jepa"
    if kind == "file":
        with netCDF4.Dataset("weights.nc") as given:
            return [np.array(w) for w in given["W"][...]], np.array(given["V"][...])

    def drawn(stream, rows, columns, scale, own_frame):
        if kind == "orthogonal" and not own_frame:
            return scale * np.eye(d)[:rows, :columns]
        a = normal(p, stream, d)[:rows, :columns]
        if kind == "gaussian":
            return scale * a / np.sqrt(rows)
        if kind == "identity_noise":
            return scale * (np.eye(d)[:rows, :columns] + float(p["noise"]) * a / np.sqrt(rows))
        return scale * orthogonal(a if rows == columns else normal(p, stream, d))[:rows, :columns]

    c = [(L + 1 - 2 * a) / (2 * (L - 1)) if L > 1 else 0 for a in range(1, L + 1)]
    W = [drawn(a, k, d if a == 1 else k, eps**(1 / L) * np.exp(float(p["imbalance"]) * c[a - 1]),
               p["rotation"] == "random") for a in range(1, L + 1)]
    if p["predictor"] == "random":
        return W, drawn(L + 1, k if jepa else d, k, eps**(1 / L), True)
    Wbar = product(W)
    return W, eps**(1 / L) * (np.eye(k) if jepa else Wbar.T / eps)


def product(factors):
    out = factors[0]
    for factor in factors[1:]:
        out = factor @ out
    return out


# ---- the flow ----

def writes_weights(path, depth, d):
    """A network of no symmetry to start from."""
    random = np.random.default_rng(17)
    with netCDF4.Dataset(path, "w") as out:
        for name, size in (("layer", int(depth)), ("row", int(d)), ("column", int(d))):
            out.createDimension(name, size)
        for name, dims in (("W", ("layer", "row", "column")), ("V", ("row", "column"))):
            v = out.createVariable(name, "f8", dims)
            v[...] = 0.3 * random.standard_normal(v.shape)


def matches_scipy(path, limit):
    """Projections and losses of every sample against DOP853 at 1e-11, relative to the larger of them and their start."""
    seen = set()
    for p in points(path):
        assert p.value("status") == 1, (p.setting, p.value("status"), p.value("reason"))
        projection, loss = flow(p)
        scale = np.maximum(projection, float(p["init_scale"]))
        off = (abs(p.value("projection")[:, :p.d] - projection) / scale).max()
        assert off < float(limit), (p.setting, off)
        off = (abs(p.value("loss") - loss) / np.maximum(loss, loss[0])).max()
        assert off < 2 * float(limit), ("loss", p.setting, off)
        seen.add((int(p.value("assumption")), int(p.value("model"))))
    print(*sorted(seen))


def flow(p):
    Sxx, Syx = np.diag(p.lam / p.rho), np.diag(p.lam)
    Syy = Sxx  # views of one marginal: rho at most 1
    L, jepa, time = int(p["depth"]), p["objective"] == "jepa", p.value("time")
    slow = jepa and np.isfinite(p.number("ema_rate"))
    free = jepa and p["stop_gradient"] == "no"
    decay, rate, ema = float(p["weight_decay"]), float(p["predictor_rate"]), p.number("ema_rate")
    W, V = start_of(p)
    unknowns = [*W, V, *(W if slow else [])]
    shapes = [x.shape for x in unknowns]
    ends = np.cumsum([0] + [x.size for x in unknowns])

    def split(state):
        x = [state[ends[i]:ends[i + 1]].reshape(shapes[i]) for i in range(len(shapes))]
        return x[:L], x[L], x[L + 1:]

    def target(W, T):
        return product(T) if slow else product(W)

    def field(t, state):
        W, V, T = split(state)
        Wbar = product(W)
        G = V @ Wbar @ Sxx - (target(W, T) @ Syx if jepa else Syx)
        along = V.T @ G  # the gradient along Wbar
        if free:
            along = along - (V @ Wbar @ Syx.T - Wbar @ Syy)
        rates = []
        for a in range(L):
            above = product(W[a + 1:]) if a + 1 < L else np.eye(W[a].shape[0])
            below = product(W[:a]) if a > 0 else np.eye(p.d)
            rates.append(-above.T @ along @ below.T - decay * W[a])
        rates.append(rate * (-G @ Wbar.T - decay * V))
        rates += [ema * (w - t) for w, t in zip(W, T)]
        return np.concatenate([x.ravel() for x in rates])

    out = solve_ivp(field, (0, time[-1]), np.concatenate([x.ravel() for x in unknowns]), "DOP853", t_eval=time,
                    rtol=1e-11, atol=1e-14)
    projection, loss = [], []
    for state in out.y.T:
        W, V, T = split(state)
        A, B = V @ product(W), target(W, T) if jepa else np.eye(p.d)
        projection.append(np.linalg.norm(product(W), axis=0))
        loss.append(0.5 * np.trace(A @ Sxx @ A.T - 2 * A @ Syx.T @ B.T + B @ Syy @ B.T))
    return np.array(projection), np.array(loss)


# ---- weight decay in closed form ----

def settles_where_decay_says(path, limit):
    """The upper root of lambda w^{2L-1} (1 - w/rho) = decay, of lambda w^{L-1} (1 - w^{L+1}/rho) for MAE."""
    for p in points(path):
        L, decay, jepa = int(p["depth"]), float(p["weight_decay"]), p["objective"] == "jepa"
        for i, (lam, rho) in enumerate(zip(p.lam, p.rho)):
            top = rho if jepa else rho**(1 / (L + 1))

            def growth(w):
                if jepa:
                    return lam * w**(2 * L - 1) * (1 - w / rho) - decay
                return lam * w**(L - 1) * (1 - w**(L + 1) / rho) - decay

            fastest = top * ((2 * L - 1) / (2 * L) if jepa else ((L - 1) / (2 * L))**(1 / (L + 1)))
            root = brentq(growth, fastest, top, xtol=1e-15)
            found = p.value("final_projection")[i]
            assert decay == 0 or root < top * (1 - 1e-4), "the decay is too small to be seen"
            assert abs(found / root**L - 1) < float(limit), (p.setting, i, found, root**L)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
