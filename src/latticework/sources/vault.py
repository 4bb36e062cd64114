"""Source: vault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from latticework.sources.markdown import BODY, HEADING, markdown, page_of
from latticework.sources.notes import (
    attached_in,
    fields_in,
    find_task,
    links_in,
    tags_in,
    value_of,
    values_of,
)
from latticework.sources.recipes.picks import spread
from latticework.sources.rows import add
from latticework.sources.shaping import keep, listed
from latticework.sources.source import source
from latticework.sources.tree import Fields, Items, Read, Said, Tree, line_of

if TYPE_CHECKING:
    from markdown_it.token import Token

_REMARK = re.compile(r"%%.*?%%", re.S)
_FRONT_LINK = re.compile(r"\A---[ \t]*\n.*?^---[ \t]*$.*\[\[[^\[\]\n]+\]\]", re.M | re.S)
_VALUE_WORDS = frozenset({"", "value", "values", "description"})
_LISTS = {"tags": ("tags", "tag"), "aliases": ("aliases", "alias")}


def _fits(text: str) -> bool:
    return _FRONT_LINK.match(text) is not None


@source(fits=_fits)
def vault(text: str) -> Read:
    """A vault's notes: Markdown with front matter, wiki links, tags, tasks.

    Besides `heading` and `body` a note has the values of its front matter and
    of `key:: value`, wherever they stand; a value that is nothing but links is
    the names of their notes. `links` are the notes that it links to or embeds,
    by name or path; `attachments` other files; `tags` stand without `#`.
    `sections` are its headings from level two on: `heading`, `level`, `above`,
    `text`, `links`, their own values and those of a table of names and values
    below them (which are the note's where it is the only one). `rows` are the
    rows of other tables, by their header, with `heading`. `tasks` have `text`,
    `state` (open, doing, done, dropped), `heading`, `due`, `scheduled`,
    `starts`, `finished`, `priority`, `repeats`, `id`, `people`, `tags`, `links`.
    """
    page = page_of(text)
    plain = markdown.read(text)
    note = _Note()
    note.read(_REMARK.sub(_blank, page.body), page.above)
    return Read(_joined(page.front.tree, plain, note), plain.findings)


def _joined(front: Tree, plain: Read, note: _Note) -> Fields:
    """A note as a record: what it says of itself, then what stands in it."""
    told = values_of(front)
    out = Fields(1, 1)
    for name in (HEADING, BODY):
        if isinstance(plain.tree, Fields):
            keep(out, name, plain.tree.get(name))
    if isinstance(told, Fields):
        out.update((name, value) for name, value in told.items() if value is not None)
    values = [*note.values, *(note.tables[0] if len(note.tables) == 1 else ())]
    for name, value in values:
        for each in spread(value):
            if isinstance(each, Said) and each not in spread(out.get(name)):
                add(out, name, each)
    lists = {
        name: [each for word in words for each in _texts(out.pop(word, None), name)]
        for name, words in _LISTS.items()
    }
    lists["tags"] += note.tags
    lists["links"] = [*_links(front), *note.links]
    lists["attachments"] = note.attached
    for name, texts in lists.items():
        keep(out, name, listed(dict.fromkeys(texts), line_of(next(iter(texts), None))))
    sections = (each for each in note.sections[1:])
    for name, trees in (("sections", sections), ("rows", note.rows), ("tasks", note.tasks)):
        keep(out, name, listed(trees, 1))
    return out


def _texts(tree: Tree, name: str) -> Iterator[Said]:
    """Texts of a list that may also be one text with commas; tags without marks."""
    for each in spread(tree):
        if not isinstance(each, Said):
            continue
        parts = re.split(r"[,\s]+" if name == "tags" else ",", each)
        if isinstance(tree, Items):
            parts = [each]
        for part in parts:
            if shown := part.strip().removeprefix("#"):
                yield Said(shown, each.line, each.column)


def _links(tree: Tree) -> Iterator[Said]:
    """The notes to which texts of the front matter link."""
    if isinstance(tree, Said):
        yield from links_in(tree)
    elif isinstance(tree, Fields):
        for value in tree.values():
            yield from _links(value)
    elif isinstance(tree, Items):
        told = values_of(tree)
        if isinstance(told, Said):
            yield told
        for each in tree if isinstance(told, Items) else ():
            yield from _links(each)


@dataclass
class _Note:
    """What stands in a note's text, section by section; the first has no heading."""

    values: list[tuple[str, Tree]] = field(default_factory=list)
    tables: list[list[tuple[str, Tree]]] = field(default_factory=list)
    links: list[Said] = field(default_factory=list)
    attached: list[Said] = field(default_factory=list)
    tags: list[Said] = field(default_factory=list)
    sections: list[Fields] = field(default_factory=lambda: [Fields(1, 1)])
    rows: list[Fields] = field(default_factory=list)
    tasks: list[Fields] = field(default_factory=list)

    def read(self, body: str, above: int) -> None:
        """Take in every block of a text that begins so many lines down."""
        from markdown_it import MarkdownIt

        tokens = MarkdownIt("commonmark").enable("table").parse(body)
        rows: list[_Row] | None = None
        opened: list[str] = []
        for at, token in enumerate(tokens):
            line = above + (token.map[0] if token.map else 0) + 1
            if token.type == "table_open":
                rows = []
            elif token.type == "table_close":
                self._table(rows or [])
                rows = None
            elif rows is not None:
                _cell(rows, token, line)
            elif token.type == "inline":
                self._inline(tokens[at - 1], Said(token.content, line), opened[-2:])
            if token.nesting > 0:
                opened.append(token.type)
            elif token.nesting < 0 and opened:
                opened.pop()

    def _inline(self, opening: Token, said: Said, opened: list[str]) -> None:
        """One block of text: a heading, a list item or a paragraph."""
        if opening.type == "heading_open":
            level = int(opening.tag[1:])
            if level > 1:
                self._section(said, level)
            self._note(said)
            return
        task = find_task(said, self._heading) if "list_item_open" in opened else None
        if task is not None:
            self.tasks.append(task)
        self._note(said)
        section = self.sections[-1]
        if task is None:
            for key, value in fields_in(said):
                self.values.append((key, value_of(value)))
                for each in spread(value_of(value)):
                    if isinstance(each, Said):
                        add(section, key, each)
        before = section.get("text")
        text = f"{before}\n\n{said}" if isinstance(before, Said) else str(said)
        section["text"] = Said(text, line_of(before) or said.line)

    def _note(self, said: Said) -> None:
        """Links and tags of a text, for the note and its section."""
        links = list(links_in(said))
        self.links += links
        for each in links:
            add(self.sections[-1], "links", each)
        self.attached += attached_in(said)
        self.tags += tags_in(said)

    @property
    def _heading(self) -> Tree:
        return self.sections[-1].get("heading")

    def _section(self, heading: Said, level: int) -> None:
        """A heading begins a section, inside the last one of a lower level."""
        section = Fields(heading.line, 1)
        section["heading"] = Said(heading.strip(), heading.line)
        section["level"] = Said(str(level), heading.line)
        for each in reversed(self.sections[1:]):
            if int(str(each["level"])) < level:
                keep(section, "above", each.get("heading"))
                break
        self.sections.append(section)

    def _table(self, rows: list[_Row]) -> None:
        """A table: names and values of what the heading names, or rows of records."""
        if not rows:
            return
        header, *rest = rows
        for row in rows:
            for cell in row:
                self._note(cell)
        if _is_of_values(header):
            pairs = [(str(row[0]), value_of(row[1])) for row in rest if len(row) > 1 and row[0]]
            self.tables.append(pairs)
            for name, value in pairs:
                keep(self.sections[-1], name.strip("*_ "), value)
            return
        for row in rest:
            record = Fields(row[0].line if row else 0, 1)
            keep(record, "heading", self._heading)
            for name, cell in zip_longest(header, row):
                for each in spread(value_of(cell) if name and cell else None):
                    if isinstance(each, Said):
                        add(record, str(name), each)
            self.rows.append(record)


_Row = list[Said]


def _cell(rows: list[_Row], token: Token, line: int) -> None:
    """Take in a token of a table: a row begins, or a cell's text."""
    if token.type == "tr_open":
        rows.append([])
    elif token.type == "inline" and rows:
        rows[-1].append(Said(token.content.strip(), line))


def _is_of_values(header: _Row) -> bool:
    """Whether a table has a column of names and a column of values, and no more."""
    return len(header) == 2 and header[1].casefold() in _VALUE_WORDS


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])
