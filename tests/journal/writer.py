"""A program that writes to a store and says what was acknowledged.

Called with an address, a name, and how many batches; prints the first and
last number of each batch once the store returned.
"""

from __future__ import annotations

import sys
import time

from latticework.journal.changes import Batch, Put
from latticework.journal.opening import open_store


def main(url: str, name: str, count: int) -> None:
    store = open_store(url)
    for each in range(count):
        changes = tuple(Put(f"bet/{name}-{each}-{part}", {"by": name}) for part in range(7))
        receipt = store.append([Batch(changes=changes, by=name)], now=time.time_ns() // 1000)
        print(receipt.first, receipt.last, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
