"""Fields of the files that no part of a recipe reads: named, not dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from latticework.base.findings import Finding, Place, notice
from latticework.journal.changes import Value
from latticework.sources.recipes.parts import History, Part, Recipe, Tie
from latticework.sources.recipes.picks import ABOVE, HERE, IT, Path, Pick, spread
from latticework.sources.tree import Fields, Items, Said, Tree

MOST_NAMED = 200
"""Fields that are named; a file whose names are data could have any number."""

MOST_KEPT = 200
"""Lines that a thing keeps of what no part of a recipe reads."""

LONGEST_KEPT = 500
"""Characters that are kept of a value that no part of a recipe reads."""

Spot = tuple[str, ...]


class Plan(dict[str, "Plan"]):
    """What a recipe reads of named values, by name; `wholly` all of what is below.

    `kept` where a part keeps what is not read, so that nobody has to be told.
    """

    wholly = False
    kept = False

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
        self._look(file, tree, self._plan, (), kept=False)

    def _look(self, file: str, tree: Tree, plan: Plan, above: Spot, *, kept: bool) -> None:
        # A list of records in a record is not kept with it.
        kept = plan.kept or (kept and isinstance(tree, Fields))
        for each in spread(tree):
            if not isinstance(each, Fields):
                continue
            for name, value in each.items():
                below = plan.get(name)
                if below is None:
                    if not (kept and _is_text(value)):
                        self._note(file, (*above, name), value)
                elif below and not below.wholly:
                    self._look(file, value, below, (*above, name), kept=kept)

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


def plans_of_lists(recipe: Recipe) -> dict[str, Plan]:
    """What is read of the records of each list, by the list's path; for parts that keep the rest."""
    if not any(part.raw for part in recipe.parts):
        return {}
    spots: dict[str, list[Spot]] = {}
    plan = plan_of(recipe, spots)
    lists: dict[str, Plan] = {}
    for part in recipe.parts:
        for start in part.starts:
            for above in spots.get(start.above, []) if start.above else [()]:
                lists.setdefault(start.text, plan.at((*above, *start.path.steps)))
    return lists


def kept_raw(
    part: Part, plans: Mapping[str, Plan], text: str, tree: Tree
) -> Iterator[tuple[str, Value, int]]:
    """The field of a part that keeps what nothing reads, with a line for each value."""
    if part.raw is None or not isinstance(tree, Fields):
        return
    lines = tuple(islice(_left(tree, plans.get(text, Plan()), ""), MOST_KEPT))
    if lines:
        yield part.raw.name, lines if part.raw.many else "\n".join(lines), 0


def _left(tree: Fields, plan: Plan, above: str) -> Iterator[str]:
    """Lines for the texts of named values that a plan does not read."""
    for name, value in tree.items():
        below = plan.get(name)
        way = f"{above}{name}"
        if below is None and not isinstance(value, Fields) and _is_text(value):
            said = ", ".join(
                " ".join(each.split()) for each in spread(value) if isinstance(each, Said)
            )
            if said:
                yield f"{way}: {said[:LONGEST_KEPT]}{'…' if len(said) > LONGEST_KEPT else ''}"
        elif isinstance(value, Fields) and not (below is not None and (below.wholly or not below)):
            yield from _left(value, Plan() if below is None else below, f"{way}.")


def _is_text(value: Tree) -> bool:
    """Whether a value is one text, a list of them, or named texts: no records of their own."""
    if isinstance(value, Fields):
        return all(map(_is_text, value.values()))
    return (
        all(isinstance(each, Said) for each in spread(value)) if isinstance(value, Items) else True
    )


def plan_of(recipe: Recipe, spots: dict[str, list[Spot]] | None = None) -> Plan:
    """Everything that some part of a recipe reads; where its kinds stand goes to `spots`."""
    plan = Plan()
    spots = {} if spots is None else spots
    for part in recipe.parts:
        for start in part.starts:
            above = spots.get(start.above, []) if start.above else [()]
            for each in above:
                here = (*each, *start.path.steps)
                spots.setdefault(part.kind.name, []).append(here)
                _plan_part(plan, part, here, each)
                plan.at(here).kept |= part.raw is not None
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
    picks = [*part.key, *part.called, *(where.pick for where in part.wheres)]
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
        for at in range(len(path.steps) - 1):
            yield (*here, *path.steps[:at], ".".join(path.steps[at:]))
