"""The trials of a search again, by Optuna and PyTorch: the same settings and epochs, two workers.

Each worker is a process with one thread of PyTorch; they share the study in a journal. A trial that our search
measured at several rungs trained anew for each, so its epochs are those of all its rungs together. An epoch shuffles
the tensors and its minibatches are slices of them; with --loader they come from a DataLoader, as in Optuna's own
examples. Prints one line of JSON: the seconds from the first trial to the last, with the start of the workers left out.
"""

import argparse
import json
import multiprocessing
import pathlib
import sys
import tempfile
import time

import optuna
import torch
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from torch import nn

from batches import minibatches
from images import load

WORKERS = 2
TRAIN = 50_000


def settings(journal):
    """The parameters of each trial, and the epochs that it trained altogether."""
    lines = [json.loads(line) for line in open(journal)]
    full = lines[0]["halving"]["max_budget"]
    for line in lines[1:]:
        if "trial" in line:
            epochs = line["params"]["epochs"]
            spent = sum(-(-epochs * rung["budget"] // full) for rung in line["rungs"])
            yield {**line["params"], "epochs": max(spent, 1)}


def objective(trial, loader, x, y, x_validation, y_validation):
    if "ours" not in trial.user_attrs:
        # Ours are all done or under way, and this one the sampler made up.
        trial.study.stop()
        raise optuna.TrialPruned
    layers, inputs = [], 784
    units = trial.suggest_int("units", 30, 50, step=10)
    for _ in range(trial.suggest_int("hidden_layers", 3, 5)):
        layers += [nn.Linear(inputs, units), nn.ReLU()]
        inputs = units
    net = nn.Sequential(*layers, nn.Linear(inputs, 10))
    weights = [p for p in net.parameters() if p.ndim > 1]
    biases = [p for p in net.parameters() if p.ndim == 1]
    penalty = trial.suggest_float("l2", 1e-4, 2e-3, log=True)
    rate = trial.suggest_float("learning_rate", 1e-3, 0.5, log=True)
    groups = [{"params": weights, "weight_decay": penalty}, {"params": biases}]
    optimizer = torch.optim.SGD(groups, lr=rate, momentum=0.9)
    batch = trial.suggest_categorical("batch_size", [16, 32, 64, 128, 256])
    epochs = trial.suggest_int("epochs", 1, 30)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * -(-len(x) // batch))
    for _ in range(epochs):
        for images, labels in minibatches(x, y, batch, loader):
            loss = nn.functional.cross_entropy(net(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        return (net(x_validation).argmax(1) == y_validation).float().mean().item()


def work(storage, loader, ready):
    torch.set_num_threads(1)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    x, y = (torch.from_numpy(array) for array in load())
    parts = x[:TRAIN], y[:TRAIN], x[TRAIN:], y[TRAIN:]
    study = optuna.load_study(study_name="peers", storage=JournalStorage(JournalFileBackend(storage)))
    ready.wait()
    study.optimize(lambda trial: objective(trial, loader, *parts))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("journal", help="the trials.jsonl of the example hyperparam_tuning")
    parser.add_argument("--loader", action="store_true")
    args = parser.parse_args()
    trials = list(settings(args.journal))
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        storage = str(pathlib.Path(folder) / "study.log")
        study = optuna.create_study(
            study_name="peers", storage=JournalStorage(JournalFileBackend(storage)), direction="maximize"
        )
        for parameters in trials:
            study.enqueue_trial(parameters, user_attrs={"ours": True})
        processes = multiprocessing.get_context("spawn")
        ready = processes.Barrier(WORKERS + 1)
        workers = [
            processes.Process(target=work, args=(storage, args.loader, ready))
            for _ in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        ready.wait()
        begin = time.perf_counter()
        for worker in workers:
            worker.join()
        seconds = time.perf_counter() - begin
        done = [trial for trial in study.trials if trial.value is not None]
    if len(done) != len(trials):
        sys.exit(f"{len(done)} trials were done, and not {len(trials)}")
    epochs = sum(trial.params["epochs"] for trial in done)
    best = max(trial.value for trial in done)
    print(json.dumps({"seconds": seconds, "trials": len(done), "epochs": epochs, "best": best}))


if __name__ == "__main__":
    main()
