"""covariances.py - points whose covariances leave the assumption, computed once more with NumPy and SciPy.

    covariances.py CHECK FILE...

CHECK is one of the functions below that have a docstring. Exit code 1 and an AssertionError where it fails.
Covariances are made as include/jepaflow/model/data.h and pairs.h say, in their letters; flows are those of all layers.
"""
import sys

import netCDF4
import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import eigh, sqrtm

CELLS = "reached not_reached started_above no_reference failed not_run".split()
REASONS = "none step_budget step_too_small not_finite system rank_died contradiction collapsed data".split()


def opened(path):
    d = netCDF4.Dataset(path)
    d.set_auto_mask(False)
    return d


class Point:
    """One point: its labels by axis, and the part of any variable that belongs to it."""

    def __init__(self, dataset, index):
        self.dataset, self.index = dataset, index
        self.label = dict(zip(dataset["status"].dimensions, index))
        self.L = int(self["depth"])
        self.eps = float(self["init_scale"])
        s = self.label["spectrum"]
        self.lam, self.rho = dataset["lambda"][s], dataset["rho"][s]

    def __getitem__(self, name):
        """A setting: on its axis, or of the whole dataset."""
        if name in self.label:
            return self.dataset[name][self.label[name]]
        value = self.dataset.getncattr(name)
        return np.inf if isinstance(value, str) and value == "infinite" else value

    def take(self, name):
        return self.dataset[name][self.index]


def points(path):
    d = opened(path)
    return [Point(d, index) for index in np.ndindex(d["status"].shape)]


# ---- covariances ----

