"""How far long work is: a bar on a terminal, silence in a pipe."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from latticework.surfaces.terminal import console


class RateColumn(TextColumn):
    """So many changes per second."""

    def __init__(self) -> None:
        """Made without a format: the text is computed."""
        super().__init__("")

    def render(self, task: Task) -> Text:
        """The rate, once there is one."""
        rate = task.finished_speed or task.speed
        return Text(f"{rate:,.0f}/s" if rate else "", style="dim")


class Bar:
    """A bar on standard error; nothing where that is no terminal."""

    def __init__(self, says: str) -> None:
        """Say what is being done."""
        screen = console(err=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TextColumn("[dim]{task.completed:,}", markup=True),
            RateColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]left", markup=True),
            TimeRemainingColumn(),
            console=screen,
            transient=True,
            disable=not screen.is_terminal,
        )
        self._task = self._progress.add_task(says, total=None)

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self,
        sort: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def advance(self, done: int, total: int | None = None) -> None:
        """So much is done, of so much where that is known."""
        self._progress.update(self._task, completed=done, total=total)
