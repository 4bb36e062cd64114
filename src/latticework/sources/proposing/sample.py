"""A sample of what a source holds: its lists of records, and what stands where in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from latticework.base.findings import Place, Refused, error
from latticework.model.model import Field
from latticework.model.scalars import parse_value
from latticework.sources.days import iso_of
from latticework.sources.recipes.picks import HERE, Path, spread, texts_at
from latticework.sources.source import Reads, Source, source_of, sources
from latticework.sources.tree import Fields, Items, Said, Tree, UnreadableError

SAMPLED = 1_000
"""Records that are looked at."""

MOST_PARTS = 20
"""Parts of a list that are kept, while somebody maps it."""

MOST_VALUES = 1_000
"""Different values that are counted at one place."""

_DAY = Field(name="day", type="day")
HISTORY = "history"
"""The name under which sources give the past of a record."""


@dataclass
class Seen:
    """A place in the records: how many hold it, and what they hold.

    `most` is how many texts one record holds there.
    """

    count: int = 0
    most: int = 0
    values: Counter[str] = field(default_factory=Counter)

    @property
    def example(self) -> str:
        """A value, in one line."""
        return " ".join(next(iter(self.values), "").split())


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The records of one list: where it stands, what is in it, and which words turned in it.

    `inner` are places at which records hold records of their own, such as comments.
    `called` is what its sheet is called, where a workbook has no other;
    `files` are those in which it stands, where there are several; `file` is a glob for
    them, where others hold records of another sort.
    """

    start: str
    count: int
    records: tuple[Fields, ...]
    seen: Mapping[str, Seen]
    turned: Mapping[str, Counter[str]]
    inner: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    file: str = ""
    called: str = ""
    _parts: dict[Hashable, Listed] = field(default_factory=dict, compare=False, repr=False)

    def part(self, key: Hashable, make: Callable[[], Listed]) -> Listed:
        """A part of the records under a key, looked at once: pages ask for it at each turn."""
        if key not in self._parts:
            if len(self._parts) >= MOST_PARTS:
                self._parts.clear()
            self._parts[key] = make()
        return self._parts[key]

    def holds(self, path: str) -> bool:
        """Whether something stands at a place or below it."""
        return path in self.seen or any(each.startswith(f"{path}.") for each in self.seen)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A file as the source that fits it reads it, or several of one format.

    `files` are all of them; `left` are those of other formats.
    """

    name: str
    form: str
    lists: tuple[Listed, ...]
    files: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def main(self) -> Listed:
        """The longest list."""
        return max(self.lists, key=lambda each: each.count)

    def find(self, start: str, file: str = "") -> Listed | None:
        """The list of a name; the file's own list has none."""
        lists = (each for each in self.lists if (each.start, each.file) == (start, file))
        return next(lists, None)


def read_sample(data: bytes, name: str) -> Sample:
    """Look at a file; raises Refused (SOURCE060) where it holds no records."""
    source = source_of(data, name) or sources()["csv"]
    return sample_of(data, name, source, Source.read_bytes)


def sample_of(data: bytes, name: str, source: Source, reads: Reads) -> Sample:
    """The same for a file whose source is known, which `reads` reads."""
    try:
        tree = reads(source, data).tree
    except UnreadableError as problem:
        raise Refused([problem.of(name)]) from None
    lists = tuple(_listed(start, records) for start, records in lists_of(tree) if records)
    if not lists:
        says = "the sample holds no records"
        hint = "name a sheet with a header, or a list of named values"
        raise Refused([error("SOURCE060", says, hint=hint, place=Place(file=name))])
    if source.is_binary and len(lists) == 1:
        # A workbook's only sheet need not be named, and has another name next time.
        lists = (replace(lists[0], start="", called=lists[0].start),)
    return Sample(name=name, form=source.name, lists=lists, files=(name,))


def words_of(listed: Listed, path: str, turns: str) -> Counter[str]:
    """How often each word stands at a place, those of the past with no count of their own."""
    found = Counter(listed.seen[path].values) if path in listed.seen else Counter[str]()
    for word in listed.turned.get(turns, ()):
        found.setdefault(word, 0)
    return found


