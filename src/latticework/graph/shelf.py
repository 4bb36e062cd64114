"""A log as a folder of Arrow files and a table of contents, and back.

The contents give each file's length and checksum; a file that differs, or
contents that do not read, are DamagedError.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Mapping
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

    def put(name: str, **columns: Column) -> None:
        frame = pl.DataFrame([pl.Series(key, column) for key, column in columns.items()])
        path = folder / f"{name}.arrow"
        frame.write_ipc(path, compression="uncompressed", record_batch_size=max(len(frame), 1))
        files[name] = [path.stat().st_size, _checksum(path)]

    names = log.names
    put("texts", text=names.texts, node=names.node_of, word=names.word_codes)
    index = text_index(names.texts) if names.index.recent else names.index
    put("index", hash=index.hashes, code=index.order)
    put("firsts", code=names.firsts)
    put("moves", **_lined(names.moves))
    put("pairs", origin=names.move_pairs[0], goal=names.move_pairs[1])
    put("known", at=log.known_at, number=log.known_numbers)
    put("existence", **_lined(log.existence))
    for spot, cells in enumerate(log.cells.values()):
        put(f"cells-{spot}", **_celled(cells))
    for spot, edges in enumerate(log.edges.values()):
        ranked = edges.ranked
        put(
            f"edges-{spot}",
            source=edges.sources,
            target=edges.targets,
            pair=ranked.pairs,
            order=ranked.order,
        )
        put(f"state-{spot}", **_lined(edges.state))
        for other, cells in enumerate(edges.fields.values()):
            put(f"carried-{spot}-{other}", **_celled(cells))
    contents = {
        "format": FORMAT,
        "head": log.head,
        "files": files,
        "words": names.words,
        "origins": list(names.origin_codes.items()),
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


def _read(folder: Path, contents: Mapping[str, object], load: Load) -> Log:
    files = contents["files"]
    assert isinstance(files, dict)

    def get(name: str) -> pl.DataFrame:
        path = folder / f"{name}.arrow"
        length, checksum = files[name]
        if path.stat().st_size != length or _checksum(path) != checksum:
            raise DamagedError(str(path))
        return pl.read_ipc(path)

    texts, pairs, known = get("texts"), get("pairs"), get("known")
    names = Names(
        texts=texts["text"],
        node_of=_ints(texts, "node"),
        firsts=_ints(get("firsts"), "code"),
        words=tuple(_texts(contents["words"])),
        word_codes=_ints(texts, "word"),
        move_pairs=(_ints(pairs, "origin"), _ints(pairs, "goal")),
        moves=_line(get("moves")),
        origin_codes=_numbers(contents["origins"]),
        known_index=_index(get("index"), texts["text"]),
    )
    edges: dict[str, EdgeLog] = {}
    for spot, (word, fields) in enumerate(_pairs(contents["edges"])):
        frame = get(f"edges-{spot}")
        edges[str(word)] = EdgeLog(
            sources=_ints(frame, "source"),
            targets=_ints(frame, "target"),
            state=_line(get(f"state-{spot}")),
            fields={
                name: _cells(get(f"carried-{spot}-{other}"))
                for other, name in enumerate(_texts(fields))
            },
            known_ranking=Ranked(_longs(frame, "pair"), _ints(frame, "order")),
        )
    head = contents["head"]
    assert isinstance(head, int)
    return Log(
        head=head,
        names=names,
        existence=_line(get("existence")),
        cells={
            word: _cells(get(f"cells-{spot}"))
            for spot, word in enumerate(_texts(contents["cells"]))
        },
        edges=edges,
        models=_models(contents["models"], load),
        known_at=_longs(known, "at"),
        known_numbers=_longs(known, "number"),
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


def _lined(line: Timeline) -> dict[str, Ints | Longs]:
    return {
        "subject": line.subject,
        "valid": line.valid,
        "number": line.number,
        "value": line.value,
    }


def _celled(cells: CellLog) -> dict[str, pl.Series | Ints | Longs]:
    lined: dict[str, pl.Series | Ints | Longs] = {**_lined(cells.line)}
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
