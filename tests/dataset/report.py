"""report.py - the report as Python reads it, against NumPy and SciPy, and inputs against what their comments say.

    report.py CHECK FILE...

CHECK is one of the functions below that have a docstring; FILE is a report in JSON, or what it names. Exit code 1
and an AssertionError where it fails.
"""
import json
import os
import sys

import numpy as np


class Report:
    """Tables of a report: rows("order", objective="jepa", depth=2)."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.all = json.load(file)
        self.sections = self.all["sections"]

    def rows(self, section, **values):
        rows = [row for row in self.sections[section]["rows"]
                if all(same(row[name], value) for name, value in values.items())]
        assert rows, (section, values)
        return rows

    def one(self, section, **values):
        rows = self.rows(section, **values)
        assert len(rows) == 1, rows
        return rows[0]

    def column(self, section, name, **values):
        return [row[name] for row in self.rows(section, **values)]


def same(a, b):
    return abs(a - b) <= 1e-9 * abs(b) if isinstance(b, float) else a == b


def near(a, b, relative):
    assert abs(a - b) <= relative * abs(b), (a, b)


# ---- formats ----

def json_explains_itself(*paths):
    """Every column has a unit and a meaning, every row every column."""
    for path in paths:
        explains_itself(Report(path))


def explains_itself(report):
    assert isinstance(report.all["valid"], bool) and report.all["verdict"].startswith(("VALID: ", "NOT VALID: "))
    for name, section in report.sections.items():
        names = [column["name"] for column in section["columns"]]
        assert len(set(names)) == len(names) and all(column["meaning"] for column in section["columns"]), name
        for row in section["rows"]:
            assert list(row) == names, (name, row)


def csv_is_the_same_table(json_path, *csv_paths):
    """What pandas reads from SECTION.csv is, bit for bit, what JSON holds."""
    assert len(csv_paths) > 3
    for path in csv_paths:
        is_the_same_table(Report(json_path).sections[os.path.basename(path)[:-4]]["rows"], path)


def is_the_same_table(rows, csv_path):
    import pandas
    table = pandas.read_csv(csv_path, float_precision="round_trip")
    expected = pandas.DataFrame(rows)
    assert list(table.columns) == list(expected.columns)
    assert len(table) == len(expected) > 0
    for name in table.columns:
        a, b = table[name].to_numpy(), expected[name].to_numpy()
        if a.dtype.kind in "if":
            assert np.array_equal(a.astype(float), b.astype(float), equal_nan=True), name
        else:
            assert all(x == y or (x != x and y is None) for x, y in zip(a, b)), name


def markdown_is_tables(path):
    """Every table row has as many cells as its head."""
    width = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            cells = line.replace("\\|", "").count("|") - 1 if line.startswith("|") else 0
            assert not cells or not width or cells == width, line
            width = cells


# ---- numbers by another road ----

def dataset(path):
    import xarray
    return xarray.open_dataset(path)


def exponents_are_those_of_linregress(json_path, data_path):
    """Slopes and standard errors are those of scipy.stats.linregress on the dataset."""
    from scipy.stats import linregress
    d = dataset(data_path).isel(seed=0)
    rows = Report(json_path).rows("exponents")
    for row in rows:
        cell = d.sel(objective=row["objective"], spectrum=row["spectrum"], depth=row["depth"]).isel(
            feature=row["feature"])
        for name, slope, error in (("critical_time", "measured", "error"),
                                   ("critical_time_theory", "exact", "exact_error")):
            fitted = np.isfinite(cell.critical_time.values)
            line = linregress(np.log(cell.init_scale.values[fitted]), np.log(cell[name].values[fitted]))
            assert row["count"] == fitted.sum()
            near(row[slope], line.slope, 1e-9)
            assert abs(row[error] - line.stderr) <= 1e-6 * line.stderr + 1e-9, (row[error], line.stderr)
    assert len(rows) > 10


def orders_are_those_of_kendalltau(json_path, data_path):
    """tau-b with lambda and rho, and of the objectives with each other, are those of scipy.stats."""
    from scipy.stats import kendalltau
    d = dataset(data_path).isel(seed=0)

    def times(objective, row):
        place = d.sel(spectrum=row["spectrum"], depth=row["depth"]).sel(init_scale=row["init_scale"], method="nearest")
        return place, place.sel(objective=objective).critical_time.values

    def compare(tau, x, y):
        known = np.isfinite(x) & np.isfinite(y)
        expected = kendalltau(x[known], y[known]).statistic if known.sum() > 1 else np.nan
        assert (tau is None) == np.isnan(expected) and (tau is None or abs(tau - expected) < 1e-12), (tau, expected)

    report = Report(json_path)
    for row in report.rows("order"):
        place, time = times(row["objective"], row)
        compare(row["lambda"], place["lambda"].values, -time)
        compare(row["rho"], place.rho.values, -time)
        if row["first"] is not None:
            assert row["first"] == np.nanargmin(time)
    for row in report.rows("likeness"):
        compare(row["tau"], times("jepa", row)[1], times("mae", row)[1])


def separations_are_those_of_solve_ivp(json_path):
    """Least separations of two features by the 10 % to 90 % times of SciPy's flow."""
    from scipy.integrate import solve_ivp
    spectra = {"lambda_differs": ([1.0, 0.8], [1.0, 1.0]), "rho_differs": ([1.0, 1.0], [1.0, 0.8])}

    def passing(objective, L, eps, lam, rho):
        def rate(t, u):
            w = np.exp(u)
            return lam * w ** (2 * L - 1) * (1 - w / rho) if objective == "jepa" else \
                lam * w ** (L - 1) * (1 - w ** (L + 1) / rho)
        top = rho ** L if objective == "jepa" else rho ** (L / (L + 1))

        def event(part):
            return lambda t, u: u[0] - np.log(part * top) / L
        parts = [event(part) for part in (0.1, 0.5, 0.9)]
        parts[-1].terminal = True
        flow = solve_ivp(rate, (0, 1e12), [np.log(eps) / L], "LSODA", events=parts, rtol=1e-11, atol=1e-12)
        return [t[0] for t in flow.t_events]

    checked = 0
    for row in Report(json_path).rows("separation", depth=2) + Report(json_path).rows("separation", depth=4):
        a, b = (passing(row["objective"], row["depth"], row["init_scale"], *pair)
                for pair in zip(*spectra[row["spectrum"]]))
        expected = abs(b[1] - a[1]) / ((a[2] - a[0] + b[2] - b[0]) / 2)
        assert abs(row["least"] - expected) < 1e-4 * expected + 1e-3, (row, expected)
        checked += 1
    assert checked == 16


