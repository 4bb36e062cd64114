"""What a recipe says, once it is read and checked against the model."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from latticework.model.model import Field, Kind
from latticework.sources.recipes.match import Match
from latticework.sources.recipes.picks import ABOVE, Path, Pick
from latticework.sources.recipes.reshape import Shape
from latticework.sources.recipes.steps import Step

CALLED = ""
"""Stands for a field where a thing is sought by its key or by what it is called."""

Seeks = tuple[tuple[str, str], ...]
"""Kinds, each with the field by whose value a thing of it is sought."""

if TYPE_CHECKING:
    from latticework.sources.fetch.plan import Fetch

COMMIT = "commit"
FILE_DATE = "file date"

SOURCE_WINS, OURS_WINS, ASK = "source", "ours", "ask"
WINS = (SOURCE_WINS, OURS_WINS, ASK)
"""Whose value stands where source and company differ."""

RETIRE, KEEP = "retire", "keep"
GONE = (RETIRE, KEEP)
"""What becomes of a thing that its source names no longer."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """From a source's words to the company's; letter case and blanks aside.

    `exact` is tried first, then `patterns` (with `*` and `?`) in their order.
    """

    exact: Mapping[str, str] = dataclasses.field(default_factory=dict)
    patterns: tuple[tuple[str, str], ...] = ()

    def find(self, word: str) -> str | None:
        """The company's word, None where the recipe has none."""
        fold = " ".join(word.split()).casefold()
        if fold in self.exact:
            return self.exact[fold]
        for pattern, ours in self.patterns:
            if _compiled(pattern).fullmatch(fold):
                return ours
        return None

    def __bool__(self) -> bool:
        """Whether there are any words."""
        return bool(self.exact or self.patterns)


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern.casefold()))


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How one field gets its value.

    `always` is a constant; `by_list` gives the value by the list in which the
    record was found. `repair` corrects values, and says so; `words`
    translates them; with `strict` a word that `words` lacks is a finding.
    `wins` says whose value stands where the company was told another one by
    somebody else than this source.
    """

    field: Field
    picks: tuple[Pick, ...] = ()
    always: str = ""
    by_list: Mapping[str, str] = dataclasses.field(default_factory=dict)
    repair: Words = dataclasses.field(default_factory=Words)
    words: Words = dataclasses.field(default_factory=Words)
    strict: bool = False
    wins: str = SOURCE_WINS


@dataclass(frozen=True, kw_only=True)
class Tie:
    """How one link gets its edges.

    `back` means that the recipe names the link's other phrase. `kind` is the
    kind at the other end; empty for the enclosing record. `seeks` are kinds and
    fields by whose value the other end is found, none for the kind's key alone;
    `steps` lead from a foreign key to that key. `each` is where the items stand that `picks` and
    `carries` are relative to.
    """

    link: str
    back: bool
    kind: str
    picks: tuple[Pick, ...] = ()
    seeks: Seeks = ()
    steps: tuple[Step, ...] = ()
    each: Path | None = None
    carries: tuple[Cell, ...] = ()

    @property
    def is_by_field(self) -> bool:
        """Whether a field's value tells which thing is meant, and no key."""
        return any(field for _, field in self.seeks)


@dataclass(frozen=True, kw_only=True)
class Where:
    """A condition on a record: one of these words stands at this place."""

    pick: Pick
    words: Words
    wanted: bool

    def fits(self, texts: Iterable[str]) -> bool:
        """Whether a record with these texts there is wanted."""
        return any(self.words.find(text) is not None for text in texts) is self.wanted


@dataclass(frozen=True, kw_only=True)
class Turned:
    """Which turns of a history speak of one field or link, and what they say.

    `what` are the source's names for it; `before` and `after` pick the values.
    """

    what: Words
    before: Pick
    after: Pick
    wheres: tuple[Where, ...] = ()


