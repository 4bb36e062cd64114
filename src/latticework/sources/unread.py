"""Fields of the files that no part of a recipe reads: named, not dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from latticework.base.findings import Finding, Place, notice
from latticework.sources.picks import ABOVE, HERE, IT, Path, Pick, spread
from latticework.sources.recipe_parts import History, Part, Recipe, Tie
from latticework.sources.tree import Fields, Tree

MOST_NAMED = 200
"""Fields that are named; a file whose names are data could have any number."""

Spot = tuple[str, ...]


class Plan(dict[str, "Plan"]):
    """What a recipe reads of named values, by name; `wholly` all of what is below."""

    wholly = False

    def at(self, spot: Spot) -> Plan:
        """The plan below a spot, begun where there is none."""
        found = self
        for name in spot:
            found = found.setdefault(name, Plan())
        return found


class Unread:
    """Looks at what was read of files, and remembers which fields nobody wanted."""

    def __init__(self, recipe: Recipe) -> None:
        """Ready for any file."""
        self._plan = plan_of(recipe)
        self._files: dict[Spot, set[str]] = {}

    def look(self, file: str, tree: Tree) -> None:
        """Note the fields of a file, or of a piece of it, that are not read."""
        self._look(file, tree, self._plan, ())

    def _look(self, file: str, tree: Tree, plan: Plan, above: Spot) -> None:
        for each in spread(tree):
            if not isinstance(each, Fields):
                continue
            for name, value in each.items():
                below = plan.get(name)
                if below is None:
                    self._note(file, (*above, name), value)
                elif below and not below.wholly:
                    self._look(file, value, below, (*above, name))

    def _note(self, file: str, spot: Spot, value: Tree) -> None:
        if not value or (spot not in self._files and len(self._files) >= MOST_NAMED):
            return
        self._files.setdefault(spot, set()).add(file)

    def findings(self) -> Iterator[Finding]:
        """A notice for each field, those of most files first."""
        for spot, files in sorted(self._files.items(), key=lambda each: -len(each[1])):
            name = ".".join(spot)
            where = "" if len(files) == 1 else f", which {len(files):,} files hold"
            yield notice(
                "SOURCE022",
                f"no part of the recipe reads '{name}'{where}",
                hint="add it to the recipe where the company should know it",
                place=Place(file=next(iter(files))) if len(files) == 1 else Place(),
                value=name,
            )


def plan_of(recipe: Recipe) -> Plan:
    """Everything that some part of a recipe reads."""
    plan = Plan()
    spots: dict[str, list[Spot]] = {}
    for part in recipe.parts:
        for start in part.starts:
            above = spots.get(start.above, []) if start.above else [()]
            for each in above:
                here = (*each, *start.path.steps)
                spots.setdefault(part.kind.name, []).append(here)
                _plan_part(plan, part, here, each)
                times = [recipe.valid_pick, recipe.later_pick]
                _plan_picks(plan, [pick for pick in times if pick is not None], here, each)
                if part.history is not None:
                    _plan_history(plan, part.history, here, each)
    return plan


def _plan_history(plan: Plan, history: History, here: Spot, above: Spot) -> None:
    """What a part reads of its records' past; the turns wholly, as each tells another thing."""
    plan.at((*here, *history.path.steps)).wholly = True
    if history.begins is not None:
        _plan_picks(plan, [history.begins], here, above)


def _plan_part(plan: Plan, part: Part, here: Spot, above: Spot) -> None:
    """What one part reads of records at a spot."""
    plan.at(here)
    picks = [*part.key, *(where.pick for where in part.wheres)]
    picks += [pick for cell in part.cells for pick in cell.picks]
    _plan_picks(plan, picks, here, above)
    for tie in part.ties:
        _plan_tie(plan, tie, here, above)


def _plan_tie(plan: Plan, tie: Tie, here: Spot, above: Spot) -> None:
    carried = [pick for cell in tie.carries for pick in cell.picks]
    if tie.each is None:
        _plan_picks(plan, [*tie.picks, *carried], here, above)
        return
    for spot in _spots(tie.each, here, above):
        plan.at(spot)
        _plan_picks(plan, [*tie.picks, *carried], spot, here)


def _plan_picks(plan: Plan, picks: Iterable[Pick], here: Spot, above: Spot) -> None:
    for pick in picks:
        for path in pick.paths:
            for spot in _spots(path, here, above):
                plan.at(spot).wholly |= bool(path.steps) or path.start == IT


def _spots(path: Path, here: Spot, above: Spot) -> Iterator[Spot]:
    """Where a path may lead: step by step, or to a name that has dots in it."""
    if path.start == ABOVE:
        yield (*above, *path.steps)
    elif path.start in {HERE, IT}:
        yield (*here, *path.steps)
        if len(path.steps) > 1:
            yield (*here, path.whole)
