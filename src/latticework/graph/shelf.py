"""A log as a folder of Arrow files and a table of contents, and back.

The contents give each file's length and checksum; a file that differs, or
contents that do not read, are DamagedError.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from latticework.graph.log import CellLog, DeclaredModel, EdgeLog, Load, Log, Ranked
from latticework.graph.names import Names, TextIndex, text_index
from latticework.graph.timeline import Ints, Longs, Timeline
from latticework.graph.values import LISTS, Values

FORMAT = 2
"""Raised whenever the files mean something else."""

CONTENTS = "contents.json"

SAMPLE = 64


Column = pl.Series | Ints | Longs | npt.NDArray[np.uint64]


class DamagedError(Exception):
    """A kept log that cannot be trusted."""


def write_log(log: Log, folder: Path) -> None:
    """Write all of a log into an empty folder; raises OSError."""
    files: dict[str, list[int]] = {}
    for name, columns in _columns(log):
        frame = pl.DataFrame([pl.Series(key, column) for key, column in columns.items()])
        path = folder / f"{name}.arrow"
        frame.write_ipc(path, compression="uncompressed", record_batch_size=max(len(frame), 1))
        files[name] = [path.stat().st_size, _checksum(path)]
    contents = {
        "format": FORMAT,
        "head": log.head,
        "files": files,
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


@dataclass(frozen=True)
class _Files:
    """The files of a folder, each trusted only as its contents describe it."""

    folder: Path
    known: Mapping[str, list[int]]

    def frame(self, name: str) -> pl.DataFrame:
        """The columns of a file, mapped; raises DamagedError."""
        path = self.folder / f"{name}.arrow"
        length, checksum = self.known[name]
        if path.stat().st_size != length or _checksum(path) != checksum:
            raise DamagedError(str(path))
        return pl.read_ipc(path)


def _read(folder: Path, contents: Mapping[str, object], load: Load) -> Log:
    known = contents["files"]
    head = contents["head"]
    if not isinstance(known, dict) or not isinstance(head, int):
        raise TypeError(contents)
    files = _Files(folder, known)
    instants = files.frame("known")
    return Log(
        head=head,
        names=_names(files, contents),
        existence=_line(files.frame("existence")),
        cells={
            word: _cells(files.frame(f"cells-{spot}"))
            for spot, word in enumerate(_texts(contents["cells"]))
        },
        edges={
            str(word): _edges(files, spot, _texts(fields))
            for spot, (word, fields) in enumerate(_pairs(contents["edges"]))
        },
        models=_models(contents["models"], load),
        known_at=_longs(instants, "at"),
        known_numbers=_longs(instants, "number"),
    )


def _names(files: _Files, contents: Mapping[str, object]) -> Names:
    texts, pairs = files.frame("texts"), files.frame("pairs")
    return Names(
        texts=texts["text"],
        node_of=_ints(texts, "node"),
        firsts=_ints(files.frame("firsts"), "code"),
        words=tuple(_texts(contents["words"])),
        word_codes=_ints(texts, "word"),
        move_pairs=(_ints(pairs, "origin"), _ints(pairs, "goal")),
        moves=_line(files.frame("moves")),
        origin_codes=_numbers(contents["origins"]),
        known_index=_index(files.frame("index"), texts["text"]),
    )


def _edges(files: _Files, spot: int, fields: list[str]) -> EdgeLog:
    ends = files.frame(f"edges-{spot}")
    return EdgeLog(
        sources=_ints(ends, "source"),
        targets=_ints(ends, "target"),
        state=_line(files.frame(f"state-{spot}")),
        fields={
            name: _cells(files.frame(f"carried-{spot}-{other}"))
            for other, name in enumerate(fields)
        },
        known_ranking=Ranked(_longs(ends, "pair"), _ints(ends, "order")),
    )


def _index(frame: pl.DataFrame, texts: pl.Series) -> TextIndex | None:
    """The index of texts, unless another version of the library hashed them."""
    index = TextIndex(frame["hash"].to_numpy(), _ints(frame, "code"), len(frame))
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


def _checksum(path: Path) -> int:
    if not path.stat().st_size:
        return 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return zlib.crc32(mapped)


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


def _line(frame: pl.DataFrame) -> Timeline:
    return Timeline(
        subject=_ints(frame, "subject"),
        valid=_longs(frame, "valid"),
        number=_ints(frame, "number"),
        value=_ints(frame, "value"),
    )


def _cells(frame: pl.DataFrame) -> CellLog:
    lists = frame["list"] if "list" in frame.columns else None
    return CellLog(_line(frame), Values(frame["text"], lists))


def _ints(frame: pl.DataFrame, name: str) -> Ints:
    return frame[name].to_numpy().astype(np.int32, copy=False)


def _longs(frame: pl.DataFrame, name: str) -> Longs:
    return frame[name].to_numpy().astype(np.int64, copy=False)


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