# ---- what inputs say of themselves ----

def init_scale(path):
    """inputs/init-scale.yaml: measured on exact slopes, the distance from the limit explained by the next order."""
    report = Report(path)
    for row in report.rows("exponents"):
        assert row["count"] == 7 and abs(row["measured"] - row["exact"]) < 1e-4, row
        explained = (row["next_order"] - row["limit"]) / (row["exact"] - row["limit"])
        least = 0.5 if row["depth"] > 2 else 0.875 if row["objective"] == "jepa" and row["rho"] == 0.5 else 0.9
        assert least < explained < 1.1, (row, explained)
    for depth in (1, 2, 3, 4):
        for objective in ("jepa", "mae"):
            low, high = report.rows("exponents", objective=objective, depth=depth)
            assert (low["rho"], high["rho"]) == (0.5, 1.0)
            assert abs(high["exact"] - high["limit"]) < abs(low["exact"] - low["limit"])


def parting_depth(path):
    """inputs/parting-depth.yaml: one order at depth 1, opposed at 5; a wide range of lambda parts in part."""
    report = Report(path)
    assert set(report.column("order", "order", depth=1)) == {"lambda"}
    assert set(report.column("order", "order", objective="mae")) == {"lambda"}
    narrow = dict(spectrum="narrow", objective="jepa", init_scale=1e-3)
    assert report.column("order", "order", **narrow) == ["lambda", "lambda", "mixed", "mixed", "rho"]
    found = [(row["parted"], row["opposed"]) for row in report.rows("parting")]
    assert found == [(3, 5), (2, 3), (4, None), (3, None)], found
    assert report.column("likeness", "tau", depth=1) == [1, 1, 1, 1]


def temporal_gap(path):
    """inputs/temporal-gap.yaml: gaps in rise times grow with depth; MAE does not see rho."""
    report = Report(path)
    for scale in (1e-4, 1e-3):
        def least(spectrum, objective):
            return np.array(report.column("separation", "least", spectrum=spectrum, objective=objective,
                                          init_scale=scale))
        jepa, mae = least("lambda_differs", "jepa"), least("lambda_differs", "mae")
        assert (np.diff(jepa) > 0).all() and (np.diff(mae) > 0).all() and (jepa > 10 * mae)[1:].all()
        by_rho = least("rho_differs", "jepa")
        assert by_rho[0] < 1 and (by_rho[1:] > 4).all()
        assert (least("rho_differs", "mae") < 0.05).all()
        ratio = report.column("amplification", "measured", objective="jepa", init_scale=scale)
        assert (np.diff(ratio) > 0).all()
    ratio = report.column("amplification", "measured", objective="jepa", init_scale=1e-4)
    near(ratio[0], 1.0002, 5e-5)
    near(ratio[-1], 1.149, 5e-4)
    assert ratio[-1] < report.column("amplification", "measured", objective="jepa", init_scale=1e-3)[-1]