@dataclass(frozen=True, kw_only=True)
class History:
    """Where a record tells what it was before.

    `path` leads to its turns, `items` from one of them to its parts. `named`
    picks what has turned, `valid` when, `by` who did it; `begins` picks from
    the record since when its first values hold.
    """

    path: Path
    items: Path | None = None
    named: Pick
    valid: Pick
    by: Pick | None = None
    begins: Pick | None = None
    cells: tuple[tuple[Cell, Turned], ...] = ()
    ties: tuple[tuple[Tie, Turned], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where records stand: under the file's top, or under another part's records."""

    path: Path
    text: str
    above: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """How records become things of one kind.

    With `mentioned`, many records make one thing, which stays when no record
    names it any more. `similar` takes a thing that vanishes for the one that
    appears in the same commit, where at least half of what is said is equal.
    `called` picks further names by which links find a thing.
    `match` finds the thing of a new record by its fields; `link` is the address at
    which the source shows what it knows by a key.
    `gone` says what becomes of a thing that no record names any more; `marks`
    are fields that it gets then. `raw` is the field that keeps what nothing else reads.
    """

    kind: Kind
    starts: tuple[Start, ...]
    key: tuple[Pick, ...]
    called: tuple[Pick, ...] = ()
    cells: tuple[Cell, ...] = ()
    ties: tuple[Tie, ...] = ()
    wheres: tuple[Where, ...] = ()
    mentioned: bool = False
    similar: bool = False
    history: History | None = None
    match: Match | None = None
    link: str = ""
    gone: str = RETIRE
    raw: Field | None = None
    marks: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @cached_property
    def is_file(self) -> bool:
        """Whether a file as a whole is the record."""
        return any(not start.above and not start.path.steps for start in self.starts)

    @cached_property
    def looks_up(self) -> bool:
        """Whether a value is read from the enclosing record."""
        cells = [*self.cells, *(cell for tie in self.ties for cell in tie.carries)]
        picks = [*self.key, *self.called, *(where.pick for where in self.wheres)]
        picks += [pick for cell in cells for pick in cell.picks]
        picks += [pick for tie in self.ties for pick in tie.picks]
        paths = [path for pick in picks for path in pick.paths]
        return any(path.start == ABOVE and path.steps for path in paths)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A file that says how an intake becomes changes.

    `reads` and `skips` are globs; `format` a source's name, empty for the one
    that fits the file's ending. `valid` says what gives the time since when it is
    so: COMMIT, FILE_DATE, or, with `valid_pick`, a value of the record; `later_pick`
    gives it for what a thing says that is known already; with `first_only` that holds
    since the import. `shapes` are taken before
    anything is read. `fetch` says whom to ask
    for the files, where they are not brought.
    """

    name: str
    file: str = ""
    reads: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    format: str = ""
    branch: str = ""
    valid: str = ""
    valid_pick: Pick | None = None
    later_pick: Pick | None = None
    first_only: bool = False
    parts: tuple[Part, ...] = ()
    shapes: tuple[Shape, ...] = ()
    fetch: Fetch | None = None

    @cached_property
    def takes(self) -> re.Pattern[str]:
        """Matches the paths that are read."""
        return _globs(self.reads)

    @cached_property
    def leaves(self) -> re.Pattern[str]:
        """Matches the paths that are skipped all the same."""
        return _globs(self.skips)

    def reads_file(self, path: str) -> bool:
        """Whether the file at this path, relative to the root, is read."""
        return bool(self.takes.fullmatch(path)) and not self.leaves.fullmatch(path)

    @cached_property
    def sought(self) -> frozenset[tuple[str, str]]:
        """Kinds and fields by whose values links find things."""
        ties = (tie for part in self.parts for tie in part.ties)
        return frozenset(each for tie in ties for each in tie.seeks)

    @cached_property
    def top_lists(self) -> frozenset[str] | None:
        """Names of top-level fields that hold all records, each its own.

        None where a record is the file itself, so that no item of a list can
        be read apart from the rest.
        """
        names = set()
        for part in self.parts:
            for start in part.starts:
                if start.above:
                    continue
                if not start.path.steps:
                    return None
                names.add(start.path.steps[0])
        return frozenset(names)


def _globs(globs: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern of globs: `*` within a folder, `**/` over any number of them."""
    return re.compile("|".join(_glob(each) for each in globs) or "(?!)")


def _glob(glob: str) -> str:
    tokens = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.lstrip("/"))
    return "(?:" + "".join(tokens.get(part, re.escape(part)) for part in parts) + ")"
