"""Issues of a Jira export in CSV, in any of its vocabularies, as one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from latticework.base.findings import Finding, Place, notice, warning
from latticework.sources.days import day_of_text, is_unsettled, iso_of, settle
from latticework.sources.rows import Row, Sheet, add, sheet_of
from latticework.sources.shaping import below
from latticework.sources.tree import Fields, Items, Read, Said

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
    sheet = sheet_of(text)
    names = [_name_of(each) for each in sheet.header]
    findings = list(sheet.findings)
    if sheet.rows and "key" not in names:
        findings += _find_key(sheet, names)
    order = settle(_dates(sheet, names))
    issues = [(_issue(names, row, order), row) for row in sheet.rows]
    findings += _unsettled(issues, order)
    _name_parents([issue for issue, _ in issues])
    items = Items(1, 1)
    items.extend(issue for issue, _ in issues)
    return Read(items or None, tuple(findings))


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


def _find_key(sheet: Sheet, names: list[str]) -> Iterator[Finding]:
    """Take for the key the first column that holds nothing but different keys."""
    for at, header in enumerate(sheet.header):
        cells = [row.cells[at] for row in sheet.rows if at < len(row.cells)]
        if len(set(cells)) == len(sheet.rows) and all(_KEY.fullmatch(each) for each in cells):
            names[at] = "key"
            says = f"no column is called 'Issue key'; '{header}' is taken for it"
            yield notice("SOURCE051", says, hint="nothing to do if it is", place=Place(line=1))
            return
    says = "no column holds the issues' keys"
    hint = "export with 'Issue key', as 'CSV (all fields)' does"
    yield warning("SOURCE051", says, hint=hint, place=Place(line=1))


def _dates(sheet: Sheet, names: Sequence[str]) -> Iterator[str]:
    """Every text in a column of dates: one export writes them all alike."""
    columns = [at for at, name in enumerate(names) if name in _DATES]
    for row in sheet.rows:
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


def _name_parents(issues: Sequence[Fields]) -> None:
    """A parent by its key: a column of its own, an epic link, or a number to look up."""
    keys = {
        str(issue["id"]): issue.get("key") for issue in issues if isinstance(issue.get("id"), Said)
    }
    for issue in issues:
        parent = issue.pop("parent", None)
        named = issue.pop("parent key", None) or issue.pop("epic link", None)
        issue.pop("parent summary", None)
        if named is None and isinstance(parent, Said):
            named = keys.get(str(parent)) or parent
        if named is not None:
            issue["parent"] = named


def _unsettled(issues: Sequence[tuple[Fields, Row]], order: str | None) -> Iterator[Finding]:
    """Days of which nothing tells whether the day or the month stands first."""
    if order is not None:
        return
    for issue, row in issues:
        for name in sorted(_DATES):
            said = issue.get(name)
            if isinstance(said, Said) and is_unsettled(said):
                says = f"'{said}' may be either of two days, and no other date of the file tells"
                hint = f'say which in the recipe: {name} | day "day first", or "month first"'
                place = Place(line=row.line, field=name)
                yield warning("SOURCE052", says, hint=hint, place=place, value=str(said))
                return
