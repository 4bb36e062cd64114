"""A log as a folder of files and a table of contents, and back.

Columns of numbers lie one behind the other in one file, which is mapped: what
nobody asks for takes no room. Texts are Arrow files. The contents give each
file's length and checksum; a file that differs, or contents that do not read,
are DamagedError.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.graph.log import CellLog, DeclaredModel, EdgeLog, Load, Log, Ranked
from latticework.graph.names import Names, TextIndex, text_index
from latticework.graph.timeline import Ints, Longs, Timeline
from latticework.graph.values import LISTS, Values

FORMAT = 3
"""Raised whenever the files mean something else."""

CONTENTS = "contents.json"

NUMBERS = "numbers.bin"

ALIGNED = 64
"""Bytes to a multiple of which each column of numbers begins."""

SORTS = ("<i4", "<i8", "<u8")
"""What numbers may be."""

CHUNK = 1_000_000

SAMPLE = 64

Numbers = Ints | Longs | npt.NDArray[np.uint64]

Column = pl.Series | Numbers

Spot = tuple[str, int, int]
"""What numbers a column holds, at which byte it begins, and how many there are."""


class DamagedError(Exception):
    """A kept log that cannot be trusted."""


def write_log(log: Log, folder: Path) -> None:
    """Write all of a log into an empty folder; raises OSError."""
    spots: dict[str, Spot] = {}
    written = []
    with (folder / NUMBERS).open("wb") as numbers:
        for name, columns in _columns(log):
            texts = {}
            for key, column in columns.items():
                if isinstance(column, pl.Series):
                    texts[key] = column
                else:
                    spots[f"{name}.{key}"] = _put(column, numbers)
            if texts:
                written.append(_write_texts(texts, folder / f"{name}.arrow"))
    files = {path.name: _mark(path) for path in (folder / NUMBERS, *written)}
    contents = {
        "format": FORMAT,
        "head": log.head,
        "files": files,
        "numbers": spots,
        "words": log.names.words,
        "origins": list(log.names.origin_codes.items()),
        "cells": list(log.cells),
        "edges": [[word, list(edges.fields)] for word, edges in log.edges.items()],
        "models": [[each.valid, each.number, each.text] for each in log.models],
    }
    text = json.dumps(contents, ensure_ascii=True)
    body = f"{zlib.crc32(text.encode())}\n{text}"
    (folder / CONTENTS).write_text(body, encoding="ascii")


def read_log(folder: Path, load: Load) -> Log:
    """The log that a folder holds, its columns mapped from the files."""
    try:
        return _read(folder, _contents(folder), load)
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as problem:
        raise DamagedError(str(folder)) from problem


def _columns(log: Log) -> Iterator[tuple[str, Mapping[str, Column]]]:
    """The name of each file and its columns."""
    names = log.names
    index = text_index(names.texts) if names.index.recent else names.index
    yield "texts", {"text": names.texts, "node": names.node_of, "word": names.word_codes}
    yield "index", {"hash": index.hashes, "code": index.order}
    yield "firsts", {"code": names.firsts}
    yield "moves", _lined(names.moves)
    yield "pairs", {"origin": names.move_pairs[0], "goal": names.move_pairs[1]}
    yield "known", {"at": log.known_at, "number": log.known_numbers}
    yield "existence", _lined(log.existence)
    for spot, cells in enumerate(log.cells.values()):
        yield f"cells-{spot}", _celled(cells)
    for spot, edges in enumerate(log.edges.values()):
        ends = {"source": edges.sources, "target": edges.targets}
        yield f"edges-{spot}", {**ends, "pair": edges.ranked.pairs, "order": edges.ranked.order}
        yield f"state-{spot}", _lined(edges.state)
        for other, cells in enumerate(edges.fields.values()):
            yield f"carried-{spot}-{other}", _celled(cells)


def _put(column: Numbers, file: BinaryIO) -> Spot:
    """Write a column of numbers, and tell where."""
    file.write(bytes(-file.tell() % ALIGNED))
    sort = column.dtype.newbyteorder("<").str
    spot = (sort, file.tell(), len(column))
    file.write(np.ascontiguousarray(column, dtype=sort).data)
    return spot


def _write_texts(columns: Mapping[str, pl.Series], path: Path) -> Path:
    frame = pl.DataFrame([column.rename(key) for key, column in columns.items()])
    frame.write_ipc(path, compression="uncompressed", record_batch_size=max(len(frame), 1))
    return path


class _Files:
    """The files of a folder, each trusted only as its contents describe it."""

    def __init__(self, folder: Path, contents: Mapping[str, object]) -> None:
        """Map the numbers; raises DamagedError."""
        files, spots = contents["files"], contents["numbers"]
        if not isinstance(files, dict) or not isinstance(spots, dict):
            raise TypeError(contents)
        self._folder = folder
        self._known = files
        self._spots: Mapping[str, Spot] = spots
        self._mapped = _mapped(self._trusted(NUMBERS))

    def texts(self, name: str) -> pl.DataFrame:
        """Columns of texts; raises DamagedError."""
        return pl.read_ipc(self._trusted(f"{name}.arrow"))

    def ints(self, name: str, key: str) -> Ints:
        """A column of numbers, mapped."""
        return self._numbers(name, key).astype(np.int32, copy=False)

    def longs(self, name: str, key: str) -> Longs:
        """A column of long numbers, mapped."""
        return self._numbers(name, key).astype(np.int64, copy=False)

    def hashes(self, name: str, key: str) -> npt.NDArray[np.uint64]:
        """A column of hashes, mapped."""
        return self._numbers(name, key).astype(np.uint64, copy=False)

    def _numbers(self, name: str, key: str) -> Numbers:
        sort, start, count = self._spots[f"{name}.{key}"]
        if sort not in SORTS:
            raise ValueError(sort)
        return np.frombuffer(self._mapped, dtype=sort, count=count, offset=start)

    def _trusted(self, name: str) -> Path:
        path = self._folder / name
        if _mark(path) != self._known[name]:
            raise DamagedError(str(path))
        return path


def _read(folder: Path, contents: Mapping[str, object], load: Load) -> Log:
    head = contents["head"]
    if not isinstance(head, int):
        raise TypeError(contents)
    files = _Files(folder, contents)
    return Log(
        head=head,
        names=_names(files, contents),
        existence=_line(files, "existence"),
        cells={
            word: _cells(files, f"cells-{spot}")
            for spot, word in enumerate(_texts(contents["cells"]))
        },
        edges={
            str(word): _edges(files, spot, _texts(fields))
            for spot, (word, fields) in enumerate(_pairs(contents["edges"]))
        },
        models=_models(contents["models"], load),
        known_at=files.longs("known", "at"),
        known_numbers=files.longs("known", "number"),
    )


def _names(files: _Files, contents: Mapping[str, object]) -> Names:
    texts = files.texts("texts")["text"]
    return Names(
        texts=texts,
        node_of=files.ints("texts", "node"),
        firsts=files.ints("firsts", "code"),
        words=tuple(_texts(contents["words"])),
        word_codes=files.ints("texts", "word"),
        move_pairs=(files.ints("pairs", "origin"), files.ints("pairs", "goal")),
        moves=_line(files, "moves"),
        origin_codes=_numbers(contents["origins"]),
        known_index=_index(files, texts),
    )


def _edges(files: _Files, spot: int, fields: list[str]) -> EdgeLog:
    name = f"edges-{spot}"
    return EdgeLog(
        sources=files.ints(name, "source"),
        targets=files.ints(name, "target"),
        state=_line(files, f"state-{spot}"),
        fields={
            word: _cells(files, f"carried-{spot}-{other}") for other, word in enumerate(fields)
        },
        known_ranking=Ranked(files.longs(name, "pair"), files.ints(name, "order")),
    )


def _index(files: _Files, texts: pl.Series) -> TextIndex | None:
    """The index of texts, unless another version of the library hashed them."""
    hashes = files.hashes("index", "hash")
    index = TextIndex(hashes, files.ints("index", "code"), len(hashes))
    sample = texts.head(SAMPLE)
    found = index.codes_of(texts, sample)
    return index if np.array_equal(found, np.arange(len(sample))) else None


def _contents(folder: Path) -> Mapping[str, object]:
    checksum, _, text = (folder / CONTENTS).read_text(encoding="ascii").partition("\n")
    if zlib.crc32(text.encode()) != int(checksum):
        raise DamagedError(str(folder))
    contents = json.loads(text)
    if not isinstance(contents, dict) or contents.get("format") != FORMAT:
        raise DamagedError(str(folder))
    return contents


def _mark(path: Path) -> list[int]:
    """A file's length and checksum, read a little at a time."""
    length = checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            length += len(chunk)
            checksum = zlib.crc32(chunk, checksum)
    return [length, checksum]


