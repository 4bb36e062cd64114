"""Rich-text documents (nodes with marks) as Markdown."""

from __future__ import annotations

from latticework.sources.tree import Fields, Items, Said, Tree

_MARKS = {"strong": "**", "em": "*", "code": "`", "strike": "~~"}
_BLOCKS_APART = "\n\n"


def is_document(tree: Tree) -> bool:
    """Whether a value is a rich-text document."""
    return isinstance(tree, Fields) and tree.get("type") == "doc" and "content" in tree


def markdown_of(tree: Tree) -> str:
    """A document's text as Markdown; what has no Markdown keeps its text."""
    return _blocks(_content(tree)).strip()


def _content(tree: Tree) -> Items:
    content = tree.get("content") if isinstance(tree, Fields) else None
    return content if isinstance(content, Items) else Items()


def _text(tree: Tree, *names: str) -> str:
    """A text below named values, empty where there is none."""
    for name in names:
        tree = tree.get(name) if isinstance(tree, Fields) else None
    return str(tree) if isinstance(tree, Said) else ""


def _blocks(items: Items) -> str:
    return _BLOCKS_APART.join(text for each in items if (text := _block(each)))


def _block(tree: Tree) -> str:
    inner = _content(tree)
    match _text(tree, "type"):
        case "heading":
            level = _text(tree, "attrs", "level")
            return "#" * (int(level) if level.isdecimal() else 1) + " " + _inline(inner)
        case "bulletList" | "taskList" | "decisionList":
            return "\n".join(_item("- ", each) for each in inner)
        case "orderedList":
            return "\n".join(_item(f"{n}. ", each) for n, each in enumerate(inner, start=1))
        case "codeBlock":
            return f"```{_text(tree, 'attrs', 'language')}\n{_inline(inner)}\n```"
        case "blockquote" | "panel":
            return "\n".join(f"> {line}".rstrip() for line in _blocks(inner).splitlines())
        case "rule":
            return "---"
        case "table":
            return "\n".join(_table_row(each, first=not n) for n, each in enumerate(inner))
        case "paragraph":
            return _inline(inner)
        case _:
            return (
                _blocks(inner) if inner and not _is_inline(inner) else _inline(inner) or _leaf(tree)
            )


def _is_inline(items: Items) -> bool:
    return any(_text(each, "type") in {"text", "mention", "emoji", "hardBreak"} for each in items)


def _item(mark: str, tree: Tree) -> str:
    inner = _content(tree)
    if _text(tree, "type") == "taskItem":
        mark += "[x] " if _text(tree, "attrs", "state") == "DONE" else "[ ] "
    text = _inline(inner) if _is_inline(inner) else "\n".join(_block(each) for each in inner)
    return mark + text.replace("\n", "\n" + " " * 2)


def _table_row(tree: Tree, *, first: bool) -> str:
    cells = [
        _blocks(_content(each)).replace("\n", " ").replace("|", "\\|") for each in _content(tree)
    ]
    row = "| " + " | ".join(cells) + " |"
    return row + "\n" + "|---" * len(cells) + "|" if first else row


def _inline(items: Items) -> str:
    return "".join(_leaf(each) for each in items)


def _leaf(tree: Tree) -> str:
    match _text(tree, "type"):
        case "text":
            return _marked(tree)
        case "hardBreak":
            return "\n"
        case "mention" | "emoji" | "status" | "date":
            return _text(tree, "attrs", "text") or _text(tree, "attrs", "shortName")
        case "inlineCard" | "blockCard" | "embedCard":
            return f"<{_text(tree, 'attrs', 'url')}>"
        case "media":
            return f"[{_text(tree, 'attrs', 'alt') or 'attachment'}]"
        case _:
            return _inline(_content(tree))


def _marked(tree: Tree) -> str:
    text = _text(tree, "text")
    marks = tree.get("marks") if isinstance(tree, Fields) else None
    for each in marks if isinstance(marks, Items) else ():
        sort = _text(each, "type")
        if sort == "link":
            text = f"[{text}]({_text(each, 'attrs', 'href')})"
        elif sort in _MARKS and text.strip():
            text = f"{_MARKS[sort]}{text}{_MARKS[sort]}"
    return text
