"""Finding codes as the source declares them: each with its sentences, hints and modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "latticework"
CODE = re.compile(r"[A-Z]{3,12}\d{3}")
"""What a code looks like: its subject, and a number."""

TOLD = ("error", "warning", "notice")
SHOWN = "Blank"
"""A field of a form, in which a code stands as an example."""

MOST = 8
"""Different sentences of one code that are shown."""

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module


@dataclass(frozen=True)
class Said:
    """A sentence of a code, what it says to do, and how heavy it is where the place tells."""

    says: str
    hint: str = ""
    weight: str = ""


@dataclass
class Coded:
    """All that the source says of one code."""

    code: str
    modules: dict[str, None] = field(default_factory=dict)
    said: dict[Said, None] = field(default_factory=dict)
    docs: dict[str, None] = field(default_factory=dict)


def codes_in(folder: Path = SOURCE) -> dict[str, Coded]:
    """Every code of the modules below a folder, in order."""
    found: dict[str, Coded] = {}
    for path in sorted(folder.rglob("*.py")):
        module = _Module(path, folder)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and _is_code(node.value):
                coded = found.setdefault(str(node.value), Coded(str(node.value)))
                module.tell(node, coded)
    return {code: each for code, each in sorted(found.items()) if each.modules}


def _is_code(value: object) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None


class _Module:
    """A module's tree, with the way up from each of its parts."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.name = path.relative_to(folder).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self._above = {
            below: node for node in ast.walk(self.tree) for below in ast.iter_child_nodes(node)
        }

    def tell(self, node: ast.Constant, coded: Coded) -> None:
        """Note what one place in the source says of a code."""
        above = self._above[node]
        call = self._above[above] if isinstance(above, ast.keyword) else above
        if isinstance(call, ast.Call) and _called(call) == SHOWN:
            return
        if isinstance(call, ast.Call):
            self._tell_call(node, call, coded)
        elif isinstance(call, ast.Dict):
            self._tell_table(node, call, coded)
        elif isinstance(call, ast.Assign):
            self._tell_named(call, coded)
        elif isinstance(call, ast.arguments | ast.Return | ast.IfExp):
            coded.modules[self.name] = None

    def _tell_named(self, assign: ast.Assign, coded: Coded) -> None:
        """A code that has a name of its own, by which calls take it."""
        coded.modules[self.name] = None
        names = {each.id for each in assign.targets if isinstance(each, ast.Name)}
        for node in ast.walk(self.tree):
            above = self._above.get(node)
            if not isinstance(node, ast.Name) or node.id not in names:
                continue
            if isinstance(above, ast.Call):
                self._tell_call(node, above, coded)
            elif isinstance(node.ctx, ast.Load):
                self._tell_scope(node, coded)

    def _tell_call(self, node: ast.expr, call: ast.Call, coded: Coded) -> None:
        name = _called(call)
        named = {each.arg: each.value for each in call.keywords if each.arg}
        if name == "rule":
            self._tell_scope(call, coded)
            return
        coded.modules[self.name] = None
        rest = [self._text(each, call) for each in call.args if each is not node]
        told = [text for text in rest if " " in text.strip(" …")]
        if "says" in named:
            told.insert(0, self._text(named["says"], call))
        if not told:
            self._tell_scope(node, coded)
            return
        hint = self._text(named["hint"], call) if "hint" in named else "".join(told[1:2])
        coded.said[Said(told[0], hint, name if name in TOLD else "")] = None

    def _tell_table(self, node: ast.Constant, table: ast.Dict, coded: Coded) -> None:
        """A code that is a name of a table, with its sentence or its hint beside it."""
        coded.modules[self.name] = None
        for key, value in zip(table.keys, table.values, strict=True):
            if key is not node:
                continue
            told = self._text(value, table)
            hints = "hint" in self._name_of(table).casefold()
            if told.strip(" …"):
                coded.said[Said("", told) if hints else Said(told)] = None

    def _tell_scope(self, node: ast.AST, coded: Coded) -> None:
        """The sentence with which a function or class around the code describes itself."""
        coded.modules[self.name] = None
        scope = self._scope(node)
        doc = ast.get_docstring(scope)
        if doc and not isinstance(scope, ast.Module):
            coded.docs[doc.partition("\n")[0].strip()] = None

    def _name_of(self, table: ast.Dict) -> str:
        above = self._above[table]
        targets = above.targets if isinstance(above, ast.Assign) else []
        return next((each.id for each in targets if isinstance(each, ast.Name)), "")

    def _scope(self, node: ast.AST) -> Scope:
        while not isinstance(node, Scope):
            # A decorator stands beside its function's body, and speaks of it.
            node = self._above[node]
        return node

    def _text(self, node: ast.AST | None, place: ast.AST) -> str:
        """An expression as the sentence that it makes; what only a run tells as `…`."""
        match node:
            case ast.Constant(value=str(value)):
                return value
            case ast.JoinedStr(values=values):
                return "".join(self._part(each, place) for each in values)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._text(left, place) + self._text(right, place)
            case ast.IfExp(body=body, orelse=other):
                both = (self._text(each, place) for each in (body, other))
                return " or: ".join(dict.fromkeys(each for each in both if each.strip(" …")))
            case ast.Call() if _called(node) == "did_you_mean":
                named = {each.arg: each.value for each in node.keywords}
                else_ = self._text(named.get("otherwise"), place)
                return "did you mean '…'?" + (f" or: {else_}" if else_.strip(" …") else "")
            case ast.Name(id=name):
                return self._assigned(name, place)
            case None:
                return ""
        return "…"

    def _part(self, node: ast.expr, place: ast.AST) -> str:
        if not isinstance(node, ast.FormattedValue):
            return self._text(node, place)
        value = node.value
        if isinstance(value, ast.Name):
            told = self._assigned(value.id, place)
            return told if told.strip(" …") and len(told) < len("a short word or two") else "…"
        return "…"

    def _assigned(self, name: str, place: ast.AST) -> str:
        """What a name was given last before a place, in its function or in the module."""
        line = getattr(place, "lineno", 0)
        scope = self._scope(place)
        for where, until in ((scope, line), (self.tree, 10**9)):
            found = [
                each
                for each in ast.walk(where)
                if isinstance(each, ast.Assign) and each.lineno < until and _gives(each, name)
            ]
            if found:
                last = max(found, key=lambda each: each.lineno)
                return self._given(last, name)
        return "…"

    def _given(self, assign: ast.Assign, name: str) -> str:
        target = assign.targets[0]
        if isinstance(target, ast.Tuple) and isinstance(assign.value, ast.Tuple):
            names = [each.id if isinstance(each, ast.Name) else "" for each in target.elts]
            return self._text(assign.value.elts[names.index(name)], assign)
        same = isinstance(assign.value, ast.Name) and assign.value.id == name
        return "…" if isinstance(target, ast.Tuple) or same else self._text(assign.value, assign)


