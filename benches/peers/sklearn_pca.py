"""The first two principal components of 200 snapshots of 45,000 parameters, by scikit-learn.

Its default, a randomised method, and the exact one that the Rust side is to be held against for what it finds.
Prints one line of JSON with the median seconds of both.
"""

import json
import time

import numpy as np
from sklearn.decomposition import PCA

SNAPSHOTS, PARAMETERS = 200, 45_000
REPEATS = 7

walk = np.random.default_rng(0).uniform(-0.01, 0.01, (SNAPSHOTS, PARAMETERS))
snapshots = np.cumsum(walk, axis=0).astype(np.float32)


def median(solver):
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        PCA(2, svd_solver=solver).fit(snapshots)
        times.append(time.perf_counter() - begin)
    return sorted(times)[REPEATS // 2]


print(json.dumps({"seconds": median("auto"), "full_seconds": median("full")}))
