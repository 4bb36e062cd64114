"""Measuring: time and memory of named pieces of work, as rows of a table."""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure: what was measured, at which size, in which unit.

    `target` is the most that DESIGN allows at 1 M things, 0 for none.
    """

    name: str
    things: int
    value: float
    unit: str = "ms"
    target: float = 0.0


def measure(
    name: str,
    function: Callable[[], object],
    repeat: int = 3,
    *,
    things: int = 0,
    target: float = 0.0,
) -> Measure:
    """The median time of a call in milliseconds, garbage collected before."""
    times = []
    for _ in range(repeat):
        gc.collect()
        start = time.perf_counter()
        function()
        times.append((time.perf_counter() - start) * 1000)
    return Measure(name=name, things=things, value=median(times), target=target)


def timed(
    name: str, function: Callable[[], object], *, things: int = 0, target: float = 0.0
) -> tuple[object, Measure]:
    """What one call returns and how long it took, in milliseconds."""
    start = time.perf_counter()
    found = function()
    spent = (time.perf_counter() - start) * 1000
    return found, Measure(name=name, things=things, value=spent, target=target)


def peak_megabytes() -> float:
    """The most memory that this process ever held.

    What the system counts for it begins with what its parent held.
    """
    own = held_megabytes(os.getpid()).get("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000 if own is None else own


def held_megabytes(process: int) -> dict[str, float]:
    """What a process holds by now, by the names of /proc; nothing where that is not to be had."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines if line.endswith(" kB"))
    return {name: int(told.split()[0]) / 1000 for name, told in pairs}


def children_of(process: int) -> list[int]:
    """The processes that a process has begun and that run still."""
    try:
        told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(each) for each in told.split()]


def in_child(module: str, things: int) -> Iterator[Measure]:
    """The measures that a module's `measures(things)` yields in a fresh process.

    The last is the process's peak memory.
    """
    command = [sys.executable, "-m", "bench", "--child", module, str(things)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith("{"):
                yield Measure(**json.loads(line))


def report(found: Iterable[Measure]) -> None:
    """Print measures for the parent process, as they come."""
    for each in found:
        print(json.dumps(asdict(each)), flush=True)


def table(found: Sequence[Measure]) -> str:
    """A row per name, a column per size, and how cost grew with size.

    `growth` is the exponent between the smallest and the largest size: 1 is
    linear. `of target` compares the largest size with what DESIGN allows.
    """
    sizes = sorted({each.things for each in found})
    rows = [["", *(f"{size:,}" for size in sizes), "unit", "growth", "of target"]]
    for name in dict.fromkeys(each.name for each in found):
        own = {each.things: each for each in found if each.name == name}
        last = own[max(own)]
        values = [f"{own[size].value:,.1f}" if size in own else "" for size in sizes]
        share = f"{last.value / last.target:.0%}" if last.target else ""
        rows.append([name, *values, last.unit, _growth(list(own.values())), share])
    widths = [max(len(row[spot]) for row in rows) for spot in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if not spot else cell.rjust(width)
            for spot, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _growth(own: Sequence[Measure]) -> str:
    import math

    first, last = min(own, key=lambda each: each.things), max(own, key=lambda each: each.things)
    if first.things == last.things or min(first.value, last.value) <= 0:
        return ""
    return f"n^{math.log(last.value / first.value) / math.log(last.things / first.things):.2f}"
