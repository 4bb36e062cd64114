"""Pages: what a view answers, and how a view is declared."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from latticework.base.findings import Finding, Refused, error
from latticework.base.near import did_you_mean
from latticework.base.registry import Declared
from latticework.views.visuals import Block

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.views.sight import Sight

_SAYS = "says"
_POSITION = "position"
_REQUIRED = "required"
_OFFERS = "offers"
_USUAL = "usual"
_RARE = "rare"
_LEAST = "least"
_MOST = "most"
_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "": True}
_FLAGS |= {"false": False, "no": False, "off": False, "0": False}


MOST_NUMBER = 1_000_000_000
"""No parameter is a greater number, unless it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The answer of a view: a title, blocks to draw, and rows for machines.

    `ref` is set where the page is about one thing. `data` is what `--json`,
    `--csv` and the HTTP endpoint give: plain values by name, all of them even
    where a block draws only the first. `query` is the question that was asked,
    where the reader left it out too, and `usual` what other parameters
    that were left out stand for.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    ref: str = ""
    data: Iterable[Mapping[str, object]] = ()
    query: str = ""
    usual: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """Rows for machines that are made each time they are read."""

    make: Callable[[], Iterable[Mapping[str, object]]]

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        """The rows, made now."""
        return iter(self.make())


@dataclass(frozen=True, kw_only=True)
class Param:
    """What a reader may choose of a view, as every surface offers it.

    `position` counts from 1 for what the command line takes without a dash.
    `required` is what the view cannot answer without. `offers` says what a
    page may offer for it: words of its own, and sorts of the model's words
    (stage, kind, links, fields, days, numbers, or parts: what has few values).
    `usual` says what an empty value stands for. What is seldom chosen is `rare`.
    Numbers go from `least` to `most`.
    """

    name: str
    type: type[str] | type[int] | type[bool]
    default: str | int | bool
    says: str
    position: int = 0
    required: bool = False
    offers: str = ""
    usual: str = ""
    rare: bool = False
    least: int = 0
    most: int = MOST_NUMBER


@dataclass(frozen=True, kw_only=True)
class View(Declared):
    """A named question about a company, and how to answer it."""

    params: tuple[Param, ...]
    make: type[object]
    answer: Callable[[Sight, object], Page]

    def build(self, sight: Sight, chosen: Mapping[str, object] | None = None) -> Page:
        """The page for what the reader chose: texts, or values of the type.

        Raises Refused (VIEW001, VIEW002, VIEW009) for names and values that do not fit.
        """
        page = self.answer(sight, self.make(**self.read(chosen or {})))
        said = " · ".join(part for part in (page.subtitle, sight.words) if part)
        return dataclasses.replace(page, subtitle=said)

    def read(self, chosen: Mapping[str, object]) -> dict[str, object]:
        """What was chosen as typed values; raises Refused with all that is wrong."""
        known = {each.name: each for each in self.params}
        findings, values = [], {}
        for name, value in chosen.items():
            if name not in known:
                findings.append(_unknown_param(self.name, name, known))
                continue
            try:
                values[name] = _typed(known[name], value)
            except ValueError:
                findings.append(_unfit_param(known[name], value))
        missing = (each for each in self.params if each.required and not chosen.get(each.name))
        findings.extend(_missing_param(self.name, each) for each in missing)
        if findings:
            raise Refused(findings)
        return values


P = TypeVar("P")
V = TypeVar("V", str, int, bool)


def param(
    default: V,
    says: str,
    *,
    position: int = 0,
    required: bool = False,
    offers: str = "",
    usual: str = "",
    rare: bool = False,
    least: int = 0,
    most: int = MOST_NUMBER,
) -> V:
    """A field of a view's parameters, with the line of help that goes with it."""
    metadata = {_SAYS: says, _POSITION: position, _REQUIRED: required, _OFFERS: offers}
    metadata |= {_USUAL: usual, _RARE: rare, _LEAST: least, _MOST: most}
    return dataclasses.field(default=default, metadata=metadata)


def view(params: type[P]) -> Callable[[Callable[[Graph, P], Page]], View]:
    """Declare a view that needs nothing but the graph."""

    def declare(question: Callable[[Graph, P], Page]) -> View:
        def answer(sight: Sight, chosen: P) -> Page:
            return question(sight.graph, chosen)

        return _declared(question, params, answer)

    return declare


def sight_view(params: type[P]) -> Callable[[Callable[[Sight, P], Page]], View]:
    """Declare a view that also asks the clock, the journal or the findings."""

    def declare(question: Callable[[Sight, P], Page]) -> View:
        return _declared(question, params, question)

    return declare


def _declared(question: object, params: type[P], answer: Callable[[Sight, P], Page]) -> View:
    name = str(getattr(question, "__name__", ""))
    doc = str(getattr(question, "__doc__", "") or "")
    module = str(getattr(question, "__module__", ""))
    return View(
        name=name.strip("_").replace("_", "-"),
        doc=doc,
        module=module,
        params=_params_of(params),
        make=params,
        answer=answer,  # type: ignore[arg-type]  # `make` and `answer` share P
    )


def _params_of(params: type[object]) -> tuple[Param, ...]:
    """Each field of the dataclass, which must have a default of a plain type."""
    if not dataclasses.is_dataclass(params):
        message = f"{params!r} is no dataclass"
        raise TypeError(message)
    return tuple(_param_of(each) for each in dataclasses.fields(params))


def _param_of(field: dataclasses.Field[object]) -> Param:
    default = field.default
    if not isinstance(default, str | int | bool):
        message = f"the parameter '{field.name}' has no default of type str, int or bool"
        raise TypeError(message)
    return Param(
        name=field.name,
        type=type(default),
        default=default,
        says=str(field.metadata.get(_SAYS, "")),
        position=int(field.metadata.get(_POSITION, 0)),
        required=bool(field.metadata.get(_REQUIRED, False)),
        offers=str(field.metadata.get(_OFFERS, "")),
        usual=str(field.metadata.get(_USUAL, "")),
        rare=bool(field.metadata.get(_RARE, False)),
        least=int(field.metadata.get(_LEAST, 0)),
        most=int(field.metadata.get(_MOST, MOST_NUMBER)),
    )


def _typed(known: Param, value: object) -> object:
    if known.type is int:
        number = value if isinstance(value, int) else int(str(value))
        if not known.least <= number <= known.most:
            raise ValueError(number)
        return number
    if known.type is bool and not isinstance(value, bool):
        fold = str(value).strip().casefold()
        if fold not in _FLAGS:
            raise ValueError(fold)
        return _FLAGS[fold]
    return value if isinstance(value, known.type) else str(value)


def _unknown_param(view_name: str, name: str, known: Mapping[str, Param]) -> Finding:
    every = ", ".join(known) or "none"
    return error(
        "VIEW001",
        f"'{view_name}' has no parameter '{name}'",
        hint=did_you_mean(name, known, otherwise=f"it has: {every}"),
        value=name,
    )


def _missing_param(view_name: str, missing: Param) -> Finding:
    return error("VIEW009", f"'{view_name}' needs '{missing.name}'", hint=missing.says)


def _unfit_param(known: Param, value: object) -> Finding:
    number = f"a whole number from {known.least:,} to {known.most:,}"
    wanted = {int: number, bool: "yes or no"}.get(known.type, "text")
    return error(
        "VIEW002",
        f"'{value}' does not fit the parameter '{known.name}'",
        hint=f"give {wanted}",
        value=str(value),
    )
