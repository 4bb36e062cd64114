"""Run every benchmark at several sizes and print a table: `python -m bench`.

A benchmark is a module in this folder whose name ends in `_bench` and that
has a function `measures(things)` which yields Measures.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.run import Measure, in_child, peak_megabytes, report, table

SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Measure in a child process per module and size, so that memory is its own."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure speed and memory.")
    parser.add_argument("modules", nargs="*", help="which benchmarks; by default all")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="things, by commas")
    parser.add_argument("--child", nargs=2, metavar=("MODULE", "THINGS"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        report(_measures(chosen.child[0], int(chosen.child[1])))
        return
    sizes = [int(size.replace("_", "")) for size in chosen.sizes.split(",")]
    for module in chosen.modules or _modules():
        found: list[Measure] = []
        for size in sizes:
            print(f"{module} at {size:,} …", file=sys.stderr, flush=True)
            found.extend(in_child(module, size))
        print(f"\n{module}\n{table(found)}\n", flush=True)


def _measures(module: str, things: int) -> Iterator[Measure]:
    yield from importlib.import_module(f"bench.{module}").measures(things)
    yield Measure(
        name="peak memory", things=things, value=peak_megabytes(), unit="MB", target=2_500.0
    )


def _modules() -> list[str]:
    folder = str(Path(__file__).parent)
    return [each.name for each in pkgutil.iter_modules([folder]) if each.name.endswith("_bench")]


if __name__ == "__main__":
    main()
