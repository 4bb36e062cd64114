"""Issues of a Jira export in CSV, in any of its vocabularies, as one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from latticework.base.findings import Finding, Place, notice, warning
from latticework.sources.content import Content
from latticework.sources.days import day_of_text, is_unsettled, iso_of, settle
from latticework.sources.intakes.book import Book
from latticework.sources.recipes.picks import spread
from latticework.sources.rows import (
    LongSheet,
    Row,
    add,
    long_sheet,
    long_sheet_of,
    portions,
)
from latticework.sources.shaping import below
from latticework.sources.source import together
from latticework.sources.tree import Fields, Items, Read, Said

NOTED = 10_000
"""Rows whose numbers are noted together."""

_KEY = re.compile(r"[A-Z][A-Z0-9_]*-\d+")
_CUSTOM = re.compile(
    r"(?:custom field|пользовательское поле|benutzerdefiniertes feld|champ personnalisé|campo personalizado) \((.+)\)",
    re.I,
)
_LINK = re.compile(
    r"(?P<way>inward|outward|входящая|исходящая|eingehende|ausgehende)\b[^(]*\((?P<type>.+)\)", re.I
)
_INWARD = {"inward", "входящая", "eingehende"}
_NAMES: Mapping[str, Sequence[str]] = {
    "key": (
        "issue key",
        "key",
        "ключ проблемы",
        "ключ задачи",
        "vorgangsschlüssel",
        "schlüssel",
        "clave de incidencia",
        "clé de ticket",
        "clé",
        "chave da item",
        "课题关键字",
        "問題キー",
    ),
    "id": (
        "issue id",
        "идентификатор проблемы",
        "id задачи",
        "vorgangs-id",
        "id de ticket",
        "id de la incidencia",
    ),
    "type": (
        "issue type",
        "тип задачи",
        "тип проблемы",
        "vorgangstyp",
        "type de ticket",
        "tipo de incidencia",
        "tipo de item",
    ),
    "summary": (
        "summary",
        "тема",
        "резюме",
        "zusammenfassung",
        "résumé",
        "resumen",
        "resumo",
        "概要",
    ),
    "description": (
        "description",
        "описание",
        "beschreibung",
        "descripción",
        "descrição",
        "描述",
        "説明",
    ),
    "status": ("status", "статус", "état", "estado", "状态", "ステータス"),
    "status category": ("status category", "категория статуса", "statuskategorie"),
    "status category changed": ("status category changed",),
    "priority": ("priority", "приоритет", "priorität", "priorité", "prioridad", "prioridade"),
    "resolution": ("resolution", "решение", "lösung", "résolution", "resolución"),
    "assignee": (
        "assignee",
        "исполнитель",
        "bearbeiter",
        "zugewiesene person",
        "responsable",
        "persona asignada",
        "responsável",
    ),
    "assignee id": ("assignee id",),
    "reporter": (
        "reporter",
        "автор",
        "berichterstatter",
        "autor",
        "rapporteur",
        "informador",
        "relator",
    ),
    "reporter id": ("reporter id",),
    "creator": ("creator", "создатель", "ersteller", "créateur", "creador", "criador"),
    "creator id": ("creator id",),
    "created": (
        "created",
        "создано",
        "дата создания",
        "erstellt",
        "création",
        "créé",
        "creada",
        "criado",
    ),
    "updated": (
        "updated",
        "обновлено",
        "дата обновления",
        "aktualisiert",
        "mise à jour",
        "actualizada",
        "atualizado",
    ),
    "resolved": (
        "resolved",
        "дата решения",
        "решено",
        "erledigt",
        "résolu",
        "resuelta",
        "resolvido",
    ),
    "due": (
        "due date",
        "срок исполнения",
        "дата исполнения",
        "fälligkeitsdatum",
        "fällig",
        "date d'échéance",
        "échéance",
        "fecha de vencimiento",
        "data limite",
    ),
    "last viewed": ("last viewed", "последний просмотр", "zuletzt angesehen"),
    "labels": ("labels", "метки", "stichwörter", "étiquettes", "etiquetas", "rótulos", "标签"),
    "components": (
        "components",
        "component/s",
        "компоненты",
        "компонент(ы)",
        "komponenten",
        "komponente(n)",
        "composants",
        "componentes",
    ),
    "fix versions": (
        "fix versions",
        "fix version/s",
        "исправить в версиях",
        "версии исправления",
        "lösungsversionen",
        "lösungsversion(en)",
        "versions corrigées",
        "versiones correctoras",
    ),
    "affects versions": (
        "affects versions",
        "affects version/s",
        "affected version/s",
        "затронуты версии",
        "betroffene versionen",
    ),
    "sprints": ("sprint", "спринт", "スプリント"),
    "parent": (
        "parent",
        "parent id",
        "родитель",
        "родительская задача",
        "übergeordnet",
        "übergeordnete aufgabe",
        "principal",
    ),
    "parent key": ("parent key",),
    "parent summary": ("parent summary",),
    "project.key": (
        "project key",
        "ключ проекта",
        "projektschlüssel",
        "clé de projet",
        "clave del proyecto",
    ),
    "project.name": (
        "project name",
        "имя проекта",
        "название проекта",
        "projektname",
        "nom du projet",
        "nombre del proyecto",
    ),
    "original estimate": ("original estimate", "исходная оценка"),
    "remaining estimate": ("remaining estimate",),
    "time spent": ("time spent", "затрачено времени"),
    "comment": ("comment", "комментарий", "kommentar"),
    "watchers": ("watchers", "наблюдатели", "beobachter"),
}
_OURS = {theirs: ours for ours, names in _NAMES.items() for theirs in names}
_DATES = frozenset(
    {"created", "updated", "resolved", "due", "last viewed", "status category changed"}
)
_PEOPLE = ("assignee", "reporter", "creator")
_EPIC_LINKS = frozenset({"epic link", "ссылка на эпик", "epic-verknüpfung"})


def issues_of_sheet(text: str) -> Read:
    """The issues of an export; raises UnreadableError."""
    export = _Export(long_sheet_of(text))
    return together(export.portions(max(len(text), 1)))


def issues_of_long_sheet(content: Content, size: int) -> Iterator[Read]:
    """The same, so many issues at a time; raises UnreadableError before the first."""
    return _Export(long_sheet(content)).portions(size)


class _Export:
    """An export that was looked through once: its key, its order of days, its numbers."""

    def __init__(self, sheet: LongSheet) -> None:
        self._sheet = sheet
        self._names = [_name_of(each) for each in sheet.header]
        self._odd: list[Finding] = []
        if "key" not in self._names:
            self._odd += _find_key(sheet, self._names)
        self._order = settle(_dates(sheet, self._names))
        self._keys = _keys_by_number(sheet, self._names)

    def portions(self, size: int) -> Iterator[Read]:
        """So many issues at a time; at least one portion, if an empty one."""
        settled = False
        for rows, read in portions(self._sheet, self._issue, size):
            issues = [each for each in spread(read.tree) if isinstance(each, Fields)]
            doubts = () if settled else tuple(_unsettled(issues, rows, self._order))
            _name_parents(issues, self._keys)
            yield Read(read.tree or None, (*read.findings, *self._odd, *doubts))
            self._odd, settled = [], settled or bool(doubts)

    def _issue(self, row: Row) -> Fields:
        return _issue(self._names, row, self._order)


def _keys_by_number(sheet: LongSheet, names: Sequence[str]) -> Book[str]:
    """The key of each issue's number, where parents are named by number."""
    keys: Book[str] = Book()
    if not {"key", "id", "parent"} <= set(names):
        return keys
    number, key = names.index("id"), names.index("key")
    rows = sheet.rows()
    while some := tuple(islice(rows, NOTED)):
        told = [row.cells for row in some if len(row.cells) > max(number, key)]
        keys.note([cells[number] for cells in told], [cells[key] for cells in told])
    return keys


