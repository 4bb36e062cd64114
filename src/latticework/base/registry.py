"""Declarations and where they are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from types import ModuleType
from typing import Generic, TypeVar

from latticework.base.findings import Finding, Place, error


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What every declaration carries."""

    name: str
    doc: str
    module: str

    @property
    def summary(self) -> str:
        """The first line of the doc."""
        return self.doc.partition("\n")[0]


D = TypeVar("D", bound=Declared)


class DeclaredTwiceError(Exception):
    """Two declarations bear one name."""

    def __init__(self, name: str, first: str, second: str) -> None:
        """Name both modules."""
        super().__init__(f"'{name}' is declared in {first} and again in {second}")


class Registry(Mapping[str, D], Generic[D]):
    """Declarations by name, and what went wrong while looking for them."""

    def __init__(self, found: Iterable[D], findings: Iterable[Finding] = ()) -> None:
        """Refuse a name that is declared twice."""
        items: dict[str, D] = {}
        for item in found:
            if item.name in items:
                raise DeclaredTwiceError(item.name, items[item.name].module, item.module)
            items[item.name] = item
        self._items = dict(sorted(items.items()))
        self.findings = tuple(findings)

    def __getitem__(self, name: str) -> D:
        """The declaration of this name."""
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        """Names in alphabetical order."""
        return iter(self._items)

    def __len__(self) -> int:
        """How many are declared."""
        return len(self._items)


def discover(sort: type[D], package: ModuleType, *, group: str) -> Registry[D]:
    """Collect declarations from `package` and from installed plugins.

    Ours must import; a plugin that does not becomes a finding.
    """
    modules = [
        importlib.import_module(f"{package.__name__}.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
    ]
    findings = []
    for point in entry_points(group=group):
        try:
            modules.append(point.load())
        except Exception as problem:  # noqa: BLE001  a plugin may raise anything
            says = f"plugin '{point.name}' did not import: {problem}"
            place = Place(file=point.value)
            findings.append(error("PLUGIN001", says, hint="upgrade or uninstall it", place=place))
    return Registry(
        (
            item
            for module in modules
            for item in vars(module).values()
            if isinstance(item, sort) and item.module == module.__name__
        ),
        findings,
    )
