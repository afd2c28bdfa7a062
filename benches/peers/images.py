"""The images of Fashion-MNIST from $HEMLINE_DATA, as the Rust side reads them: f32 in [0, 1]."""

import os
import pathlib

import numpy as np

FOLDER = pathlib.Path(os.environ["HEMLINE_DATA"])


def load(part="train"):
    """Images of shape [n, 784] and labels of shape [n]."""
    images = np.load(FOLDER / f"fashion_mnist_{part}_images.npy").reshape(-1, 784)
    labels = np.load(FOLDER / f"fashion_mnist_{part}_labels.npy").astype(np.int64)
    return images.astype(np.float32) / 255, labels
