"""What files say, held while somebody works on them: all of it, or the first records."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from latticework.base.findings import Finding, Refused
from latticework.sources.proposing.gathering import gathered
from latticework.sources.proposing.sample import Sample, lists_of, sample_of
from latticework.sources.source import Reads, Source, source_of, sources
from latticework.sources.tree import Fields, Items, Read, Tree, UnreadableError

MOST_BYTES = 24_000_000
"""Bytes of files whose trees are held; a tree takes some fifteen times as much."""


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A tree, how large its file was, and the sample of it once somebody asked."""

    read: Read
    size: int


class Held:
    """Files as they were read last, by what stands in them; safe for several threads.

    Whoever is given a tree reads it and changes nothing in it.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Nothing was read yet."""
        self._most = most_bytes
        self._kept: OrderedDict[tuple[str, bytes], _Kept] = OrderedDict()
        self._samples: OrderedDict[tuple[str, str, bytes], Sample] = OrderedDict()
        self._several: tuple[Hashable, Sample | None] = (), None
        self._lock = threading.Lock()

    def read(self, source: Source, data: bytes) -> Read:
        """What the bytes say, read now where they are not at hand; raises UnreadableError."""
        key = (source.name, sha256(data).digest())
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept.read
        read = source.read_bytes(data)
        with self._lock:
            self._kept[key] = _Kept(read=read, size=len(data))
            # The file in work stays, however large it is.
            while len(self._kept) > 1 and sum(e.size for e in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return read

    def first(self, most: int) -> Reads:
        """A way to read the first records of each list alone."""

        def read(source: Source, data: bytes) -> Read:
            whole = self.read(source, data)
            return Read(first_of(whole.tree, most), whole.findings)

        return read

    def count(self, data: bytes, name: str, form: str = "") -> int:
        """How many records the longest list of a file holds; none where it cannot be read."""
        source = sources().get(form) or source_of(data, name)
        if source is None:
            return 0
        try:
            tree = self.read(source, data).tree
        except UnreadableError:
            return 0
        return max((len(records) for _, records in lists_of(tree)), default=0)

    def samples(self, files: Sequence[tuple[str, bytes]]) -> Sample:
        """What stands where in all of several files; raises Refused where none holds records."""
        if len(files) == 1:
            return self.sample(files[0][1], files[0][0])
        key = tuple((name, sha256(data).digest()) for name, data in files)
        with self._lock:
            if key == self._several[0] and self._several[1] is not None:
                return self._several[1]
        found: list[Sample] = []
        findings: list[Finding] = []
        for name, data in files:
            try:
                found.append(self.sample(data, name))
            except Refused as refused:
                findings += refused.findings
        if not found:
            raise Refused(findings)
        sample = gathered(found)
        with self._lock:
            self._several = key, sample
        return sample

    def sample(self, data: bytes, name: str) -> Sample:
        """What stands where in a file; raises Refused as `read_sample` does."""
        source = source_of(data, name) or sources()["csv"]
        key = (source.name, name, sha256(data).digest())
        with self._lock:
            if key in self._samples:
                return self._samples[key]
        sample = sample_of(data, name, source, self.read)
        with self._lock:
            self._samples[key] = sample
            while len(self._samples) > len(self._kept):
                self._samples.popitem(last=False)
        return sample


def first_of(tree: Tree, most: int) -> Tree:
    """The first records of a list, or of each list below a name."""
    if isinstance(tree, Items):
        return _some(tree, most)
    if not isinstance(tree, Fields):
        return tree
    fields = Fields(tree.line, tree.column)
    for name, value in tree.items():
        fields[name] = _some(value, most) if isinstance(value, Items) else value
    return fields


def _some(items: Items, most: int) -> Items:
    some = Items(items.line, items.column)
    some.extend(items[:most])
    return some