def _name_of(header: str) -> str:
    """Our name for a column; its own where we have none."""
    folded = " ".join(header.split()).casefold()
    if folded in _OURS:
        return _OURS[folded]
    if link := _LINK.fullmatch(folded):
        way = "inward" if link["way"].casefold() in _INWARD else "outward"
        return f"links.{way}.{_LINK.fullmatch(header.strip())['type']}"  # type: ignore[index]
    if custom := _CUSTOM.fullmatch(header.strip()):
        folded = custom[1].casefold()
        if folded in _EPIC_LINKS:
            return "epic link"
        return "sprints" if _OURS.get(folded) == "sprints" else f"custom.{custom[1]}"
    return header


def _find_key(sheet: LongSheet, names: list[str]) -> Iterator[Finding]:
    """Take for the key the first column that holds nothing but different keys."""
    hashes: dict[int, set[int]] = {at: set() for at in range(len(names))}
    count = 0
    for row in sheet.rows():
        count += 1
        for at in tuple(hashes):
            cell = row.cells[at] if at < len(row.cells) else ""
            told = hash(cell)
            if not _KEY.fullmatch(cell) or told in hashes[at]:
                del hashes[at]
            else:
                hashes[at].add(told)
    if not count:
        return
    for at in hashes:
        names[at] = "key"
        says = f"no column is called 'Issue key'; '{sheet.header[at]}' is taken for it"
        yield notice("SOURCE051", says, hint="nothing to do if it is", place=Place(line=1))
        return
    says = "no column holds the issues' keys"
    hint = "export with 'Issue key', as 'CSV (all fields)' does"
    yield warning("SOURCE051", says, hint=hint, place=Place(line=1))


