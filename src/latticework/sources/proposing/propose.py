"""A first recipe for a sample: what it holds, matched to the company's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from latticework.model.amend import Plain
from latticework.model.model import Model
from latticework.sources.proposing.drafting import with_words
from latticework.sources.proposing.fit import CellDraft, Fitted, PartDraft, TieDraft, Turns, fit
from latticework.sources.proposing.infer import paths_of
from latticework.sources.proposing.sample import Listed, Sample, read_sample
from latticework.sources.proposing.usual import usual_of

SHOWN = 60
"""Characters of a value that is shown as an example."""

_PLAIN = re.compile(r"[^\W_][\w .\-/]*")
_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "~"})


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A recipe to edit, and the words that the model lacks for it.

    `words` is YAML to be added to the model: kinds it has not, or fields of
    those it has; empty where the recipe needs none. `model` has them all.
    """

    recipe: str
    words: str
    model: Model
    sample: Sample


def propose(data: bytes, name: str, model: Model) -> str:
    """The text of a recipe to edit; raises Refused where the sample cannot be read."""
    return proposal_of(data, name, model).recipe


def proposal_of(data: bytes, name: str, model: Model, *, raw: bool = False) -> Proposal:
    """A recipe and the words it needs; raises Refused where the sample cannot be read.

    With `raw` known kinds are offered a field for what the recipe does not read.
    """
    return proposed(read_sample(data, name), model, raw=raw)


def proposed(sample: Sample, model: Model, *, raw: bool = False) -> Proposal:
    """The same for a sample that was read already."""
    fitted = fit(sample, model, raw=raw)
    kinds: dict[str, Plain] = dict(fitted.drafted.words)
    words = with_words("", {"kinds": kinds}) if kinds else ""
    lines = "\n".join(_lines(fitted, PurePath(sample.name), bool(words)))
    return Proposal(
        recipe=lines + "\n", words=words, model=fitted.drafted.model, sample=fitted.sample
    )


def plain(text: str) -> str:
    """A text as YAML: bare where it can be, in quotes where it has to be."""
    bare = _PLAIN.fullmatch(text) and not text[0].isdecimal() and text == text.strip()
    if bare and text.casefold() not in _WORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _lines(fitted: Fitted, name: PurePath, lacking: bool) -> Iterator[str]:
    sample = fitted.sample
    count = sum(each.count for each in sample.lists)
    yield f"# Proposed from {name.name}, {count:,} records. Edit it, then try it with --dry-run."
    if lacking:
        yield "# The model lacks words for it: 'import SAMPLE --add-words' shows and adds them."
    yield ""
    # A tracker's next export has another name, and is the same source.
    known = usual_of(sample.form) is not None
    yield f"recipe: {plain(sample.form if known else _recipe_name(name.stem))}"
    yield f"reads: {_reads(sample)}"
    yield f"format: {sample.form}"
    yield from _valid(sample)
    yield ""
    yield "kinds:"
    groups: dict[str, list[PartDraft]] = {}
    for part in fitted.parts:
        groups.setdefault(part.kind.name, []).append(part)
    for kind, parts in groups.items():
        yield f"  {plain(kind)}:"
        for part in parts:
            lines = [*_part(fitted, part)]
            first, deeper = ("    - ", "      ") if len(parts) > 1 else ("    ", "    ")
            yield first + lines[0]
            yield from (deeper + line for line in lines[1:])
    yield from _rest(fitted)


def _reads(sample: Sample) -> str:
    """Globs of all files that end alike, wherever they lie."""
    files = [PurePath(each) for each in sample.files or (sample.name,)]
    deep = any(len(each.parts) > 1 for each in files)
    ends = dict.fromkeys(each.suffix for each in files)
    globs = [f'"{"**/" if deep else ""}*{each}"' for each in ends]
    return globs[0] if len(globs) == 1 else f"[{', '.join(globs)}]"


def _recipe_name(stem: str) -> str:
    """A name that a file can have, so that the recipe may be kept under it; dates left out."""
    words = "".join(each if each.isalpha() else " " for each in stem.casefold()).split()
    return "-".join(words)[:60] or "recipe"


def _valid(sample: Sample) -> Iterator[str]:
    """Since when values hold, where any record says so; others hold since the import."""
    held = {name for listed in sample.lists for name in _dates(listed)}
    if "created" in held:
        then = ", then: updated" if "updated" in held else ""
        yield f"valid: {{first: created{then}}}"


def _dates(listed: Listed) -> set[str]:
    return {"created", "updated"} & listed.seen.keys()