def greedy_limit(path):
    """inputs/greedy-limit.yaml: the init_scales at which greedy learning ends, measured and exact."""
    report = Report(path)
    expected = {("lambda_varies", "jepa"): [0.027, None, None, 0.046],
                ("lambda_varies", "mae"): ["never", 0.010, None, 0.019],
                ("rho_varies", "jepa"): ["never", 0.003, None, 0.007],
                ("rho_varies", "mae"): ["never"] * 4}
    for (spectrum, objective), ends in expected.items():
        rows = report.rows("greed", spectrum=spectrum, objective=objective)
        assert [row["depth"] for row in rows] == [1, 2, 3, 4]
        for row, end in zip(rows, ends):
            assert row["greedy"] == row["exact_greedy"] == ("never" if end == "never" else "until"), row
            if row["until"] is not None:
                near(row["until"], row["exact_until"], 1e-4)
                assert end is None or abs(row["until"] - end) <= 0.0006, row
        until = [row["until"] or 0 for row in rows]
        assert until == sorted(until)
    least = report.column("separation", "least", spectrum="lambda_varies", objective="jepa", depth=1)
    assert (np.diff(least) < 0).all() and least[0] > 100 and least[-1] < 0.5


def paper_figure2(path):
    """inputs/paper-figure2.yaml: families by equal rho, equal lambda, opposed, in exact times."""
    report = Report(path)
    assert set(report.column("order", "order", spectrum="lambda_varies")) == {"lambda"}
    assert report.column("order", "rho", spectrum="rho_varies", objective="jepa", init_scale=1e-3) == [1] * 5
    spread = report.column("amplification", "exact", objective="jepa", init_scale=1e-3)
    assert (np.diff(spread) > 0).all()
    assert all(abs(ratio - 1) < 0.08 for ratio in report.column("amplification", "exact", objective="mae",
                                                                init_scale=1e-3))
    opposed = dict(spectrum="opposed", init_scale=1e-3)
    assert report.column("order", "order", objective="mae", **opposed) == ["lambda"] * 5
    assert report.column("order", "order", objective="jepa", **opposed) == ["lambda", "lambda", "mixed", "mixed",
                                                                            "rho"]
    assert report.one("order", spectrum="opposed", objective="jepa", init_scale=1e-2, depth=3)["order"] == "rho"


def depth_amplification(path):
    """inputs/depth-amplification.yaml: JEPA's ratio grows with depth and turns near the threshold; MAE's tends to 1."""
    report = Report(path)
    small = dict(objective="jepa", init_scale=1e-4)
    assert (np.diff(report.column("amplification", "exact", **small)) > 0).all()
    for row in report.rows("amplification", **small)[:3]:
        near(row["exact"] - 1, row["leading"] - 1, 0.2)
        if row["depth"] > 1:
            L = row["depth"]
            near(row["leading"], 1 + (2 * L - 1) / (2 * L - 2) * 1e-4 ** (1 / L), 1e-12)
    depth_5 = report.column("amplification", "exact", objective="jepa", depth=5)
    assert depth_5[4] < depth_5[3] > depth_5[2]
    assert report.column("amplification", "exact", objective="jepa", depth=8)[3:] == [None, None]
    for depth in (1, 2, 3, 4):
        off = abs(np.array(report.column("amplification", "exact", objective="mae", depth=depth)) - 1)
        assert (np.diff(off) > 0).all()


def quickstart(path):
    """inputs/quickstart.yaml: JEPA's ratio grows with depth, MAE's stays near 1; opposed features."""
    report = Report(path)
    jepa = report.column("amplification", "exact", objective="jepa", init_scale=1e-3)
    known = [ratio for ratio in jepa if ratio is not None]
    assert known == sorted(known) and len(known) > 4
    assert all(abs(ratio - 1) < 0.1 for ratio in report.column("amplification", "exact", objective="mae",
                                                               init_scale=1e-3))
    assert set(report.column("order", "order", spectrum="opposed", objective="mae")) == {"lambda"}
    order = report.column("order", "order", spectrum="opposed", objective="jepa", init_scale=1e-3)
    assert order[:2] == ["lambda", "lambda"] and not set(order[2:]) & {"lambda"}, order


if __name__ == "__main__":
    check = globals()[sys.argv[1]]
    assert check.__doc__, sys.argv[1]
    check(*sys.argv[2:])