def _dates(sheet: LongSheet, names: Sequence[str]) -> Iterator[str]:
    """Every text in a column of dates: one export writes them all alike."""
    columns = [at for at, name in enumerate(names) if name in _DATES]
    for row in sheet.rows():
        yield from (row.cells[at] for at in columns if at < len(row.cells) and row.cells[at])


def _issue(names: Sequence[str], row: Row, order: str | None) -> Fields:
    """One row; names with dots stand below one another."""
    out = Fields(row.line, 1)
    for name, cell in zip(names, row.cells, strict=False):
        if not cell or cell.isspace():
            continue
        text = cell
        if name in _DATES:
            text = iso_of(cell, order) or cell
            text = day_of_text(text) if name == "due" else text
        elif name.startswith("custom."):
            text = _iso_if_named(cell.removesuffix(".0") if cell[:-2].isdecimal() else cell)
        at, last = out, name
        if name.startswith(("custom.", "links.", "project.")):
            at, last = _below(out, name)
        add(at, last, Said(text, row.line))
    _name_people(out)
    return out


def _iso_if_named(cell: str) -> str:
    """A custom field's day, where its month is a name: a number's order nobody knows."""
    if len(cell) > 30 or not cell[:1].isdecimal() or "/" not in cell:
        return cell
    return iso_of(cell) or cell


def _below(out: Fields, name: str) -> tuple[Fields, str]:
    first, _, rest = name.partition(".")
    at = below(out, first)
    if first == "links":
        way, _, rest = rest.partition(".")
        at = below(at, way)
    return at, rest


def _name_people(out: Fields) -> None:
    """People as in JSON: a key and a name each."""
    people = Items(out.line)
    for role in _PEOPLE:
        name, key = out.pop(role, None), out.pop(f"{role} id", None)
        if isinstance(name, Said) or isinstance(key, Said):
            person = Fields(out.line)
            person["id"] = key if isinstance(key, Said) else name
            person["name"] = name if isinstance(name, Said) else key
            out[role] = person
            people.append(person)
    if people:
        out["people"] = people


def _name_parents(issues: Sequence[Fields], keys: Book[str]) -> None:
    """A parent by its key: a column of its own, an epic link, or a number to look up."""
    named_by = keys.find(str(issue["parent"]) for issue in issues if "parent" in issue)
    for issue in issues:
        parent = issue.pop("parent", None)
        named = issue.pop("parent key", None) or issue.pop("epic link", None)
        issue.pop("parent summary", None)
        if named is None and isinstance(parent, Said):
            key = named_by.get(str(parent), ("",))[-1]
            named = Said(key, parent.line) if key else parent
        if named is not None:
            issue["parent"] = named


def _unsettled(
    issues: Sequence[Fields], rows: Sequence[Row], order: str | None
) -> Iterator[Finding]:
    """Days of which nothing tells whether the day or the month stands first."""
    if order is not None:
        return
    for issue, row in zip(issues, rows, strict=True):
        for name in sorted(_DATES):
            said = issue.get(name)
            if isinstance(said, Said) and is_unsettled(said):
                says = f"'{said}' may be either of two days, and no other date of the file tells"
                hint = f'say which in the recipe: {name} | day "day first", or "month first"'
                place = Place(line=row.line, field=name)
                yield warning("SOURCE052", says, hint=hint, place=place, value=str(said))
                return
