"""Runs our side and its peers in turn on the same cores, several times, and prints the table of ratios.

    pip install -r benches/peers/requirements.txt
    HEMLINE_DATA=FOLDER python benches/peers/run.py

The folder holds Fashion-MNIST both as .npy and as IDX.gz. A ratio is of two measurements that follow each
other; the table has the median over the repeats, and in brackets the least and the greatest.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXAMPLES = ROOT / "target" / "release" / "examples"
# burn's other backend, in a build of its own, so that what is ours is the default one.
NDARRAY = ROOT / "target" / "ndarray"
CORES = sorted(os.sched_getaffinity(0))


@dataclasses.dataclass
class Row:
    """What is measured: `ours` and each peer give a number; `goal` is what their ratio should be."""

    name: str
    ours: object
    peers: dict
    goals: dict
    unit: str


def run(command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"{command} failed:\n{done.stderr}")
    return done.stdout


def peer(script, *arguments, cores=CORES):
    """The line of JSON that a script of this folder prints."""
    pinned = ["taskset", "-c", ",".join(map(str, cores))]
    return json.loads(run([*pinned, sys.executable, HERE / script, *arguments]).splitlines()[-1])


# How far the cores were from each other at each of our steps: a host may move them, and the steps follow.
ROUND_TRIPS = []


def throughput(*arguments, examples=EXAMPLES):
    report = json.loads(run([examples / "throughput", *arguments]))
    if report["round_trip_ns"]:
        ROUND_TRIPS.append(report["round_trip_ns"])
    return report


def burn_ndarray(*arguments):
    """burn's differentiation on burn-ndarray."""
    command = ["cargo", "build", "--release", "--features", "ndarray", "--example", "throughput"]
    run([*command, "--target-dir", NDARRAY])
    return throughput(*arguments, "--device", "ndarray", examples=NDARRAY / "release" / "examples")


def jax(batch):
    """The better of one core and all of them: XLA has as many threads as there are cores."""
    steps = [peer("jax_step.py", "--batch", batch, cores=cores) for cores in (CORES[:1], CORES)]
    return min(step["median_step_us"] for step in steps)


def criterion(bench, name):
    """The median seconds of a benchmark."""
    command = ["cargo", "bench", "--offline", "--bench", bench, "--", "--exact", name]
    run([*command, "--warm-up-time", "1", "--measurement-time", "3"])
    path = ROOT / "target" / "criterion" / name / "new" / "estimates.json"
    return json.loads(path.read_text())["median"]["point_estimate"] / 1e9


def step(name, arguments, goals, jax_batch=None):
    peers = {"PyTorch": lambda: peer("torch_step.py", *arguments)["median_step_us"]}
    if jax_batch:
        peers["JAX"] = lambda: jax(jax_batch)
    return Row(name, lambda: throughput(*arguments)["median_step_us"], peers, goals, "µs")


def other_ways(batch):
    """What else a user may pick. No goal was set against these."""
    arguments = ["--batch", batch]
    torch = lambda option: peer("torch_step.py", *arguments, option)["median_step_us"]
    peers = {
        "PyTorch with a DataLoader": lambda: torch("--loader"),
        "torch.compile": lambda: torch("--compile"),
        "burn's autodiff on burn-flex": lambda: throughput(*arguments, "--path", "generic")["median_step_us"],
        "burn's autodiff on burn-ndarray": lambda: burn_ndarray(*arguments)["median_step_us"],
    }
    return Row(f"step, batch {batch}", lambda: throughput(*arguments)["median_step_us"], peers, {}, "µs")


def whole(name, arguments, images, goals):
    """All epochs, with the shuffles."""
    epochs = int(arguments[arguments.index("--epochs") + 1])
    ours = lambda: epochs * images / throughput(*arguments)["samples_per_second"]
    return Row(name, ours, {"PyTorch": lambda: peer("torch_step.py", *arguments)["seconds"]}, goals, "s")


class Tuning:
    """A search, and the same trials by Optuna."""

    def __init__(self, folder):
        self.folder = folder / "tuning"

    def ours(self):
        run([EXAMPLES / "hyperparam_tuning", "--workers", 2, "--trials", 32, "--out", self.folder])
        return json.loads((self.folder / "report.json").read_text())["tuning"]["seconds"]

    def optuna(self, *options):
        return peer("optuna_trials.py", self.folder / "trials.jsonl", *options)["seconds"]


class Landscape:
    """A grid of losses, and the same losses by loops."""

    def __init__(self, folder):
        self.folder = folder / "landscape"

    def grid(self, path):
        command = [EXAMPLES / "loss_landscape", "--hidden", "50,50", "--subset", 2500, "--grid", 50]
        run([*command, "--epochs", 5, "--path", path, "--out", self.folder])
        return json.loads((self.folder / "report.json").read_text())["seconds"]["grid"]

    def torch(self):
        found = peer("torch_landscape.py", self.folder)
        if found["largest_difference"] > 1e-5:
            sys.exit(f"the losses differ: {found}")
        return found["seconds"]


def share_of_limit():
    return throughput("--batch", 256)["share_of_limit"]


def with_a_busy_core():
    """A step while another process keeps the last core busy."""
    busy = subprocess.Popen(["taskset", "-c", str(CORES[-1]), sys.executable, "-c", "while True: pass"])
    try:
        return throughput("--batch", 64)["median_step_us"]
    finally:
        busy.kill()
        busy.wait()


