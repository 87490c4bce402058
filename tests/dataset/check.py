"""check.py - a dataset of jepaflow as a reader sees it in Python, and its numbers by another road.

    check.py CHECK FILE...

CHECK is one of the functions below that have a docstring. Exit code 1 and an AssertionError where it fails.
Integrals and flows are those of SciPy; equations are written as in DESIGN.md, section 1, in its letters.
"""
import sys

import numpy as np

AXES = ("objective", "depth", "init_scale", "spectrum", "seed")
BY_POINT = {"status", "assumption", "model", "integrator", "steps", "rhs_evaluations", "seconds", "predicted_seconds", "rank",
            "point_ranks", "started", "run_started", "run_ranks", "reason"}
UNITS = {"seconds": "s", "predicted_seconds": "s", "started": "s"}
BY_FEATURE = {"critical_time", "critical_time_theory", "critical_time_series", "critical_time_status", "plateau",
              "feature_lambda", "feature_rho", "final_projection"}
BY_SAMPLE = {"time", "loss"}
BY_SAMPLE_AND_FEATURE = {"projection", "prediction", "off_diagonal"}
CELLS = "reached not_reached started_above no_reference failed not_run".split()
REASONS = "none step_budget step_too_small not_finite system rank_died contradiction collapsed data step_too_long unbounded".split()
ASSUMPTIONS = "holds departs".split()
POINTS = "pending done failed diverged stopped".split()


# ---- as xarray sees it ----

def opened(path):
    import xarray
    return xarray.open_dataset(path)


def selects_by_label(path):
    """sel(objective="jepa", depth=4) is the slice that it says."""
    d = opened(path)
    chosen = d.critical_time.sel(objective="jepa", depth=4)
    assert chosen.dims == ("init_scale", "spectrum", "seed", "feature"), chosen.dims
    assert np.array_equal(chosen.values, d.critical_time.values[0, 2], equal_nan=True)
    one = d.critical_time.sel(objective="mae", depth=1, init_scale=0.1, spectrum="three", seed=1, feature=0).item()
    # MAE, L = 1: z = w^2 / rho is logistic, 2 lambda t = ln(z / (1 - z)) from eps^2 / rho to (p sqrt(rho))^2 / rho
    assert abs(one / (0.5 * np.log(0.25 / 0.75 * 0.99 / 0.01) / 0.8) - 1) < 1e-4, one


def labels_are_text_and_numbers(path):
    """The coordinates are as in the input: strings, whole numbers, numbers."""
    d = opened(path)
    assert list(d.objective.values) == ["jepa", "mae"], d.objective.values
    assert list(d.spectrum.values) == ["three", "two"], d.spectrum.values
    assert all(isinstance(label, str) for label in d.spectrum.values)
    assert d.depth.dtype.kind == "i" and list(d.depth.values) == [1, 2, 4]
    assert list(d.init_scale.values) == [0.01, 0.1]
    assert d.seed.dtype.kind == "i" and list(d.seed.values) == [1]


def has_the_schema(path):
    """Every variable is there, with its dimensions in order, a unit, a meaning, flags."""
    d = opened(path)
    assert tuple(d.critical_time.dims[:5]) == AXES
    expected = {name: AXES for name in BY_POINT}
    expected |= {name: AXES + ("feature",) for name in BY_FEATURE}
    expected |= {name: AXES + ("sample",) for name in BY_SAMPLE}
    expected |= {name: AXES + ("sample", "feature") for name in BY_SAMPLE_AND_FEATURE}
    expected |= {"lambda": ("spectrum", "feature"), "rho": ("spectrum", "feature")}
    assert set(d.data_vars) == set(expected), set(d.data_vars) ^ set(expected)
    for name, dims in expected.items():
        variable = d[name]
        assert variable.dims == dims, (name, variable.dims)
        if name == "run_started":  # a date, which xarray has read as such
            assert variable.dtype.kind == "M", variable.dtype
            assert abs(variable.values - np.datetime64("now")).max() < np.timedelta64(1, "h")
            continue
        assert variable.attrs["units"] == UNITS.get(name, "1"), name
        assert len(variable.attrs["long_name"]) > 3, name
        if variable.dtype.kind == "f":
            assert np.isnan(variable.encoding["_FillValue"]), name
    for name in d.coords:
        assert len(d[name].attrs["long_name"]) > 3, name


