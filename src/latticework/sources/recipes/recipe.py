"""Reading a recipe: its YAML, checked against the company's model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import refuse_errors
from latticework.base.near import did_you_mean
from latticework.model.model import Field, Kind, Model
from latticework.sources.recipes.history import history_of
from latticework.sources.recipes.links import ties_of
from latticework.sources.recipes.loading import Loading, key_said, spot_of
from latticework.sources.recipes.match import Match, is_link
from latticework.sources.recipes.parts import (
    COMMIT,
    FILE_DATE,
    GONE,
    RETIRE,
    Cell,
    Part,
    Recipe,
    Start,
)
from latticework.sources.recipes.picks import Path
from latticework.sources.recipes.shape import shapes_of
from latticework.sources.source import sources
from latticework.sources.tree import Fields, Items, Said, Tree
from latticework.sources.yaml import read_recipe

if TYPE_CHECKING:
    from latticework.sources.fetch.plan import Fetch

_TOP = ("recipe", "reads", "skip", "format", "branch", "valid", "fetch", "link", "shape", "kinds")
_PART = (
    "from",
    "mentioned in",
    "key",
    "called",
    "fields",
    "links",
    "where",
    "unless",
    "renames",
    "history",
    "gone",
    "raw",
    "match",
    "link",
)
_MATCH = ("by", "names")
_VALID = ("first", "then")
_RENAMES = ("by key", "similar")


def load_recipe(text: str, *, file: str = "", model: Model) -> Recipe:
    """Read a recipe; raises Refused with every finding there is in it."""
    tree, findings = read_recipe(text, file)
    if tree is None:
        refuse_errors(findings)
    loading = _Whole(file=file, model=model)
    recipe = loading.recipe(tree)
    refuse_errors([*findings, *loading.findings])
    return recipe


@dataclass(kw_only=True)
class _Whole(Loading):
    """A whole recipe on its way in."""

    top_link: Tree = None

    def recipe(self, tree: Tree) -> Recipe:
        """The whole recipe, as far as it can be read."""
        top = self.fields(tree, "a recipe", _TOP)
        fetch = self.fetch(top["fetch"]) if "fetch" in top else None
        for needed in ("recipe", "reads", "kinds"):
            if needed not in top and not (needed == "reads" and "fetch" in top):
                hint = f"add '{needed}:' at the top"
                self.wrong("RECIPE006", f"the recipe has no '{needed}'", tree, hint=hint)
        self.kinds = self.fields(top.get("kinds"), "'kinds'") if "kinds" in top else Fields()
        self.top_link = top.get("link")
        parts = [part for word in self.kinds for part in self.parts_of(word)]
        form = self.text(top.get("format"))
        if form and form not in sources():
            near = did_you_mean(form, sources(), otherwise=f"one of {', '.join(sources())}")
            self.wrong("RECIPE002", f"unknown format '{form}'", top["format"], hint=near)
        valid, later = self.valid(top.get("valid"))
        return Recipe(
            name=self.text(top.get("recipe")),
            file=self.file,
            reads=self.texts(top.get("reads")) or (("*.json",) if fetch else ()),
            skips=self.texts(top.get("skip")),
            format=form or (fetch.fetcher.source if fetch else ""),
            branch=self.text(top.get("branch")),
            valid=valid,
            valid_pick=None if valid in {"", COMMIT, FILE_DATE} else self.pick(valid),
            later_pick=self.pick(later) if later else None,
            first_only=isinstance(top.get("valid"), Fields) and not later,
            parts=self.ordered(parts),
            shapes=tuple(shapes_of(top.get("shape"), self)),
            fetch=fetch,
        )

    def fetch(self, tree: Tree) -> Fetch | None:
        """Whom the recipe asks by itself, and for what."""
        from latticework.sources.fetch.plan import plan_of

        plan, findings = plan_of(tree, self.file)
        self.findings.extend(findings)
        return plan

    def valid(self, tree: Tree) -> tuple[Said, Said]:
        """Since when first values hold, and later ones; empty where nothing is said."""
        if not isinstance(tree, Fields):
            return Said(self.text(tree), *spot_of(tree)), Said("")
        entry = self.fields(tree, "'valid'", _VALID)
        first, later = (entry.get(word) for word in _VALID)
        return Said(self.text(first), *spot_of(first)), Said(self.text(later), *spot_of(later))

    def ordered(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        """Enclosing records before the records inside them."""
        done: list[Part] = []
        waiting = list(parts)
        while waiting:
            later = {part.kind.name for part in waiting}
            ready = [part for part in waiting if not later & {each.above for each in part.starts}]
            if not ready:
                words = " and ".join(f"'{word}'" for word in sorted(later))
                hint = "let one of them start from a list of the file"
                self.wrong("RECIPE011", f"{words} stand in each other", self.kinds, hint=hint)
                break
            done += ready
            waiting = [part for part in waiting if part not in ready]
        return tuple(done)

    # ---- kinds

    def parts_of(self, word: str) -> Iterator[Part]:
        """The parts that make things of one kind; a list makes several."""
        kind = self.kind(word)
        value = self.kinds[word]
        every = value if isinstance(value, Items) else [value]
        for each in every:
            entry = self.fields(each, f"'{word}'", _PART)
            if kind is not None:
                yield self.part(kind, word, entry)

    def part(self, kind: Kind, word: str, entry: Fields) -> Part:
        """How records become things of this kind."""
        mentioned = "mentioned in" in entry
        if mentioned and "from" in entry:
            hint = "keep 'mentioned in' where many records name one thing, 'from' where each is one"
            says = f"'{word}' has both 'from' and 'mentioned in'"
            self.wrong("RECIPE006", says, entry, hint=hint)
        if "key" not in entry:
            hint = "add 'key:' with the field that names the thing for good"
            self.wrong("RECIPE006", f"'{word}' has no key", key_said(self.kinds, word), hint=hint)
        renames = self.text(entry.get("renames")) or _RENAMES[0]
        if renames not in _RENAMES:
            hint = did_you_mean(renames, _RENAMES, otherwise="one of " + ", ".join(_RENAMES))
            self.wrong(
                "RECIPE002", f"unknown way to follow '{renames}'", entry["renames"], hint=hint
            )
        cells = tuple(self.cells(entry.get("fields"), kind.fields_by_name, kind.name))
        phrased = tuple(ties_of(entry.get("links"), kind, self))
        gone, marks = self.gone(entry.get("gone"), kind)
        return Part(
            kind=kind,
            starts=tuple(self.starts(entry.get("mentioned in" if mentioned else "from"), word)),
            key=self.picks(entry.get("key")),
            called=self.picks(entry.get("called")) if "called" in entry else (),
            cells=cells,
            ties=tuple(tie for _, tie in phrased),
            history=history_of(entry.get("history"), cells, phrased, self),
            gone=gone,
            match=self.match(entry.get("match"), kind, cells),
            link=self.address(entry.get("link", self.top_link)),
            raw=self.raw(entry.get("raw"), kind, cells),
            marks=marks,
            wheres=(
                *self.wheres(entry.get("where"), True),
                *self.wheres(entry.get("unless"), False),
            ),
            mentioned=mentioned,
            similar=renames == "similar",
        )

    def starts(self, tree: Tree, word: str) -> Iterator[Start]:
        """Where the records stand; nothing said means the file itself."""
        if tree is None:
            yield Start(path=Path("here", (), ""), text="")
        for said in self.saids(tree):
            first, _, rest = said.partition(".")
            path = self.path(Said(rest, said.line, said.column) if first in self.kinds else said)
            if first in self.kinds and first == word:
                hint = "name another kind of this recipe, or a list of the file"
                self.wrong("RECIPE006", f"'{word}' stands in itself", said, hint=hint)
            elif first in self.kinds and path is not None:
                above = self.model.find_kind(first)
                yield Start(path=path, text=str(said), above=above.name if above else first)
            elif path is not None:
                yield Start(path=path, text=str(said))

    def gone(self, tree: Tree, kind: Kind) -> tuple[str, Mapping[str, str]]:
        """What becomes of a thing that its source names no longer."""
        if isinstance(tree, Fields):
            cells = self.cells(tree, kind.fields_by_name, kind.name)
            marks = {cell.field.name: self.text(tree[cell.field.name]) for cell in cells}
            return "", marks
        word = self.text(tree) or RETIRE
        if word not in GONE:
            hint = did_you_mean(word, GONE, otherwise="write retire, keep, or {field: value}")
            self.wrong("RECIPE002", f"unknown way to let a thing go '{word}'", tree, hint=hint)
        return word, {}

    def raw(self, tree: Tree, kind: Kind, cells: Sequence[Cell]) -> Field | None:
        """The field that keeps what no part of the recipe reads."""
        word = self.text(tree)
        found = kind.fields_by_name.get(word)
        if word and found is None:
            otherwise = f"add '{word}: text' to its fields in the model"
            hint = did_you_mean(word, kind.fields_by_name, otherwise=otherwise)
            self.wrong("RECIPE004", f"'{kind.name}' has no field '{word}'", tree, hint=hint)
        elif found is not None and (found.type != "text" or found in [c.field for c in cells]):
            hint = f"give the kind a field of its own for it, such as '{word} kept: text'"
            self.wrong("RECIPE013", f"'{word}' cannot keep what is not read", tree, hint=hint)
        return found

    # ---- who is who

    def match(self, tree: Tree, kind: Kind, cells: Sequence[Cell]) -> Match | None:
        """By which fields a new record is found among things of other sources."""
        if tree is None:
            return None
        entry = self.fields(tree, "'match'", _MATCH)
        said = tuple(self.match_fields(entry, word, kind, cells) for word in _MATCH)
        if not said[0]:
            hint = "add 'by:' with a field, or a list of fields in the order in which they count"
            self.wrong("RECIPE006", "'match' has no 'by'", tree, hint=hint)
        return Match(by=said[0], names=said[1])

    def match_fields(
        self, entry: Fields, word: str, kind: Kind, cells: Sequence[Cell]
    ) -> tuple[str, ...]:
        """Fields that this part fills, and so can be compared."""
        filled = [cell.field.name for cell in cells]
        for each in self.saids(entry.get(word)):
            if each not in filled:
                hint = did_you_mean(each, filled, otherwise="say under 'fields' where it stands")
                says = f"'{kind.name}' is matched by '{each}', which this part does not read"
                self.wrong("RECIPE004", says, each, hint=hint)
        return self.texts(entry.get(word))

    def address(self, tree: Tree) -> str:
        """Where the source shows what it knows by a key: a web address with {key}."""
        text = self.text(tree)
        if text and not is_link(text):
            hint = "write it like https://tracker.example/browse/{key}"
            self.wrong("RECIPE014", f"'{text}' is no web address", tree, hint=hint)
            return ""
        return text
