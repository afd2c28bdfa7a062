"""The time of a training step in JAX: an epoch is one jitted lax.scan over minibatches that lie ready.

XLA takes its threads from the cores that the process may use, so the best count is sought by running this
under `taskset`. Prints one line of JSON: the mean time of a step in microseconds, the best of some epochs.
"""

import argparse
import json
import time

import jax
import jax.numpy as jnp
import numpy as np

from images import load

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", default="50,50,50")
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--epochs", type=int, default=5)
args = parser.parse_args()

images, labels = load()
count = len(images) // args.batch
order = np.random.default_rng(0).permutation(count * args.batch)
x = jnp.asarray(images[order].reshape(count, args.batch, 784))
y = jnp.asarray(labels[order].reshape(count, args.batch).astype(np.int32))

widths = [784, *map(int, args.hidden.split(",")), 10]
keys = jax.random.split(jax.random.PRNGKey(0), len(widths))
parameters = [
    (jax.random.normal(key, (inputs, outputs)) * (2 / inputs) ** 0.5, jnp.zeros(outputs))
    for key, inputs, outputs in zip(keys, widths, widths[1:])
]


def loss(parameters, x, y):
    for weight, bias in parameters[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    weight, bias = parameters[-1]
    logits = jax.nn.log_softmax(x @ weight + bias)
    return -jnp.take_along_axis(logits, y[:, None], axis=1).mean()


def step(parameters, batch):
    value, gradients = jax.value_and_grad(loss)(parameters, *batch)
    return jax.tree.map(lambda p, g: p - 0.05 * g, parameters, gradients), value


epoch = jax.jit(lambda parameters, x, y: jax.lax.scan(step, parameters, (x, y)), donate_argnums=0)
parameters, losses = epoch(parameters, x, y)
losses.block_until_ready()
times = []
for _ in range(args.epochs):
    start = time.perf_counter()
    parameters, losses = epoch(parameters, x, y)
    losses.block_until_ready()
    times.append((time.perf_counter() - start) / count)
print(json.dumps({"median_step_us": 1e6 * sorted(times)[len(times) // 2], "last_loss": float(losses[-1])}))
