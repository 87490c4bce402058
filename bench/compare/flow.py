"""The flow that the scripts of this folder solve: features, exact critical times, rows of results.

Sxx and Syx share eigenvectors; lambda = 1, rho evenly from 1 down. Equations and letters are those of
docs/theory.md; a critical time is the first at which |Wbar e_i| is half its plateau.
"""
import argparse

import numpy as np
from numpy.polynomial.legendre import leggauss

THRESHOLD = 0.5
PAST_THE_LAST = 1.01  # of the last exact critical time: where all methods end


class Case:
    """One flow: width, depth, init_scale, objective, and what is known of it exactly."""

    def __init__(self, objective, depth, width, init_scale, lowest_rho):
        self.objective, self.depth, self.width, self.init_scale = objective, depth, width, init_scale
        self.lam = np.ones(width)
        self.rho = np.linspace(1.0, lowest_rho, width)
        self.variance = self.lam / self.rho
        self.layer_scale = init_scale ** (1.0 / depth)
        power = depth if objective == "jepa" else depth / (depth + 1)
        self.target = THRESHOLD * self.rho**power
        self.exact = self._exact_times()
        self.end = PAST_THE_LAST * self.exact.max()

    def speed(self, w):
        """dw/dt of the amplitude that all layers share."""
        if self.objective == "jepa":
            return self.lam * w ** (2 * self.depth) * (1.0 - w / self.rho)
        return self.lam * w**self.depth * (1.0 - w ** (self.depth + 1) / self.rho)

    def _exact_times(self):
        """The integral of dw / speed from the start to the target, smooth in ln w."""
        nodes, weights = leggauss(200)
        low, high = np.log(self.layer_scale), np.log(self.target) / self.depth
        w = np.exp(low + np.outer(0.5 * (nodes + 1.0), high - low))
        return 0.5 * (high - low) * (weights @ (w / self.speed(w)))

    def largest_error(self, times):
        """Of critical times, relative; infinite where one is missing."""
        return np.nan_to_num(np.abs(times / self.exact - 1.0), nan=np.inf).max()


def read_arguments(description):
    """The command line that the scripts share; returns the case and all arguments."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--objective", choices=("jepa", "mae"), default="jepa")
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--init-scale", type=float, default=1e-3)
    parser.add_argument("--lowest-rho", type=float, default=0.4)
    parser.add_argument("--target", type=float, nargs="+", default=[1e-4, 1e-6],
                        help="errors of the critical times to be reached, falling")
    parser.add_argument("--budget", type=float, default=15.0, help="seconds after which a run is given up")
    arguments = parser.parse_args()
    return Case(arguments.objective, arguments.depth, arguments.width, arguments.init_scale,
                arguments.lowest_rho), arguments


def print_row(target, method, setting, work, error, seconds, how):
    """One line of results, cells parted by tabs; how: measured, extrapolated, given up."""
    cells = (f"{x:.{digits}g}" if np.isfinite(x) else "-"
             for x, digits in ((setting, 2), (work, 12), (error, 2), (seconds, 4)))
    print(f"{target:.0e}", method, *cells, how, sep="\t", flush=True)
