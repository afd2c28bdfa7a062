"""A training in PyTorch: an epoch shuffles the tensors, and its minibatches are slices of them.

With --loader they come from a DataLoader, with --compile the network goes through torch.compile. Prints one line of JSON: the thread count that was fastest in a few steps, and with it the median time of a
step in microseconds and the whole time in seconds.
"""

import argparse
import json
import os
import time

import torch
from torch import nn

from batches import minibatches
from images import load

parser = argparse.ArgumentParser()
parser.add_argument("--model", choices=["mlp", "autoencoder"], default="mlp")
parser.add_argument("--hidden", default="50,50,50")
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--optimizer", choices=["sgd", "adam", "adamw"], default="sgd")
parser.add_argument("--batch-norm", action="store_true")
parser.add_argument("--dropout", type=float, default=0.0)
parser.add_argument("--epochs", type=int, default=1)
parser.add_argument("--loader", action="store_true")
parser.add_argument("--compile", action="store_true")
args = parser.parse_args()

PROBE = 200
images, labels = (torch.from_numpy(array) for array in load())


def network():
    if args.model == "autoencoder":
        widths, layers = [784, 128, 64, 128, 784], []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        return nn.Sequential(*layers[:-1], nn.Sigmoid())
    layers, inputs = [], 784
    for outputs in map(int, args.hidden.split(",")):
        layers.append(nn.Linear(inputs, outputs))
        if args.batch_norm:
            layers.append(nn.BatchNorm1d(outputs))
        layers.append(nn.ReLU())
        if args.dropout:
            layers.append(nn.Dropout(args.dropout))
        inputs = outputs
    return nn.Sequential(*layers, nn.Linear(inputs, 10))


def train(threads, most_steps=None):
    """The durations of the steps, and of everything, in seconds."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    net = torch.compile(network()) if args.compile else network()
    optimizer = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
        "adam": lambda p: torch.optim.Adam(p, lr=1e-3),
        "adamw": lambda p: torch.optim.AdamW(p, lr=1e-3),
    }[args.optimizer](net.parameters())
    loss_of = nn.functional.mse_loss if args.model == "autoencoder" else nn.functional.cross_entropy
    steps, begin = [], time.perf_counter()
    for _ in range(args.epochs):
        epoch = minibatches(images, labels, args.batch, args.loader)
        # The shuffle is not part of the first step.
        inputs, targets = next(epoch)
        start = time.perf_counter()
        while inputs is not None:
            if args.model == "autoencoder":
                targets = inputs
            loss = loss_of(net(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            inputs, targets = next(epoch, (None, None))
            now = time.perf_counter()
            steps.append(now - start)
            start = now
            if len(steps) == most_steps:
                return steps, now - begin
    return steps, time.perf_counter() - begin


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


counts = range(1, len(os.sched_getaffinity(0)) + 1)
threads = min(counts, key=lambda count: median(train(count, PROBE)[0]))
steps, seconds = train(threads)
print(json.dumps({"median_step_us": 1e6 * median(steps), "seconds": seconds, "threads": threads}))