def has_flags(path):
    """What is a code says what its numbers mean, and stays a whole number."""
    d = opened(path)
    for name, meanings in {"status": POINTS, "reason": REASONS, "assumption": ASSUMPTIONS, "critical_time_status": CELLS}.items():
        assert d[name].attrs["flag_meanings"].split() == meanings, name
        assert list(d[name].attrs["flag_values"]) == list(range(len(meanings))), name
        assert d[name].dtype == np.int8, (name, d[name].dtype)
    assert d.model.attrs["flag_meanings"].split()[d.model.values.flat[0]] == "balanced"
    assert d.integrator.attrs["flag_meanings"].split()[d.integrator.values.flat[0]] in {"erk", "rock", "mixed"}
    assert d.steps.dtype == np.int64 and d.steps.values.min() > 0
    assert (d.rhs_evaluations.values > d.steps.values).all()


def explains_itself(path, input_path, version):
    """Global attributes: the input whole, its overrides, versions, conventions, history."""
    d = opened(path)
    with open(input_path) as file:
        assert d.attrs["input"] == file.read()
    assert d.attrs["title"] == "Seen by xarray: 'quoted', \"twice\""
    assert d.attrs["Conventions"].startswith("CF-1.")
    assert d.attrs["source"] == version, d.attrs["source"]
    assert "jepaflow run " in d.attrs["history"] and d.attrs["history"].startswith("2")
    assert "2407.03475" in d.attrs["references"]
    assert len(d.attrs["plan_digest"]) == 16 and int(d.attrs["plan_digest"], 16) > 0
    for library in ("MPI", "BLIS", "SUNDIALS", "NetCDF"):
        assert library.lower() in d.attrs["libraries"].lower(), library
    assert "flow time" in d.attrs["time_convention"]
    assert d.attrs["overrides"] == "tolerance=1.0e-7\n"
    assert d.attrs["tolerance"] == 1e-7 and d.attrs["threshold"] == 0.5 and d.attrs["samples"] == 30
    assert d.attrs["model"] == "auto" and d.attrs["rotation"] == "none"


def pads_short_spectra(path):
    """lambda and rho are the input's; what a spectrum has not is NaN, in every variable."""
    d = opened(path)
    three, two = d.sel(spectrum="three"), d.sel(spectrum="two")
    assert np.array_equal(three["lambda"], [0.8, 0.9, 1.0]) and np.array_equal(three.rho, [1.0, 0.7, 0.4])
    assert np.array_equal(two["lambda"], [1.0, 1.0, np.nan], equal_nan=True)
    assert np.array_equal(two.rho, [0.6, 1.0, np.nan], equal_nan=True)
    for name in BY_FEATURE | BY_SAMPLE_AND_FEATURE:
        if d[name].dtype.kind == "f":
            assert two[name].isel(feature=2).isnull().all(), name
    assert (two.critical_time_status.isel(feature=2) == CELLS.index("not_run")).all()
    for name in ("projection", "plateau", "final_projection"):
        assert two[name].isel(feature=slice(2)).notnull().all() and three[name].notnull().all(), name


def samples_run_from_before_to_the_end(path):
    """Times of samples rise evenly in their logarithm, from before the first critical time to the end."""
    d = opened(path)
    steps = np.diff(np.log(d.time.values), axis=-1)
    assert (steps > 0).all() and np.allclose(steps, steps[..., :1], rtol=1e-9, atol=0)
    assert (d.time.isel(sample=0) < 0.2 * d.critical_time_theory.min("feature")).values.all()
    last = d.projection.isel(sample=-1)
    assert np.allclose(last, d.final_projection, rtol=1e-12, atol=0, equal_nan=True)


def has_no_samples(path):
    """With samples: 0 there is no sample dimension and nothing that has one; the rest stays."""
    d = opened(path)
    assert "sample" not in d.sizes
    assert not (BY_SAMPLE | BY_SAMPLE_AND_FEATURE) & set(d.data_vars)
    assert BY_POINT | BY_FEATURE <= set(d.data_vars)


def has_a_sixth_axis(path):
    """A parameter of the flow under 'sweep' is one more dimension, after seed."""
    d = opened(path)
    assert d.critical_time.dims == AXES + ("tolerance", "feature"), d.critical_time.dims
    assert list(d.tolerance.values) == [1e-4, 1e-8] and "tolerance" not in d.attrs
    loose, tight = (d.sel({"tolerance": value}) for value in (1e-4, 1e-8))  # `tolerance=' is a word of sel() itself
    for one, limit in ((loose, 1e-2), (tight, 1e-6)):
        assert (abs(one.critical_time / one.critical_time_theory - 1).max("feature") < limit).all(), limit
    assert (tight.steps > loose.steps).all()


