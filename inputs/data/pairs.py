"""pairs.py - pairs (x, y) of real data as the covariances that an input reads with {file: NAME.nc}.

    /usr/bin/python3 inputs/data/pairs.py patches OUT.nc     needs python3-scipy
    /usr/bin/python3 inputs/data/pairs.py quarters OUT.nc [macrodata.csv]   needs python3-statsmodels

patches.nc and quarters.nc beside this file were made so; see README.md. Another set of pairs is one more function
that returns x and y, one pair in each row.
"""
import csv
import pickle
import sys
from importlib.util import find_spec
from pathlib import Path

import netCDF4
import numpy as np

SIDE = 4  # pixels of a patch


def folder_of(package):
    return Path(find_spec(package).origin).parent


def half_whitening(x):
    """Divides each principal component by the root of its standard deviation: variances of 2000 : 1 become 50 : 1."""
    s, q = np.linalg.eigh(np.cov(x.T))
    return q @ np.diag(s ** -0.25) @ q.T


def patches():
    """Patches of 4 x 4 pixels of a photograph, and the same one pixel further right."""
    with open(folder_of("scipy") / "misc" / "ascent.dat", "rb") as file:
        image = np.array(pickle.load(file), float)
    windows = np.lib.stride_tricks.sliding_window_view(image, (SIDE, SIDE))
    x, y = (part.reshape(-1, SIDE ** 2) for part in (windows[:, :-1], windows[:, 1:]))
    half = half_whitening(x / x.std())
    return x / x.std() @ half, y / x.std() @ half, \
        "4 x 4 patches of scipy.misc.ascent, half whitened; y is one pixel further right"


def quarters(path=None):
    """Ten figures of the economy of the United States in one quarter, and in the next."""
    path = path or folder_of("statsmodels") / "datasets" / "macrodata" / "macrodata.csv"
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    value = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    growing = ("realgdp", "realcons", "realinv", "realgovt", "realdpi", "cpi", "m1", "pop")
    frames = [np.diff(np.log(value[name])) for name in growing] + [value["tbilrate"][1:], value["unemp"][1:]]
    z = np.stack([(frame - frame.mean()) / frame.std() for frame in frames], axis=1)
    return z[:-1], z[1:], "statsmodels' macrodata, 1959 to 2009: growth of " + ", ".join(growing) + \
        "; tbilrate, unemp; each of variance 1; y is the next quarter"


def write(path, x, y, what):
    dx, dy = x - x.mean(0), y - y.mean(0)
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as d:
        d.title = what
        d.pairs = len(x)
        for side in ("x_feature", "y_feature"):
            d.createDimension(side, x.shape[1])
        for name, a, b in (("xx", dx, dx), ("yx", dy, dx), ("yy", dy, dy)):
            variable = d.createVariable(f"sigma_{name}", "f8", [f"{c}_feature" for c in name])
            variable[:] = a.T @ b / len(x)


if __name__ == "__main__":
    write(sys.argv[2], *{"patches": patches, "quarters": quarters}[sys.argv[1]](*sys.argv[3:]))
