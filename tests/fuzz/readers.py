"""One reader of a format, fed by atheris: bytes in, values or findings out.

Run it by hand for as long as wanted; the suite has shorter laws of its own
(tests/sources/test_fuzzing.py), and does not run this one.

    pip install '.[fuzz]'
    mkdir grown
    python tests/fuzz/readers.py jira -max_total_time=60 grown tests/sources/jira

It begins with the recordings and keeps in `grown` what led somewhere new. A
traceback is a defect: the bytes that caused it are left in a file `crash-…`.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["latticework.sources"]):
    from latticework.sources.source import sources
    from latticework.sources.tree import UnreadableError

    # Readers are imported when they are looked for.
    READERS = sources()


def fuzz(name: str, words: list[str]) -> None:
    """Feed one reader until its time is over or it fails."""
    source = READERS[name]

    def read_one(data: bytes) -> None:
        try:
            findings = source.read_bytes(data).findings
        except UnreadableError as problem:
            findings = (problem.finding,)
        for each in findings:
            if not each.says:
                raise RuntimeError(f"{each.code} says nothing")

    atheris.Setup(words, read_one)
    atheris.Fuzz()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in READERS:
        sys.exit(f"name a reader: {', '.join(sorted(READERS))}")
    fuzz(sys.argv[1], [sys.argv[0], *sys.argv[2:]])
