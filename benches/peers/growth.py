"""How our cost grows with width, depth, batch, trials and grid: four sizes each, the median of some repeats.

    HEMLINE_DATA=FOLDER python benches/peers/growth.py
"""

import json
import pathlib
import tempfile

from run import EXAMPLES, run, throughput

REPEATS = 3


def median(measure):
    return sorted(measure() for _ in range(REPEATS))[REPEATS // 2]


def step(*arguments):
    return f"{median(lambda: throughput(*arguments)['median_step_us']):.0f} µs"


def seconds(folder, example, arguments, read):
    def measure():
        run([EXAMPLES / example, *arguments, "--out", folder])
        return read(json.loads((folder / "report.json").read_text()))

    return f"{median(measure):.2f} s"


def main():
    print("| | | | | |\n|---|---|---|---|---|")

    def line(name, sizes, measure):
        cells = [f"{size}: {measure(size)}" for size in sizes]
        print("|", " | ".join([name, *cells]), "|", flush=True)

    line("width of three layers, batch 64", [50, 100, 200, 400], lambda n: step("--hidden", f"{n},{n},{n}"))
    line("layers of 50, batch 64", [1, 2, 4, 8], lambda n: step("--hidden", ",".join(["50"] * n)))
    line("batch, 784-50-50-50-10", [16, 64, 256, 1024], lambda n: step("--batch", n))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        trials = lambda n: seconds(
            folder, "hyperparam_tuning", ["--workers", 2, "--trials", n], lambda report: report["tuning"]["seconds"]
        )
        line("trials, two workers", [10, 20, 40, 80], trials)
        common = ["--hidden", "50,50", "--subset", 2500, "--epochs", 5]
        grid = lambda n: seconds(
            folder, "loss_landscape", [*common, "--grid", n], lambda report: report["seconds"]["grid"]
        )
        line("points along a side of the grid", [25, 50, 100, 200], grid)


if __name__ == "__main__":
    main()
