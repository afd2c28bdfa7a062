"""The losses of a run of the example loss_landscape again, by PyTorch: one forward pass for each point.

Prints one line of JSON: the fastest thread count, the seconds for the whole grid, and the largest difference
from the losses in landscape.npz as a share of them.
"""

import argparse
import json
import os
import pathlib
import time

import numpy as np
import torch
from torch.nn import functional

from images import load

PROBE = 50

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path, help="what the example wrote")
folder = parser.parse_args().folder

subset = json.loads((folder / "subset.json").read_text())
entries = json.loads((folder / "layout.json").read_text())["entries"]
saved = np.load(folder / "landscape.npz")
images, labels = load()
images, labels = torch.from_numpy(images[subset]), torch.from_numpy(labels[subset])
origin, directions = (torch.from_numpy(saved[name]) for name in ["origin", "directions"])


def loss(x, y):
    """At origin + x·d₁ + y·d₂, as a user's loop has it: new parameters in f32, then a forward pass."""
    point = (origin + x * directions[0] + y * directions[1]).float()
    tensors = [
        point[entry["offset"] :][: int(np.prod(entry["shape"]))].view(entry["shape"]) for entry in entries
    ]
    h = images
    for index in range(0, len(tensors), 2):
        h = torch.addmm(tensors[index + 1], h, tensors[index])
        if index + 2 < len(tensors):
            h = functional.relu(h)
    return functional.cross_entropy(h, labels).item()


def fill(threads, most=None):
    torch.set_num_threads(threads)
    points = [(x, y) for y in saved["y"] for x in saved["x"]][:most]
    begin = time.perf_counter()
    with torch.no_grad():
        losses = [loss(x, y) for x, y in points]
    return time.perf_counter() - begin, losses


counts = range(1, len(os.sched_getaffinity(0)) + 1)
threads = min(counts, key=lambda count: fill(count, PROBE)[0])
seconds, losses = fill(threads)
expected = saved["loss"].ravel()
difference = float(np.max(np.abs(np.array(losses) - expected) / np.abs(expected)))
print(json.dumps({"seconds": seconds, "threads": threads, "largest_difference": difference}))