def _gives(assign: ast.Assign, name: str) -> bool:
    names = [
        each.id
        for target in assign.targets
        for each in ast.walk(target)
        if isinstance(each, ast.Name)
    ]
    return name in names


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def drawn(found: Mapping[str, Coded], more: Mapping[str, Sequence[Said]]) -> Iterator[str]:
    """A section for each subject, a paragraph for each code; `more` are those of packs."""
    subject = ""
    for code in sorted({*found, *more}):
        mine = code.rstrip("0123456789")
        if mine != subject:
            subject = mine
            yield f"## {subject}\n"
        coded = found.get(code, Coded(code))
        yield f"### {code}\n"
        said = [*coded.said, *more.get(code, ())]
        said = [each for each in said if each.says] + [each for each in said if not each.says]
        for each in said[:MOST]:
            yield _line(each)
        if len(said) > MOST:
            yield f"- and {len(said) - MOST} more"
        yield from (f"- {_plain(doc)}" for doc in coded.docs)
        where = ", ".join(f"`{name}`" for name in coded.modules) or "the starter pack"
        yield f"\nFrom {where}.\n"


def _line(said: Said) -> str:
    weight = f" ({said.weight})" if said.weight and said.weight != "error" else ""
    hint = _plain(said.hint)
    if not said.says:
        return f"- hint: {hint}"
    return f"- {_plain(said.says)}{weight}" + (f" — *{hint}*" if hint.strip(" …") else "")


def _plain(text: str) -> str:
    """A text in one line, in which no sign means anything to Markdown."""
    return re.sub(r"([\\*_<>`|])", r"\\\1", " ".join(text.split()))
