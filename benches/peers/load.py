"""Loading Fashion-MNIST: the four .npy files to f32 arrays by numpy, and the images as IDX.gz by gzip.

Prints one line of JSON with the median seconds of both.
"""

import gzip
import json
import time

import numpy as np

from images import FOLDER, load

REPEATS = 7


def npy():
    return load("train"), load("test")


def idx_gz():
    with gzip.open(FOLDER / "train-images-idx3-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)


def median(read):
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        read()
        times.append(time.perf_counter() - begin)
    return sorted(times)[REPEATS // 2]


print(json.dumps({"npy_seconds": median(npy), "idx_gz_seconds": median(idx_gz)}))
