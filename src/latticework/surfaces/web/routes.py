"""Addresses of the pages: each declared beside the function that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from latticework.base.registry import Declared, discover
from latticework.surfaces.web.answer import Answer, Flow
from latticework.surfaces.web.look import Look, Pairs

if TYPE_CHECKING:
    from latticework.surfaces.web.site import Site

Given = Mapping[str, str]
"""The parts of an address by their names in its pattern."""


FORM_ROOM = 4_194_304
"""Bytes that a form may have, unless it says otherwise."""


@dataclass(frozen=True)
class Sent:
    """A file that a reader sent: the name it had there, and what it holds."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Form:
    """What a reader sent: names and values in their order, and files."""

    pairs: Pairs = ()
    files: tuple[Sent, ...] = ()

    def find(self, name: str, otherwise: str = "") -> str:
        """The last value of a name, trimmed."""
        found = self.all(name)
        return found[-1].strip() if found else otherwise

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a name, as sent."""
        return tuple(value for key, value in self.pairs if key == name)


Read = Callable[["Site", Look, Given], Answer | Flow]
Do = Callable[["Site", Look, Given, Form], Answer]


@dataclass(frozen=True, kw_only=True)
class Route(Declared):
    """A page: its addresses, and who answers a reader."""

    paths: tuple[str, ...]
    read: Read


@dataclass(frozen=True, kw_only=True)
class Deed(Declared):
    """What a form does: its address, and who does it; mostly it leads on to a page.

    `writes` where the company is changed by it; `room` is how many bytes it takes.
    """

    path: str
    do: Do
    writes: bool = True
    room: int = FORM_ROOM


def route(*paths: str) -> Callable[[Read], Route]:
    """Declare a function as the page at these addresses."""

    def declare(read: Read) -> Route:
        doc = read.__doc__ or ""
        return Route(name=read.__name__, doc=doc, module=read.__module__, paths=paths, read=read)

    return declare


def deed(path: str, *, writes: bool = True, room: int = FORM_ROOM) -> Callable[[Do], Deed]:
    """Declare a function as what a form sent to this address does."""

    def declare(do: Do) -> Deed:
        doc = do.__doc__ or ""
        return Deed(
            name=do.__name__,
            doc=doc,
            module=do.__module__,
            path=path,
            do=do,
            writes=writes,
            room=room,
        )

    return declare


def go(address: str) -> Answer:
    """The answer that leads a browser on to another page, to be read with GET."""
    return Answer(body="", status=303, headers={"location": local(address)})


def local(address: str | None) -> str:
    """An address of ours to go to; never another site's."""
    ours = address and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours and address and address.isprintable() else "/"


@cache
def routes() -> tuple[Route, ...]:
    """Every page there is, found once."""
    from latticework.surfaces.web import pages

    return tuple(discover(Route, pages, group="latticework.pages").values())


@cache
def deeds() -> tuple[Deed, ...]:
    """Everything forms can do, found once."""
    from latticework.surfaces.web import pages

    return tuple(discover(Deed, pages, group="latticework.deeds").values())
