"""Several files as one sample: those of one format, alike ones as one list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from latticework.base.findings import Finding, Place, Refused, error, notice
from latticework.sources.proposing.sample import Listed, Sample, joined, read_sample
from latticework.sources.proposing.usual import usual_of
from latticework.sources.source import find_source

ALIKE = 0.5
"""The share of columns that two sheets have in common where they hold one sort of records."""

MOST_FILES = 200
"""Files of a folder that are looked at."""

MOST_BYTES = 24_000_000
NOTES = "vault"

_DATES = re.compile(r"[\d._\- ]*\d[\d._\- ]*")


def gathered(samples: Sequence[Sample]) -> Sample:
    """One sample of several: of the format that holds most records; the rest is named.

    Raises Refused (SOURCE062) for notes that link each other: of what sort each is,
    their columns do not tell.
    """
    counts: dict[str, int] = {}
    for each in samples:
        counts[each.form] = counts.get(each.form, 0) + sum(listed.count for listed in each.lists)
    form = max(counts, key=lambda name: counts[name])
    if form == NOTES:
        says = f"what {len(samples):,} notes are about is not proposed from a sample"
        hint = "begin with the recipe in docs/guides/vaults.md: 'where: {type: goal}' tells kinds apart"
        raise Refused([error("SOURCE062", says, hint=hint, place=Place(file=samples[0].name))])
    mine = [each for each in samples if each.form == form]
    names = tuple(each.name for each in mine)
    lists = _by_place(mine) if usual_of(form) else _by_columns(mine)
    left = tuple(each.name for each in samples if each.form != form)
    return replace(mine[0], lists=tuple(lists), files=names, left=left)


def sample_of_folder(folder: Path) -> Sample:
    """What the files of a folder hold; raises Refused (SOURCE060) where none holds records."""
    found: list[Sample] = []
    size = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        if path.is_symlink() or not path.is_file() or find_source(name) is None:
            continue
        size += path.stat().st_size
        if len(found) == MOST_FILES or size > MOST_BYTES:
            break
        try:
            found.append(read_sample(path.read_bytes(), name))
        except Refused:
            # A file of which nothing can be said holds nothing to propose from.
            continue
    if not found:
        says = f"no file in '{folder}' holds records"
        hint = "name a folder with exports in CSV, JSON or XLSX, or with notes in Markdown"
        raise Refused([error("SOURCE060", says, hint=hint, place=Place(file=str(folder)))])
    return gathered(found)


def told_of_left(sample: Sample) -> tuple[Finding, ...]:
    """A notice for each file that another recipe has to read."""
    hint = "bring it by itself, so that it has a recipe of its own"
    return tuple(
        notice(
            "SOURCE061",
            f"'{name}' is of another format than '{sample.name}', and was not looked at",
            hint=hint,
            place=Place(file=name),
        )
        for name in sample.left
    )


def _by_place(samples: Sequence[Sample]) -> Iterator[Listed]:
    """Lists of a source that is known: those of one place are one."""
    yield from _grouped(samples, lambda one, other: one.start == other.start)


def _by_columns(samples: Sequence[Sample]) -> Iterator[Listed]:
    """Sheets with the same columns are one; of several sorts each knows its files."""
    found = list(_grouped(samples, _alike))
    every = [each.name for each in samples]
    for listed in found:
        apart = len(found) > 1 and len(listed.files) < len(every)
        glob = _glob(listed.files, every) if apart else ""
        yield replace(listed, file=glob)


def _grouped(samples: Sequence[Sample], same: Callable[[Listed, Listed], bool]) -> Iterator[Listed]:
    groups: list[list[Listed]] = []
    for sample in samples:
        for each in sample.lists:
            mine = replace(each, files=(sample.name,))
            group = next((group for group in groups if same(group[0], mine)), None)
            if group is None:
                groups.append([mine])
            else:
                group.append(mine)
    yield from (joined(group) for group in groups)


def _alike(one: Listed, other: Listed) -> bool:
    both = one.seen.keys() & other.seen.keys()
    every = one.seen.keys() | other.seen.keys()
    return one.start == other.start and len(both) >= ALIKE * len(every)


def _glob(files: Sequence[str], every: Sequence[str]) -> str:
    """What names these files and no other; without their dates, where that does."""
    first = PurePosixPath(files[0])
    stem = _DATES.sub("", first.stem)
    folder = "" if str(first.parent) == "." else f"{first.parent}/"
    glob = f"{folder}{stem}*{first.suffix}"
    fits = [name for name in every if PurePosixPath(name).match(glob)]
    return glob if stem and sorted(fits) == sorted(files) else files[0]
