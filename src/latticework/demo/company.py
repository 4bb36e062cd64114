"""The example company's journal: the same batches whenever it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random

from latticework.base.times import BEGINNING, start_of
from latticework.demo.cast import People, teams_in, tell_squads
from latticework.demo.habits import tell_habits
from latticework.demo.imported import tell_imports
from latticework.demo.seasons import tell_seasons
from latticework.demo.telling import FOLDER, batches_of_days
from latticework.graph.little import batches_of
from latticework.journal.changes import Batch, Declare, Put
from latticework.model.format import format_model
from latticework.model.load import load_or_refuse
from latticework.model.model import Model

MODELS = FOLDER / "models"
STORY = FOLDER / "story"
SEED = 20240501


def batches() -> Iterator[Batch]:
    """Two and a half years of Wrenfold, oldest first, for a journal that is empty."""
    told = [*_declared(), *_story(), *_everyday()]
    told += tell_imports(_models()[-1][1], [*_declared(), *_named_teams()])
    yield from sorted(told, key=_instant)


def model_text() -> str:
    """The model file as the company would write it today, packs not resolved."""
    return sorted(MODELS.glob("*.yaml"))[-1].read_text(encoding="utf-8")


def _instant(batch: Batch) -> int:
    return BEGINNING if batch.valid is None else batch.valid


@cache
def _models() -> tuple[tuple[date, Model], ...]:
    """The company's words, each with the day from which they were used."""
    return tuple(
        (
            date.fromisoformat(path.stem),
            load_or_refuse(path.read_text(encoding="utf-8"), file=path.name),
        )
        for path in sorted(MODELS.glob("*.yaml"))
    )


def _declared() -> Iterator[Batch]:
    """The models, the first of them since the beginning of time."""
    for number, (day, model) in enumerate(_models()):
        valid = start_of(day) if number else BEGINNING
        yield Batch(
            changes=(Declare(format_model(model)),),
            by="Ines Larkbarrow",
            why="our words, as they are from now on",
            valid=valid,
        )


@cache
def _story() -> tuple[Batch, ...]:
    """What was written by hand, read in the words of its time."""
    return tuple(
        batch
        for day, model in _models()
        for batch in batches_of((STORY / f"{day}.yaml").read_text(encoding="utf-8"), model)
    )


def _named_teams() -> Iterator[Batch]:
    """What the story says of teams: a sheet names them by their titles."""
    for batch in _story():
        puts = (each for each in batch.changes if isinstance(each, Put))
        teams = tuple(each for each in puts if each.ref.startswith(("squad/", "team/")))
        if teams:
            yield replace(batch, changes=teams)


def _everyday() -> Iterator[Batch]:
    """What the word lists add; the seed is fixed, so it is the same every time."""
    teams = teams_in(_story())
    told = [*tell_squads(), *People(Random(SEED), teams).tell()]
    told += tell_habits(Random(SEED + 1), teams)
    told += tell_seasons(Random(SEED + 2), teams)
    yield from batches_of_days(told)
