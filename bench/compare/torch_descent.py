"""The layered network trained by PyTorch: gradient descent of fixed step, float64, autograd.

Written as people write it: torch.nn, a batch, loss.backward(), optimizer.step(), the target detached. The batch
has as many samples as features, whose covariances are exactly Sxx and Syx: none could be smaller. Flow time is
step times learning rate.

From this start descent keeps all layers' amplitudes of a feature the same, so that its critical times follow from
one number for each feature (`descend`); that tells the learning rate that is exact enough, and how many steps it
takes. Where they take longer than the budget, some are run, held against those numbers, and extrapolated.
"""
import time

import numpy as np
import torch

import flow

LARGEST_RATE = 1.0  # twice that is the limit of stability where rho = 1
LOOK_EVERY = 500  # steps between looks at the amplitudes that were kept


def crossing(before, after, target):
    """Where in a step ln amplitude reaches its target."""
    return (np.log(target) - np.log(before)) / (np.log(after) - np.log(before))


def descend(case, rate):
    """Critical times of descent on the amplitudes alone, and the steps to the last of them."""
    times = np.full(case.width, np.nan)
    w, step = np.full(case.width, case.layer_scale), 0
    while np.isnan(times).any():
        before = w**case.depth
        w = w + rate * case.speed(w)
        after = w**case.depth
        for i in np.flatnonzero((after >= case.target) & np.isnan(times)):
            times[i] = rate * (step + crossing(before[i], after[i], case.target[i]))
        step += 1
    return times, step


def choose_rate(case, target):
    """The largest learning rate that is exact enough, its steps and error; the error is of order 1."""
    rate = LARGEST_RATE
    times, steps = descend(case, rate)
    error = case.largest_error(times)
    if error <= target:
        return rate, steps, error
    share = 0.98 * target / error
    return rate * share, int(steps / share), error * share


class Network(torch.nn.Module):
    """Encoder and predictor without biases, at the balanced start."""

    def __init__(self, case):
        super().__init__()
        layers = [torch.nn.Linear(case.width, case.width, bias=False) for _ in range(case.depth)]
        self.encoder = torch.nn.Sequential(*layers)
        self.predictor = torch.nn.Linear(case.width, case.width, bias=False)
        for weight in self.parameters():
            torch.nn.init.eye_(weight).data.mul_(case.layer_scale)


def train(case, rate, steps, budget):
    """Up to `steps` steps; critical times, steps done, last amplitudes, seconds of a step."""
    deviation = np.sqrt(case.width * case.variance)
    x = torch.diag(torch.tensor(deviation))
    y = torch.diag(torch.tensor(case.width * case.lam / deviation))
    network = Network(case)
    optimizer = torch.optim.SGD(network.parameters(), lr=rate)
    seen = torch.empty(LOOK_EVERY, case.width)  # |Wbar e_i| before each step
    times, last = np.full(case.width, np.nan), np.full(case.width, case.init_scale)
    done, begin = 0, time.process_time()
    while done < steps and np.isnan(times).any() and time.process_time() - begin < budget:
        for k in range(LOOK_EVERY):
            embedding = network.encoder(x)
            target = network.encoder(y).detach() if case.objective == "jepa" else y
            loss = 0.5 * (network.predictor(embedding) - target).square().sum(dim=1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            seen[k] = embedding.detach().norm(dim=1)
        amplitudes = np.vstack([last, seen.numpy() / deviation])
        for i in np.flatnonzero((amplitudes[-1] >= case.target) & np.isnan(times)):
            k = np.argmax(amplitudes[:, i] >= case.target[i])
            part = crossing(amplitudes[k - 1, i], amplitudes[k, i], case.target[i])
            times[i] = rate * (done - 2 + k + part)
        last = amplitudes[-1].copy()
        done += LOOK_EVERY
    return times, done, last, (time.process_time() - begin) / done


def check_extrapolation(case, rate, done, last):
    """What PyTorch computed is what the amplitudes alone say."""
    w = np.full(case.width, case.layer_scale)
    for _ in range(done - 1):
        w = w + rate * case.speed(w)
    assert np.allclose(w**case.depth, last, rtol=1e-9), "descent does not follow its amplitudes"


def measure(case, target, budget):
    """The row of one target."""
    rate, steps, error = choose_rate(case, target)
    times, done, last, seconds = train(case, rate, steps + LOOK_EVERY, budget)
    how = "measured"
    if np.isnan(times).any():
        check_extrapolation(case, rate, done, last)
        how = f"extrapolated from {done} steps"
    else:
        error = case.largest_error(times)
    flow.print_row(target, "PyTorch descent", rate, steps, error, steps * seconds, how)


def main():
    """A row for each target."""
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    case, arguments = flow.read_arguments(__doc__.splitlines()[0])
    for target in arguments.target:
        measure(case, target, arguments.budget)


if __name__ == "__main__":
    main()
