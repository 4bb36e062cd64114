"""How fast histories and long sheets come in, end to end into SQLite."""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.run import Measure, timed

from latticework.workspace import Workspace
from latticework.workspace.importing import Imported

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
EXAMPLE = ROOT / "examples" / "kubernetes"
SMALLEST, LARGEST = 10_000, 100_000

MODEL = """
company: Harbour
kinds:
  pillar: {family: intent}
  bet:
    family: intent
    fields: {cost: money, due: day}
    stages: {Idea: proposed, Doing: active, Done: done}
    links: {serves: {to: pillar, back: is served by}}
"""
RECIPE = """
recipe: sheet
reads: bets.csv
kinds:
  bet:
    key: id
    fields: {title: name, stage: status, cost: cost, due: due}
    links: {serves: {pillar: pillar}}
"""


def measures(things: int) -> Iterator[Measure]:
    """A sheet of so many rows; at the smallest size also the public histories."""
    if things <= LARGEST:
        yield from _sheet(things)
    if things == SMALLEST:
        yield from _histories()


def _sheet(things: int) -> Iterator[Measure]:
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        (room / "sheet.recipe.yaml").write_text(RECIPE, encoding="utf-8")
        with (room / "bets.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "name", "status", "cost", "due", "pillar"])
            for number in range(things):
                due = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
                stage = chance.choice(["Idea", "Doing", "Done"])
                cost = f"EUR {chance.randint(1, 900)}k"
                rows.writerow([f"b-{number}", f"Bet {number}", stage, cost, due, number % 50])
        with Workspace.init(room / "harbour", model_text=MODEL) as harbour:
            for name in ("sheet, first time", "sheet, again"):
                yield from _rates(name, harbour, room / "sheet.recipe.yaml", room, things)


def _histories() -> Iterator[Measure]:
    if not DATA.is_dir():
        print(f"no public histories at {DATA}: left out", file=sys.stderr)
        return
    model = (EXAMPLE / "latticework.yaml").read_text(encoding="utf-8")
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace.init(Path(folder) / "K", model_text=model) as company,
    ):
        for round_ in ("first time", "again"):
            for name in ("groups", "enhancements"):
                recipe = EXAMPLE / f"{name}.recipe.yaml"
                bundle = DATA / f"{name}.bundle"
                yield from _rates(f"{name}, {round_}", company, recipe, bundle, SMALLEST)


def _rates(
    name: str, company: Workspace, recipe: Path, location: Path, things: int
) -> Iterator[Measure]:
    found, spent = timed(name, lambda: company.import_recipe(recipe, location), things=things)
    assert isinstance(found, Imported)
    yield spent
    if found.changes:
        rate = found.changes / spent.value * 1000
        yield Measure(name=f"{name}, rate", things=things, value=rate, unit="changes/s")
