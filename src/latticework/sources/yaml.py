"""Source: yaml."""

from __future__ import annotations

from latticework.base.findings import Finding
from latticework.model.document import Bounds, Document, Item, read_document
from latticework.sources.source import source
from latticework.sources.tree import (
    DEEPEST,
    LARGEST_FILE,
    MOST_PARTS,
    Fields,
    Items,
    Read,
    Said,
    Tree,
    UnreadableError,
    unreadable,
)

_BOUNDS = Bounds(characters=LARGEST_FILE, depth=DEEPEST, parts=MOST_PARTS)
_TWICE = "YAML002"


@source(reads=(".yaml", ".yml"))
def yaml(text: str) -> Read:
    """YAML: every scalar stays the text that was written.

    `1.30`, `yes` and `2024-25-13` are texts; the model's fields give them
    their type. A plain `null`, `~` or nothing at all is no value. Of several
    documents in one file one may say something. Of two equal keys the first
    counts, and the second is a finding.
    """
    document = documents_of(text)
    said = [root for root in document.roots if not root.is_null]
    if len(said) > 1:
        hint = "keep one document to a file, or split it"
        raise unreadable("SOURCE003", "a second document begins", hint=hint, line=said[1].line)
    return Read(tree_of(said[0]) if said else None, document.findings)


def documents_of(text: str) -> Document:
    """The documents of a text; raises UnreadableError for all but a key that stands twice."""
    document = read_document(text, bounds=_BOUNDS)
    for finding in document.findings:
        if finding.code != _TWICE:
            raise UnreadableError(finding)
    return document


def tree_of(item: Item) -> Tree:
    """What an item of a document says."""
    value = item.value
    if isinstance(value, str):
        return None if item.is_null else Said(value, item.line, item.column)
    if isinstance(value, list):
        items = Items(item.line, item.column)
        items.extend(map(tree_of, value))
        return items
    fields = Fields(item.line, item.column)
    for key, each in value.items():
        at = each.key
        fields[Said(key, at.line, at.column) if at else key] = tree_of(each)
    return fields


def read_recipe(text: str, file: str) -> tuple[Tree, tuple[Finding, ...]]:
    """A recipe's text as far as it can be read, with all findings."""
    document = read_document(text, file=file)
    return (tree_of(document.root) if document.root else None), document.findings
