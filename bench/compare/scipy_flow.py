"""The layered flow by NumPy and SciPy's solvers: the fastest run that is exact enough, for each method.

Products in place, one thread, crossings located by the solver's own dense output in the step in which they
fall: the loop is that of solve_ivp, which would look for each feature's event on its own.
"""
import time

import numpy as np
from scipy.integrate import BDF, LSODA, RK45
from scipy.optimize import brentq

import flow

REPEATS = 4  # of the fastest run, for its time
TOLERANCES = 10.0 ** -np.arange(4.0, 11.5, 0.5)


class Layers:
    """Right-hand side and encoder of W_1 ... W_L, V, with room for the products between them."""

    def __init__(self, case):
        self.case = case
        self.shape = (case.depth + 1, case.width, case.width)
        self.prefix = np.empty(self.shape)  # [a]: W_a ... W_1
        self.output, self.descent, self.below, self.next = np.empty((4,) + self.shape[1:])

    def start(self):
        """U_a = I, V aligned."""
        return np.tile(self.case.layer_scale * np.eye(self.case.width), (self.shape[0], 1, 1)).ravel()

    def encoder(self, w):
        """Wbar, and the products on the way to it."""
        prefix = self.prefix
        prefix[1] = w[0]
        for a in range(2, self.case.depth + 1):
            np.matmul(w[a - 1], prefix[a - 1], out=prefix[a])
        return prefix[self.case.depth]

    def rate(self, _, state):
        """d state / dt: 3L products."""
        case, prefix, below, spare = self.case, self.prefix, self.below, self.next
        w = state.reshape(self.shape)
        rate = np.empty(self.shape)
        wbar, v = self.encoder(w), w[case.depth]
        np.matmul(v, wbar, out=self.output)
        np.multiply(self.output, -case.variance, out=self.descent)
        if case.objective == "jepa":
            self.descent += wbar * case.lam
        else:
            self.descent.flat[:: case.width + 1] += case.lam
        np.matmul(self.descent, wbar.T, out=rate[case.depth])
        np.matmul(v.T, self.descent, out=below)
        for a in range(case.depth, 1, -1):
            np.matmul(below, prefix[a - 1].T, out=rate[a - 1])
            np.matmul(w[a - 1].T, below, out=spare)
            below, spare = spare, below
        rate[0] = below
        return rate.ravel()

    def amplitudes(self, state):
        """|Wbar e_i|."""
        wbar = self.encoder(state.reshape(self.shape))
        return np.sqrt(np.einsum("ij,ij->j", wbar, wbar))


def locate(gap, begin, end):
    """Where a gap that closes in a step does so; rounding may leave its sign the same at an end."""
    if gap(begin) >= 0.0:
        return begin
    return end if gap(end) <= 0.0 else brentq(gap, begin, end, xtol=1e-13 * end, rtol=1e-13)


def critical_times(method, case, tolerance, budget):
    """Critical times, right-hand sides and seconds of one run; given up where it exceeds its budget."""
    layers = Layers(case)
    times = np.full(case.width, np.nan)
    begin = time.process_time()
    solver = method(layers.rate, 0.0, layers.start(), case.end, rtol=tolerance,
                    atol=tolerance * case.layer_scale)
    while solver.status == "running" and time.process_time() - begin < budget:
        solver.step()
        above = layers.amplitudes(solver.y) >= case.target
        crossing = np.flatnonzero(above & np.isnan(times))
        if crossing.size:
            between = solver.dense_output()
            for i in crossing:
                times[i] = locate(lambda t, i=i: layers.amplitudes(between(t))[i] - case.target[i],
                                  solver.t_old, solver.t)
    return times, solver.nfev, time.process_time() - begin


def search(method, case, budget):
    """A run for each tolerance: the cost of a stiff flow does not fall evenly with it."""
    runs = []
    for tolerance in TOLERANCES:
        times, evaluations, seconds = critical_times(method, case, tolerance, budget)
        runs.append((seconds, tolerance, evaluations, case.largest_error(times)))
    return runs


def main():
    """For each method its fastest run that reaches each target; runs twice as slow as the first's are given up."""
    case, arguments = flow.read_arguments(__doc__.splitlines()[0])
    budget = arguments.budget
    for method in (RK45, LSODA, BDF):
        with np.errstate(over="ignore", invalid="ignore"):  # BDF and LSODA try steps that are too long
            runs = search(method, case, budget)
        for target in arguments.target:
            seconds, tolerance, evaluations, error = min(
                (run for run in runs if run[3] <= target), default=(np.nan,) * 4)
            if np.isfinite(seconds):
                seconds = min([seconds] + [critical_times(method, case, tolerance, budget)[2] for _ in range(REPEATS)])
            how = "measured" if np.isfinite(seconds) else f"none within {budget:.2g} s a run"
            flow.print_row(target, f"SciPy {method.__name__}", tolerance, evaluations, error, seconds, how)
        if np.isfinite(seconds):
            budget = min(budget, max(2.0 * seconds, 0.2))


if __name__ == "__main__":
    main()
