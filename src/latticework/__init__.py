"""Latticework: a living, versioned model of how one company works.

```python
company = latticework.open("harbour")
company.ask("bet where stage is active and serves nothing").to_polars()
```
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latticework.workspace import Workspace

__version__ = "0.1.0"
__all__ = ["begin", "open"]


def open(path: Path | str = ".") -> Workspace:
    """Open the company in a folder; raises Refused where there is none."""
    from latticework.workspace import Workspace

    return Workspace.open(path)


def begin(path: Path | str, *, model: str | None = None, store: str | None = None) -> Workspace:
    """Begin a company in a folder, from a model's text or the starter pack."""
    from latticework.workspace import Workspace

    return Workspace.init(path, model_text=model, store_url=store)
