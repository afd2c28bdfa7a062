"""The minibatches of an epoch in PyTorch, by slices of shuffled tensors or by a DataLoader."""

import torch


def minibatches(x, y, batch, loader=False):
    """The images and labels of an epoch, batch by batch."""
    if loader:
        data = torch.utils.data.TensorDataset(x, y)
        yield from torch.utils.data.DataLoader(data, batch, shuffle=True)
        return
    order = torch.randperm(len(x))
    x, y = x[order], y[order]
    for first in range(0, len(x), batch):
        yield x[first : first + batch], y[first : first + batch]
