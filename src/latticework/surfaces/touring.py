"""The example company, and a tour of what it can be asked."""

from __future__ import annotations

import tempfile
from pathlib import Path

from latticework.base.findings import Refused, error
from latticework.surfaces.progress import Bar
from latticework.surfaces.terminal import console
from latticework.surfaces.text import draw
from latticework.views.wording import many


def build_example(folder: str | None) -> Path:
    """The folder of the example company, built unless it is there already."""
    from latticework.workspace.example import begin_example
    from latticework.workspace.folder import Folder

    path = Path(folder) if folder else Path(tempfile.mkdtemp(prefix="latticework-")) / "wrenfold"
    screen = console()
    if Folder(path).exists():
        _refuse_another(path)
        screen.print(f"The example company is in {path}.", soft_wrap=True)
        return path
    with Bar("Building the example company") as bar:
        workspace = begin_example(path, progress=bar.advance)
    with workspace:
        entries = many(workspace.store.head().number, "entry")
    screen.print(f"Built the example company in {path}: {entries}.", soft_wrap=True)
    return path


def _refuse_another(path: Path) -> None:
    """Raise Refused (WORK002) where the folder holds a company of somebody's own."""
    from latticework.demo.company import model_text
    from latticework.workspace import Workspace

    with Workspace.open(path) as workspace:
        name = workspace.model.company
    if f"company: {name}" not in model_text():
        says = f"'{path}' holds the company '{name}', not the example"
        raise Refused([error("WORK002", says, hint="choose another folder for the demo")])


def take_tour(path: Path) -> None:
    """Ask each of the tour's questions, and draw the answers."""
    from latticework.demo.tour import TOUR
    from latticework.surfaces.sights import sight_of
    from latticework.views.catalogue import views
    from latticework.workspace import Workspace

    screen = console()
    with Workspace.open(path) as workspace:
        sight = sight_of(workspace)
        draw(views()["kinds"].build(sight), screen, zone=sight.zone)
        for stop in TOUR:
            screen.print()
            screen.print(stop.why, style="italic", soft_wrap=True)
            draw(views()["ask"].build(sight, {"query": stop.asks, "rows": 10}), screen)
    screen.print()
    screen.print("Go on with:", soft_wrap=True)
    for words in ("show TITLE", "feed", "check", "diff 2025-01-01 now", "ask QUERY"):
        screen.print(f"  latticework -C {path} {words}", soft_wrap=True)