def memory(folder):
    """The most memory of a whole fashion_mlp run, in MB."""
    run([EXAMPLES / "fashion_mlp", "--out", folder / "fashion_mlp"])
    # The largest of all children so far, so this runs in a process of its own.
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000


def memory_in_own_process(folder):
    script = f"import sys; sys.path.insert(0, {str(HERE)!r}); import run, pathlib; "
    return float(run([sys.executable, "-c", script + f"print(run.memory(pathlib.Path({str(folder)!r})))"]))


def rows(folder):
    tuning, landscape = Tuning(folder), Landscape(folder)
    variant = ["--hidden", "256,256,256", "--batch-norm", "--dropout", 0.1, "--batch", 256]
    autoencoder = ["--model", "autoencoder", "--optimizer", "adam", "--batch", 128, "--epochs", 20]
    return {
        "step64": step("step, batch 64", ["--batch", 64], {"JAX": 2.5, "PyTorch": 5.5}, 64),
        "step16": step("step, batch 16", ["--batch", 16], {"JAX": 2.0}, 16),
        "step256": step("step, batch 256", ["--batch", 256], {"JAX": 3.0}, 256),
        "others16": other_ways(16),
        "others64": other_ways(64),
        "others256": other_ways(256),
        "limit": Row("share of the FMA limit, batch 256", share_of_limit, {}, {"limit": 0.6}, ""),
        "busy": Row(
            "step, batch 64, one core busy",
            with_a_busy_core,
            {"one thread, undisturbed": lambda: throughput("--batch", 64, "--threads", 1)["median_step_us"]},
            {"one thread, undisturbed": 1 / 1.3},
            "µs",
        ),
        "autoencoder": whole("autoencoder, 20 epochs", autoencoder, 60_000, {"PyTorch": 3.0}),
        "variant": step(
            "step of the variant, batch 256", [*variant, "--optimizer", "adamw"], {"PyTorch": 2.0}
        ),
        "tuning": Row(
            "32 trials",
            tuning.ours,
            {
                "Optuna with PyTorch": tuning.optuna,
                "Optuna with a DataLoader": lambda: tuning.optuna("--loader"),
            },
            {"Optuna with PyTorch": 6.0},
            "s",
        ),
        "landscape": Row(
            "landscape 50 × 50",
            lambda: landscape.grid("fast"),
            {"PyTorch": landscape.torch, "plain path": lambda: landscape.grid("plain")},
            {"PyTorch": 20.0, "plain path": 10.0},
            "s",
        ),
        "pca": Row(
            "PCA, 200 × 45,000",
            lambda: criterion("landscape", "components/first_2_of_200x45000"),
            {"scikit-learn": lambda: peer("sklearn_pca.py")["seconds"]},
            {"scikit-learn": 5.0},
            "s",
        ),
        "npy": Row(
            "load the four .npy files",
            lambda: criterion("load", "fashion_mnist/npy_to_tensors"),
            {"numpy": lambda: peer("load.py")["npy_seconds"]},
            {"numpy": 1.0},
            "s",
        ),
        "gz": Row(
            "load the training images from IDX.gz",
            lambda: criterion("load", "fashion_mnist/idx_gz"),
            {"Python's gzip": lambda: peer("load.py")["idx_gz_seconds"]},
            {"Python's gzip": 1.0},
            "s",
        ),
        "memory": Row("memory of fashion_mlp", lambda: memory_in_own_process(folder), {}, {"limit": 700}, "MB"),
    }


def spread(numbers):
    numbers = sorted(numbers)
    low, middle, high = numbers[0], numbers[len(numbers) // 2], numbers[-1]
    return f"{middle:.3g} [{low:.3g}, {high:.3g}]"


def show(row, ours, peers):
    """One line of the table for each peer."""
    for name, numbers in peers.items():
        ratios = spread([theirs / mine for theirs, mine in zip(numbers, ours)])
        goal = f"≥ {row.goals[name]:.2g}" if name in row.goals else ""
        print(f"| {row.name} | {spread(ours)} {row.unit} | {name} {spread(numbers)} {row.unit} | {ratios} | {goal} |")
    if not peers:
        print(f"| {row.name} | {spread(ours)} {row.unit} | | | {row.goals['limit']} |")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", default="all", help="names of rows with commas between")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=pathlib.Path, help="where every single measurement goes")
    args = parser.parse_args()
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        every = rows(pathlib.Path(folder))
        names = every if args.rows == "all" else args.rows.split(",")
        if unknown := [name for name in names if name not in every]:
            parser.error(f"no rows {', '.join(unknown)}; there are {', '.join(every)}")
        run(["cargo", "build", "--release", "--examples"])
        run(["cargo", "bench", "--no-run"])
        print("| | ours | peer | ratio | goal |\n|---|---|---|---|---|")
        for name in names:
            row = every[name]
            ours, peers = [], {peer: [] for peer in row.peers}
            ROUND_TRIPS.clear()
            for _ in range(args.repeats):
                ours.append(row.ours())
                for peer_name, measure in row.peers.items():
                    peers[peer_name].append(measure())
            show(row, ours, peers)
            measured[name] = {"ours": ours, **peers, "round_trip_ns": list(ROUND_TRIPS)}
    print("\nRound trips between the cores while these were measured, in ns:")
    for name, row in measured.items():
        if row["round_trip_ns"]:
            print(f"- {name}: {spread(row['round_trip_ns'])}")
    if args.json:
        args.json.write_text(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