def _mapped(path: Path) -> mmap.mmap | bytes:
    """A file's bytes, read when they are asked for; an empty one cannot be mapped."""
    if not path.stat().st_size:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _lined(line: Timeline) -> dict[str, Column]:
    return {
        "subject": line.subject,
        "valid": line.valid,
        "number": line.number,
        "value": line.value,
    }


def _celled(cells: CellLog) -> dict[str, Column]:
    lined = _lined(cells.line)
    lined["text"] = cells.values.texts
    if cells.values.lists is not None:
        lined["list"] = cells.values.lists.cast(LISTS)
    return lined


def _line(files: _Files, name: str) -> Timeline:
    return Timeline(
        subject=files.ints(name, "subject"),
        valid=files.longs(name, "valid"),
        number=files.ints(name, "number"),
        value=files.ints(name, "value"),
    )


def _cells(files: _Files, name: str) -> CellLog:
    texts = files.texts(name)
    lists = texts["list"] if "list" in texts.columns else None
    return CellLog(_line(files, name), Values(texts["text"], lists))


def _texts(found: object) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise TypeError(found)
    return found


def _pairs(found: object) -> list[tuple[object, object]]:
    if not isinstance(found, list):
        raise TypeError(found)
    return [(one, other) for one, other in found]


def _numbers(found: object) -> dict[int, int]:
    return {int(str(one)): int(str(other)) for one, other in _pairs(found)}


def _models(found: object, load: Load) -> tuple[DeclaredModel, ...]:
    if not isinstance(found, list):
        raise TypeError(found)
    return tuple(DeclaredModel(valid, number, load(text), text) for valid, number, text in found)