def done_points_are_whole(path):
    """Of points that are done everything is known; also while others are being written."""
    d = opened(path)
    done = (d.status == POINTS.index("done")).load()  # first: what is done by now is whole in all that is read next
    features = d.rho.notnull()
    for name in ("critical_time_theory", "projection", "prediction", "final_projection"):
        assert (d[name].notnull() | ~features).where(done, True).all(), name
    for name in ("time", "loss", "seconds", "predicted_seconds"):
        assert d[name].notnull().where(done, True).all(), name
    assert (d["rank"] >= 0).where(done, True).all()


def is_partly_done(path):
    """Points are whole, or pending, and then nothing is known of them. Prints how many are done."""
    done_points_are_whole(path)
    d = opened(path)
    pending = d.status == POINTS.index("pending")
    assert (pending | (d.status == POINTS.index("done"))).all()
    for name in BY_FEATURE | BY_SAMPLE | BY_SAMPLE_AND_FEATURE | {"seconds", "predicted_seconds"}:
        if d[name].dtype.kind == "f":
            assert d[name].isnull().where(pending, True).all(), name
    assert (d["rank"] == -1).where(pending, True).all()
    assert (d.critical_time_status == CELLS.index("not_run")).where(pending, True).all()
    print(int((~pending).sum()))


# ---- the numbers, by another road ----

class Points:
    """The points of a file, with what the flow of each is made of."""

    def __init__(self, path):
        import netCDF4
        self.d = netCDF4.Dataset(path)
        self.d.set_auto_mask(False)
        self.threshold = self.d.getncattr("threshold")
        self.value = {name: self.d[name][...] for name in self.d.variables}
        assert self.d["critical_time"].dimensions[:-1] == AXES

    def __iter__(self):
        v = self.value
        for index in np.ndindex(v["status"].shape):
            o, l, e, s, _ = index
            features = np.isfinite(v["rho"][s])
            yield index, str(v["objective"][o]), int(v["depth"][l]), float(v["init_scale"][e]), \
                v["lambda"][s][features], v["rho"][s][features]


def rate(objective, L, lam, rho, w):
    """dw/dt of the amplitude of every layer."""
    if objective == "jepa":
        return lam * w ** (2 * L) * (1 - w / rho)
    return lam * w ** L * (1 - w ** (L + 1) / rho)


def plateau(objective, L, rho):
    return rho ** L if objective == "jepa" else rho ** (L / (L + 1))


def theory_is_the_integral(path):
    """critical_time_theory is int dw / (dw/dt) by adaptive quadrature, plateau and series are their formulas."""
    from scipy.integrate import quad
    points = Points(path)
    v = points.value
    for index, objective, L, eps, lam, rho in points:
        n = len(rho)
        top = plateau(objective, L, rho)
        assert np.allclose(v["plateau"][index][:n], top, rtol=1e-13, atol=0), index
        for i in range(n):
            end = points.threshold * top[i]
            found = v["critical_time_theory"][index][i]
            if eps >= end:
                assert np.isnan(found) and CELLS[v["critical_time_status"][index][i]] == "started_above", index
                continue
            time, _ = quad(lambda u: np.exp(u) / rate(objective, L, lam[i], rho[i], np.exp(u)),
                           np.log(eps) / L, np.log(end) / L, epsabs=0, epsrel=1e-12, limit=500)
            assert abs(found / time - 1) < 1e-10, (index, i, found, time)
            if objective == "jepa":
                m = np.arange(1, 2 * L)
                series = np.sum(1 / (m * rho[i] ** (2 * L - m - 1) * eps ** (m / L))) / lam[i]
            else:
                series = (np.log(1 / eps) if L == 1 else eps ** (-(L - 1) / L) / (L - 1)) / lam[i]
            assert abs(v["critical_time_series"][index][i] / series - 1) < 1e-12, (index, i)


def measured_is_exact(path, tolerance):
    """Measured critical times are the exact ones; where a feature settles, it does so on its own plateau."""
    points = Points(path)
    v = points.value
    reached = v["critical_time_status"] == CELLS.index("reached")
    exact = np.isfinite(v["critical_time_theory"])
    assert np.array_equal(reached, exact) and reached.sum() > 20
    error = abs(v["critical_time"] / v["critical_time_theory"] - 1)[reached].max()
    assert error < float(tolerance), error
    assert (np.isnan(v["critical_time"]) == ~reached).all()
    off = abs(v["final_projection"] / v["plateau"] - 1)
    assert np.nanmin(off[0]) < 1e-6 and np.nanmin(off[1]) < 1e-6, "nothing settles"