def _part(fitted: Fitted, part: PartDraft) -> Iterator[str]:
    if part.mentions:
        yield f"mentioned in: {_one_or_list(part.mentions)}"
    elif part.start:
        yield f"from: {plain(part.start)}"
    yield f"key: {plain(part.key)}"
    if not part.mentions:
        yield "gone: keep"
    for word, condition in (("where", part.where), ("unless", part.unless)):
        if condition:
            said = (f"{plain(path)}: {_one_or_list(words)}" for path, words in condition.items())
            yield f"{word}: {{{', '.join(said)}}}"
    if part.cells:
        yield "fields:"
        for cell in part.cells:
            yield from (f"  {line}" for line in _cell(cell))
    if part.ties:
        yield "links:"
        yield from (f"  {line}" for line in _ties(part.ties))
    if part.raw:
        yield f"raw: {part.raw}"
    yield from _history(part)


def _cell(cell: CellDraft) -> Iterator[str]:
    """A field; where words are mapped each of the sample, with the nearest of ours."""
    if not cell.words:
        yield f"{plain(cell.field)}: {plain(cell.pick)}"
        return
    yield f"{plain(cell.field)}:"
    yield f"  from: {plain(cell.pick)}"
    told = any(word.ours for word in cell.words)
    yield "  words:" if told else "  # words:"
    for word in cell.words:
        counted = f"{word.count:,} records"
        if word.ours:
            guess = f"  # a guess, {counted}" if word.guessed else ""
            yield f"    {plain(word.theirs)}: {plain(word.ours)}{guess}"
        else:
            yield f"    # {plain(word.theirs)}: one of {', '.join(word.near)} ({counted})"


def _ties(ties: Iterable[TieDraft]) -> Iterator[str]:
    phrases: dict[str, list[str]] = {}
    for tie in ties:
        phrases.setdefault(tie.phrase, []).append(f"{{{plain(tie.kind)}: {plain(tie.pick)}}}")
    for phrase, each in phrases.items():
        shown = each[0] if len(each) == 1 else f"[{', '.join(each)}]"
        yield f"{plain(phrase)}: {shown}"


def _history(part: PartDraft) -> Iterator[str]:
    """Which turns of a record's own past speak of what is mapped."""
    listed, history = part.listed, part.usual.history
    if listed is None or not history or not listed.turned:
        return
    phrases = [tie.phrase for tie in part.ties]
    turns = {cell.field: cell.turns for cell in part.cells}
    # Two links under one phrase would each take the other's turns.
    turns |= {tie.phrase: tie.turns for tie in part.ties if phrases.count(tie.phrase) == 1}
    told = {word: each for word, each in turns.items() if each}
    if not told:
        return
    yield "history:"
    yield from (f"  {word}: {plain(each)}" for word, each in history.items())
    yield "  turns:"
    yield from (f"    {plain(word)}: {_turned(each)}" for word, each in told.items())


def _turned(turns: Turns) -> str:
    if isinstance(turns, Mapping):
        return f"{{{', '.join(f'{plain(name)}: {plain(each)}' for name, each in turns.items())}}}"
    return plain(turns) if isinstance(turns, str) else _one_or_list(tuple(turns))


def _one_or_list(words: tuple[str, ...]) -> str:
    return plain(words[0]) if len(words) == 1 else f"[{', '.join(map(plain, words))}]"


def _rest(fitted: Fitted) -> Iterator[str]:
    """What no line reads, as remarks."""
    for listed in fitted.sample.lists:
        parts = [part for part in fitted.parts if part.listed and _of(part) == _at(listed)]
        read = {path for part in parts for path in _read(part)}
        read |= _dates(listed)
        mentioned = {place.partition(".")[2] for part in fitted.parts for place in part.mentions}
        left = [
            path
            for path in listed.seen
            if path not in read
            and not any(path == m or path.startswith(f"{m}.") for m in mentioned)
        ]
        if not left or not parts:
            continue
        kept = f"  # Kept as it is in '{parts[0].raw}'" if parts[0].raw else "  # Not mapped yet"
        yield f"{kept}; give each a field or a link of the model, or leave it:"
        looked = len(listed.records)
        of = f" of the first {looked:,}" if looked < listed.count else ""
        for path in left:
            seen = listed.seen[path]
            held = f"in {seen.count:,}{of} records"
            yield f"  #   {plain(path)}: {held}, such as {seen.example[:SHOWN]!r}"


def _of(part: PartDraft) -> tuple[str, str]:
    return part.start, part.usual.file


def _at(listed: Listed) -> tuple[str, str]:
    return listed.start, listed.file


def _read(part: PartDraft) -> Iterator[str]:
    picks = [part.key, *part.where, *part.unless]
    picks += [cell.pick for cell in part.cells]
    picks += [tie.pick for tie in part.ties]
    for pick in picks:
        yield from paths_of(pick)