def rotation(d, angle):
    """G_1 G_2 ... G_{d-1}, one plane after another."""
    q = np.eye(d)
    for i in range(d - 1):
        g = np.eye(d)
        g[i:i + 2, i:i + 2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        q = q @ g
    return q


def population(point):
    lam, s = point.lam, point.lam / point.rho
    beside = float(point["asymmetry"]) * np.sqrt(lam[:-1] * lam[1:])
    q = rotation(len(lam), float(point["angle"]))
    sxx = np.diag(s)
    syx = q @ (np.diag(lam) + np.diag(beside, 1) - np.diag(beside, -1)) @ q.T
    noise = np.diag(lam * np.maximum(point.rho, 1 / point.rho) - lam * point.rho)
    return sxx, syx, syx @ np.linalg.solve(sxx, syx.T) + noise


def fnv(text):
    value = 0xcbf29ce484222325
    for byte in text.encode() + b"\0":
        value = (value ^ byte) * 0x100000001b3 % 2 ** 64
    return value


def normals(seed, key, stream, first, count):
    """Numbers of include/jepaflow/base/random.h, by NumPy's own Philox 4x64-10, which counts before it draws."""
    counter = (first // 4 + (stream << 64) - 1) % 2 ** 256
    words = [counter >> 64 * k & (2 ** 64 - 1) for k in range(4)]
    bits = np.random.Philox(key=np.array([seed, key], np.uint64), counter=np.array(words, np.uint64))
    u = ((bits.random_raw(4 * -(-count // 4)) >> np.uint64(11)).astype(float) + 0.5) * 2.0 ** -53
    radius, angle = np.sqrt(-2 * np.log(u[0::2])), 2 * np.pi * u[1::2]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1).ravel()[:count]


def drawn(sxx, syx, syy, pairs, seed, name, block=256):
    """Covariances of pairs, summed pair by pair."""
    d, key = len(sxx), fnv(name)
    a = syx @ np.linalg.inv(sxx)
    root = np.real(sqrtm(syy - a @ syx.T))
    sums = np.zeros((3, d, d))
    for first in range(0, pairs, block):
        count = min(block, pairs - first)
        g, h = (np.array([normals(seed, key, 2 * (first // block) + k, i * block, count) for i in range(d)])
                for k in (0, 1))
        x = np.sqrt(sxx) @ g  # diagonal
        y = a @ x + root @ h
        sums += x @ x.T, y @ x.T, y @ y.T
    return sums / pairs


def covariances(point):
    s = population(point)
    pairs = float(point["pairs"])
    return s if np.isinf(pairs) else drawn(*s, int(pairs), int(point["seed"]), str(point["spectrum"]))


def features(sxx, syx):
    """Unit generalised eigenvectors of (sym Syx, Sxx) by descending rho."""
    rho, e = eigh(0.5 * (syx + syx.T), sxx)
    rho, e = rho[::-1], e[:, ::-1] / np.linalg.norm(e[:, ::-1], axis=0)
    return rho, np.einsum("ki,kl,li->i", e, syx, e), e


# ---- flows ----

def flow(point, sxx, syx, time):
    """Wbar and V at each time, from the flow of all layers."""
    d, L, jepa = len(sxx), point.L, str(point["objective"]) == "jepa"

    def rate(t, flat):
        w = flat.reshape(L + 1, d, d)
        product = [np.eye(d)]
        for a in range(L):
            product.append(w[a] @ product[-1])
        wbar, v = product[L], w[L]
        g = v @ wbar @ sxx - (wbar @ syx if jepa else syx)
        out = np.empty_like(w)
        out[L] = -g @ wbar.T
        back = v.T @ g
        for a in reversed(range(L)):
            out[a] = -back @ product[a].T
            back = w[a].T @ back
        return out.ravel()

    start = np.tile(point.eps ** (1 / L) * np.eye(d), (L + 1, 1, 1)).ravel()
    found = solve_ivp(rate, (0, time[-1]), start, "DOP853", t_eval=time, rtol=1e-11, atol=1e-14)
    assert found.success, found.message
    for flat in found.y.T:
        w = flat.reshape(L + 1, d, d)
        yield np.linalg.multi_dot([*w[L - 1::-1], np.eye(d)]), w[L], jepa


def loss(wbar, v, s, jepa):
    sxx, syx, syy = s
    a, b = v @ wbar, wbar if jepa else np.eye(len(wbar))
    return 0.5 * np.trace(a @ sxx @ a.T - 2 * a @ syx.T @ b.T + b @ syy @ b.T)


def off_diagonal(b):
    """Part of each column along the others."""
    u = b / np.linalg.norm(b, axis=0)
    along = u.T @ b
    np.fill_diagonal(along, 0)
    return np.linalg.norm(along, axis=0)


def differences(point):
    """Largest errors of features, projections, losses and mixing of a point."""
    s = covariances(point)
    rho, lam, e = features(*s[:2])
    projection, lost, mixed = point.take("projection"), point.take("loss"), point.take("off_diagonal")
    worst = np.zeros(5)
    worst[0] = abs(point.take("feature_rho") - rho).max()
    worst[1] = abs(point.take("feature_lambda") - lam).max()
    for k, (wbar, v, jepa) in enumerate(flow(point, *s[:2], point.take("time"))):
        b = wbar @ e
        worst[2] = max(worst[2], abs(projection[k] - np.linalg.norm(b, axis=0)).max())
        worst[3] = max(worst[3], abs(lost[k] - loss(wbar, v, s, jepa)))
        worst[4] = max(worst[4], abs(mixed[k] - off_diagonal(b)).max())
    return worst


def flows_are_those_of_all_layers(path):
    """Features to rounding; projections, losses and mixing within 1e-6 along the whole trajectory."""
    compared = 0
    for point in points(path):
        assert point.take("status") == 1, (point.index, REASONS[point.take("reason")])
        departs = float(point["angle"]) != 0 or float(point["asymmetry"]) != 0 or np.isfinite(point["pairs"])
        assert point.take("assumption") == departs, point.index
        if departs:
            worst = differences(point)
            assert (worst[:2] < 1e-12).all() and (worst[2:] < 1e-6).all(), (point.index, worst)
            assert point.take("off_diagonal").max() > 1e-3, point.index
            compared += 1
        else:
            assert point.take("off_diagonal").max() == 0, point.index
    assert compared >= 6, compared


def is_the_same_where_it_holds(path, plain):
    """The part of the sweep at angle 0 and with all pairs is the sweep without those axes, bit for bit."""
    with opened(path) as a, opened(plain) as b:
        for name in ("critical_time", "critical_time_theory", "projection", "prediction", "loss", "time", "plateau",
                     "steps", "rhs_evaluations", "final_projection", "feature_rho", "off_diagonal"):
            axes = a[name].dimensions
            part = a[name][tuple(0 if axis == "angle" else -1 if axis == "pairs" else slice(None) for axis in axes)]
            assert part.tobytes() == b[name][...].tobytes(), name
        assert np.isinf(a["pairs"][-1]) and a["angle"][0] == 0


def makes_data(folder):
    """Pairs, the same as covariances, and features, as files; a text with features."""
    random = np.random.default_rng(7)
    z = random.standard_normal((300, 6)) * [2, 1.5, 1, 0.8, 0.6, 0.5]
    x = z + 0.5 * random.standard_normal(z.shape) + 3
    y = np.roll(z, 1, axis=1) * 0.2 + z - 0.3 * random.standard_normal(z.shape)
    dx, dy = x - x.mean(0), y - y.mean(0)
    files = {
        "pairs": {"x": x, "y": y},
        "covariances": {"sigma_xx": dx.T @ dx / len(x), "sigma_yx": dy.T @ dx / len(x), "sigma_yy": dy.T @ dy / len(x)},
        "features": {"lambda": np.array([0.8, 0.9, 1.0]), "rho": np.array([1.0, 0.7, 0.4])},
    }
    for name, variables in files.items():
        with netCDF4.Dataset(f"{folder}/{name}.nc", "w") as d:
            for variable, values in variables.items():
                sides = [f"{variable}_{k}" for k in range(values.ndim)]
                for side, length in zip(sides, values.shape):
                    d.createDimension(side, length)
                d.createVariable(variable, "f8", sides)[:] = values
    with open(f"{folder}/features.txt", "w") as file:
        file.write("# lambda rho\n0.8, 1.0\n\n0.9 0.7\r\n1.0\t0.4 # noisy\n")


def comes_from_data(path, folder):
    """Features are those of SciPy's eigenproblem; pairs and their covariances give the same."""
    with netCDF4.Dataset(f"{folder}/covariances.nc") as d:
        rho, lam, _ = features(d["sigma_xx"][:].data, d["sigma_yx"][:].data)
    d = opened(path)
    names = [str(name) for name in d["spectrum"][:]]
    for name in ("pairs", "covariances"):
        s = names.index(name)
        assert abs(d["rho"][s] - rho).max() < 1e-12 and abs(d["lambda"][s] - lam).max() < 1e-12, name
        assert (d["assumption"][..., s, :] == 1).all() and (d["status"][..., s, :] == 1).all()
        assert abs(d["feature_rho"][..., s, :, :] - rho).max() < 1e-12
        times = d["critical_time"][..., s, :, :]
        assert np.isfinite(times).all()
    a, b = (d["critical_time"][..., names.index(name), :, :] for name in ("pairs", "covariances"))
    assert abs(a / b - 1).max() < 1e-9
    for name in ("list", "text"):
        s = names.index(name)
        assert list(d["lambda"][s][:3]) == [0.8, 0.9, 1.0] and list(d["rho"][s][:3]) == [1.0, 0.7, 0.4]
        assert (d["assumption"][..., s, :] == 0).all()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