def critical_times_are_those_of_solve_ivp(path):
    """Exact critical times against a high-order integration of the scalar equation, to 1e-9."""
    from scipy.integrate import solve_ivp
    points = Points(path)
    compared = 0
    for index, objective, L, eps, lam, rho in points:
        for i in range(len(rho)):
            exact = points.value["critical_time_theory"][index][i]
            if np.isnan(exact):
                continue
            w1 = (points.threshold * plateau(objective, L, rho[i])) ** (1 / L)

            def crossing(t, u):
                return u[0] - np.log(w1)
            crossing.terminal = True
            flow = solve_ivp(lambda t, u: rate(objective, L, lam[i], rho[i], np.exp(u)) * np.exp(-u),
                             (0, 1.1 * exact), [np.log(eps) / L], "DOP853", events=crossing, rtol=1e-13, atol=1e-13)
            assert abs(flow.t_events[0][0] / exact - 1) < 1e-9, (index, i, flow.t_events, exact)
            compared += 1
    assert compared > 20


def samples_are_those_of_solve_ivp(path, tolerance):
    """Projections, predictions and losses of every sample against the scalar equations."""
    from scipy.integrate import solve_ivp
    points = Points(path)
    v = points.value
    for index, objective, L, eps, lam, rho in points:
        n, time = len(rho), v["time"][index]
        flow = solve_ivp(lambda t, u: rate(objective, L, lam, rho, np.exp(u)) * np.exp(-u),
                         (0, time[-1]), np.full(n, np.log(eps) / L), "LSODA", t_eval=time, rtol=1e-10, atol=1e-12)
        w = np.exp(flow.y.T)
        off = np.nanmax(abs(v["projection"][index][:, :n] / w ** L - 1)), \
            np.nanmax(abs(v["prediction"][index][:, :n] / w - 1)), \
            np.nanmax(abs(v["loss"][index] / loss(objective, L, lam, rho, w) - 1))
        assert max(off) < float(tolerance), (index, off)


def loss(objective, L, lam, rho, w):
    """Sum over features, with Sxx = Syy = lambda / rho (views of one marginal; rho at most 1)."""
    s, wbar, output = lam / rho, w ** L, w ** (L + 1)
    if objective == "jepa":
        return 0.5 * np.sum(output ** 2 * s - 2 * output * wbar * lam + wbar ** 2 * s, axis=-1)
    return 0.5 * np.sum(output ** 2 * s - 2 * output * lam + s, axis=-1)


def matches_the_matrix_flow(path, tolerance):
    """The layered flow itself, in matrices, from other random rotations, in another basis of covariances."""
    from scipy.integrate import solve_ivp
    random = np.random.default_rng(2407)
    points = Points(path)
    v = points.value

    def orthogonal(d):
        q, r = np.linalg.qr(random.standard_normal((d, d)))
        return q * np.sign(np.diag(r))

    for index, objective, L, eps, lam, rho in points:
        d, time = len(rho), v["time"][index]
        e = orthogonal(d)
        Sxx, Syx = e @ np.diag(lam / rho) @ e.T, e @ np.diag(lam) @ e.T
        U = [orthogonal(d) for _ in range(L)]
        start = [eps ** (1 / L) * u for u in U]
        V0 = eps ** (1 / L) * (np.eye(d) if objective == "jepa" else np.linalg.multi_dot(U[::-1]).T)

        def product(factors):
            out = np.eye(d)
            for factor in factors:
                out = factor @ out
            return out

        def field(t, state):
            *W, V = state.reshape(L + 1, d, d)
            Wbar = product(W)
            G = V @ Wbar @ Sxx - (Wbar @ Syx if objective == "jepa" else Syx)
            rates = [-(V @ product(W[a + 1:])).T @ G @ product(W[:a]).T for a in range(L)]
            return np.concatenate([*(x.ravel() for x in rates), -(G @ Wbar.T).ravel()])

        flow = solve_ivp(field, (0, time[-1]), np.concatenate([x.ravel() for x in (*start, V0)]), "DOP853",
                         t_eval=time, rtol=1e-10, atol=1e-13)
        for j, state in enumerate(flow.y.T):
            *W, V = state.reshape(L + 1, d, d)
            Wbar = product(W)
            projection = np.linalg.norm(Wbar @ e, axis=0)
            assert np.allclose(v["projection"][index][j], projection, rtol=float(tolerance), atol=0), (index, j)
            A = V @ Wbar
            if objective == "jepa":
                value = np.trace(A @ Sxx @ A.T - 2 * A @ Syx.T @ Wbar.T + Wbar @ Sxx @ Wbar.T)
            else:
                value = np.trace(A @ Sxx @ A.T - 2 * A @ Syx.T + Sxx)
            assert abs(v["loss"][index][j] / (0.5 * value) - 1) < float(tolerance), (index, j)


if __name__ == "__main__":
    check = globals()[sys.argv[1]]
    assert check.__doc__, sys.argv[1]
    check(*sys.argv[2:])