def is_day(text: str) -> bool:
    """Whether a text is a day or an instant, in whatever form."""
    if any(iso_of(text, order) for order in (None, "day first", "month first")):
        return True
    return not text.strip().isdecimal() and parse_value(_DAY, text.strip()) is not None


def lists_of(tree: Tree) -> Iterator[tuple[str, list[Fields]]]:
    """Where records stand: the file's own list, or the lists below names; else the file."""
    if isinstance(tree, Items):
        yield "", _records(tree)
        return
    named = {
        str(name): _records(value)
        for name, value in (tree.items() if isinstance(tree, Fields) else ())
        if isinstance(value, Items)
    }
    if any(named.values()):
        yield from named.items()
    elif isinstance(tree, Fields) and tree:
        yield "", [tree]


def _records(tree: Tree) -> list[Fields]:
    return [each for each in spread(tree) if isinstance(each, Fields)]


def _listed(start: str, records: list[Fields]) -> Listed:
    sampled = tuple(records[:SAMPLED])
    seen: dict[str, Seen] = {}
    turned: dict[str, Counter[str]] = {}
    inner: set[str] = set()
    for record in sampled:
        _look(record, seen)
        inner |= {
            str(name)
            for name, value in record.items()
            if isinstance(value, Items) and any(isinstance(each, Fields) for each in value)
        }
        for turn in spread(record.get(HISTORY)):
            if isinstance(turn, Fields) and isinstance(turn.get("field"), Said):
                words = (each for side in ("before", "after") for each in spread(turn.get(side)))
                told = turned.setdefault(str(turn["field"]), Counter())
                told.update(str(each) for each in words if isinstance(each, Said))
    return Listed(
        start=start,
        count=len(records),
        records=sampled,
        seen=seen,
        turned=turned,
        inner=frozenset(inner),
    )


def joined(lists: Sequence[Listed]) -> Listed:
    """Lists of several files as one."""
    if len(lists) == 1:
        return lists[0]
    records = [record for each in lists for record in each.records]
    files = tuple(name for each in lists for name in each.files)
    whole = _listed(lists[0].start, records)
    return replace(whole, count=sum(each.count for each in lists), files=files)


def narrowed(listed: Listed, wanted: Callable[[Fields], bool]) -> Listed:
    """The same list with some of its records alone."""
    part = _listed(listed.start, [each for each in listed.records if wanted(each)])
    return replace(part, files=listed.files, file=listed.file)


def _look(record: Fields, seen: dict[str, Seen]) -> None:
    """Note every place of a record at which a text stands."""
    found: dict[str, list[str]] = {}
    for spot, said in texts_in(record):
        found.setdefault(spot, []).append(said)
    for spot, texts in found.items():
        each = seen.setdefault(spot, Seen())
        each.count += 1
        each.most = max(each.most, len(texts))
        if len(each.values) < MOST_VALUES:
            each.values.update(texts)


def texts_in(tree: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text below a value with the names that lead there; histories left out."""
    for each in spread(tree):
        if isinstance(each, Said):
            if each.strip():
                yield path, str(each)
        elif isinstance(each, Fields):
            for name, value in each.items():
                if name != HISTORY:
                    yield from texts_in(value, f"{path}.{name}" if path else str(name))


def texts_under(record: Fields, path: str) -> list[str]:
    """The texts of a record at a place."""
    return [str(each) for each in texts_at(record, _way(path)) if each.strip()]


@lru_cache(maxsize=1_000)
def _way(path: str) -> Path:
    return Path(HERE, tuple(path.split(".")), path)


def folded(texts: Iterable[str]) -> frozenset[str]:
    """Words with letter case, plural and signs left aside."""
    return frozenset(fold(text) for text in texts)


def fold(text: str) -> str:
    """A word with letter case, plural and signs left aside."""
    words = "".join(each if each.isalnum() else " " for each in text.casefold()).split()
    return " ".join(each.removesuffix("s") if len(each) > 3 else each for each in words)


def last_of(path: str) -> str:
    """The last name on a way."""
    return path.rpartition(".")[2]
