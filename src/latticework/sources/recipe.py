"""Reading a recipe: its YAML, checked against the company's model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from latticework.base.findings import Finding, Place, error, refuse_errors
from latticework.base.near import did_you_mean
from latticework.model.model import Field, Kind, Link, Model
from latticework.sources.picks import ABOVE, Path, Pick, PickError, parse_path, parse_pick
from latticework.sources.recipe_parts import (
    COMMIT,
    FILE_DATE,
    GONE,
    RETIRE,
    SOURCE_WINS,
    WINS,
    Cell,
    History,
    Part,
    Recipe,
    Start,
    Tie,
    Turned,
    Where,
    Words,
)
from latticework.sources.source import sources
from latticework.sources.steps import Step
from latticework.sources.tree import Fields, Items, Said, Tree
from latticework.sources.yaml import read_recipe

_TOP = ("recipe", "reads", "skip", "format", "branch", "valid", "kinds")
_PART = (
    "from",
    "mentioned in",
    "key",
    "fields",
    "links",
    "where",
    "unless",
    "renames",
    "history",
    "gone",
)
_CELL = ("from", "always", "by list", "words", "repair", "strict", "wins")
_HISTORY = ("from", "items", "what", "valid", "by", "before", "after", "begins", "turns")
_TURNED = ("what", "before", "after", "where", "unless")
_VALID = ("first", "then")
_RENAMES = ("by key", "similar")
_YES = {"yes": True, "true": True, "no": False, "false": False}


def load_recipe(text: str, *, file: str = "", model: Model) -> Recipe:
    """Read a recipe; raises Refused with every finding there is in it."""
    tree, findings = read_recipe(text, file)
    if tree is None:
        refuse_errors(findings)
    loading = _Loading(file=file, model=model)
    recipe = loading.recipe(tree)
    refuse_errors([*findings, *loading.findings])
    return recipe


def _at(file: str, line: int, column: int, said: str = "") -> Place:
    end = column + len(said) if column and said else 0
    return Place(file=file, line=line, column=column, end=end)


@dataclass(kw_only=True)
class _Loading:
    """One recipe on its way in, with what was found wrong so far."""

    file: str
    model: Model
    findings: list[Finding] = field(default_factory=list)

    def recipe(self, tree: Tree) -> Recipe:
        """The whole recipe, as far as it can be read."""
        top = self.fields(tree, "a recipe", _TOP)
        for needed in ("recipe", "reads", "kinds"):
            if needed not in top:
                hint = f"add '{needed}:' at the top"
                self.wrong("RECIPE006", f"the recipe has no '{needed}'", tree, hint=hint)
        self.kinds = self.fields(top.get("kinds"), "'kinds'") if "kinds" in top else Fields()
        parts = [part for word in self.kinds for part in self.parts_of(word)]
        form = self.text(top.get("format"))
        if form and form not in sources():
            near = did_you_mean(form, sources(), otherwise=f"one of {', '.join(sources())}")
            self.wrong("RECIPE002", f"unknown format '{form}'", top["format"], hint=near)
        valid, later = self.valid(top.get("valid"))
        return Recipe(
            name=self.text(top.get("recipe")),
            file=self.file,
            reads=self.texts(top.get("reads")),
            skips=self.texts(top.get("skip")),
            format=form,
            branch=self.text(top.get("branch")),
            valid=valid,
            valid_pick=None if valid in {"", COMMIT, FILE_DATE} else self.pick(valid),
            later_pick=self.pick(later) if later else None,
            parts=self.ordered(parts),
        )

    def valid(self, tree: Tree) -> tuple[Said, Said]:
        """Since when first values hold, and later ones; empty where nothing is said."""
        if not isinstance(tree, Fields):
            return Said(self.text(tree), *_spot(tree)), Said("")
        entry = self.fields(tree, "'valid'", _VALID)
        first, later = (entry.get(word) for word in _VALID)
        return Said(self.text(first), *_spot(first)), Said(self.text(later), *_spot(later))

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
            self.wrong("RECIPE006", f"'{word}' has no key", _key_said(self.kinds, word), hint=hint)
        renames = self.text(entry.get("renames")) or _RENAMES[0]
        if renames not in _RENAMES:
            hint = did_you_mean(renames, _RENAMES, otherwise="one of " + ", ".join(_RENAMES))
            self.wrong(
                "RECIPE002", f"unknown way to follow '{renames}'", entry["renames"], hint=hint
            )
        cells = tuple(self.cells(entry.get("fields"), kind.fields_by_name, kind.name))
        phrased = tuple(self.ties(entry.get("links"), kind))
        gone, marks = self.gone(entry.get("gone"), kind)
        return Part(
            kind=kind,
            starts=tuple(self.starts(entry.get("mentioned in" if mentioned else "from"), word)),
            key=self.picks(entry.get("key")),
            cells=cells,
            ties=tuple(tie for _, tie in phrased),
            history=self.history(entry.get("history"), cells, phrased),
            gone=gone,
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

    def wheres(self, tree: Tree, wanted: bool) -> Iterator[Where]:
        """Conditions on records."""
        for key, value in self.fields(tree, "a condition").items() if tree is not None else ():
            pick = self.pick(Said(key, *_spot(tree)))
            words = _words(dict.fromkeys(self.texts(value), "yes"))
            if pick is not None:
                yield Where(pick=pick, words=words, wanted=wanted)

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

    # ---- histories

    def history(
        self, tree: Tree, cells: Sequence[Cell], ties: Sequence[tuple[str, Tie]]
    ) -> History | None:
        """Where records tell what they were before."""
        if tree is None:
            return None
        entry = self.fields(tree, "'history'", _HISTORY)
        for needed in ("from", "what", "valid", "turns"):
            if needed not in entry:
                says = f"the history has no '{needed}'"
                self.wrong("RECIPE006", says, tree, hint=f"add '{needed}:' to it")
        turns = self.fields(entry.get("turns"), "'turns'") if "turns" in entry else Fields()
        mine = {cell.field.name: cell for cell in cells}
        for word in turns:
            if word not in mine and word not in dict(ties):
                known = [*mine, *dict(ties)]
                hint = did_you_mean(word, known, otherwise="say under fields or links what it is")
                says = f"'{word}' turns, but is no field or link of this part"
                self.wrong("RECIPE012", says, _key_said(turns, word), hint=hint)
        path, named, valid = (entry.get(word) for word in ("from", "what", "valid"))
        found = self.path(path) if path else None
        pair = self.pick_one(named), self.pick_one(valid)
        if found is None or pair[0] is None or pair[1] is None:
            return None
        turned = {word: self.turned(value, entry) for word, value in turns.items()}
        return History(
            path=found,
            items=self.path(entry["items"]) if "items" in entry else None,
            named=pair[0],
            valid=pair[1],
            by=self.pick_one(entry.get("by")),
            begins=self.pick_one(entry.get("begins")),
            cells=tuple((mine[w], each) for w, each in turned.items() if each and w in mine),
            ties=tuple((tie, each) for word, tie in ties if (each := turned.get(word))),
        )

    def turned(self, tree: Tree, history: Fields) -> Turned | None:
        """Which turns speak of one field or link."""
        entry = self.fields(tree, "a turn", _TURNED) if isinstance(tree, Fields) else Fields()
        what = entry.get("what") if isinstance(tree, Fields) else tree
        picks = [
            self.pick_one(entry.get(word, history.get(word)) or Said(word, *_spot(tree)))
            for word in ("before", "after")
        ]
        if what is None:
            hint = "add 'what:' with the source's own name for it"
            self.wrong("RECIPE006", "a turn has no 'what'", tree, hint=hint)
        before, after = picks
        if before is None or after is None:
            return None
        return Turned(
            what=_words(dict.fromkeys(self.texts(what), "yes")),
            before=before,
            after=after,
            wheres=(
                *self.wheres(entry.get("where"), True),
                *self.wheres(entry.get("unless"), False),
            ),
        )

    def pick_one(self, tree: Tree) -> Pick | None:
        """One pick, or none where nothing is said."""
        text = self.text(tree)
        return self.pick(Said(text, *_spot(tree))) if text else None

    # ---- fields

    def cells(
        self, tree: Tree, known: Mapping[str, Field], owner: str, skip: Sequence[str] = ()
    ) -> Iterator[Cell]:
        """How fields get their values."""
        if tree is None:
            return
        for key, value in self.fields(tree, "'fields'").items():
            if key in skip:
                continue
            if key not in known:
                says = f"'{owner}' has no field '{key}'"
                fields = ", ".join(known) or "it has none"
                hint = did_you_mean(key, known, otherwise=f"its fields: {fields}")
                self.wrong("RECIPE004", says, _key_said(tree, key), hint=hint)
            cell = self.cell(known.get(key) or Field(name=key), value)
            if cell is not None and key in known:
                yield cell

    def cell(self, field_: Field, tree: Tree) -> Cell | None:
        """How one field gets its value."""
        if not isinstance(tree, Fields):
            picks = self.picks(tree)
            return Cell(field=field_, picks=picks) if picks else None
        entry = self.fields(tree, f"'{field_.name}'", _CELL)
        by_list = self.map(entry.get("by list"), field_)
        if not ({"from", "always", "by list"} & entry.keys()):
            hint = "add 'from:' with the place of the value, or 'always:' with the value"
            self.wrong("RECIPE006", f"'{field_.name}' has no 'from'", tree, hint=hint)
        return Cell(
            field=field_,
            picks=self.picks(entry.get("from")) if "from" in entry else (),
            always=self.text(entry.get("always")),
            by_list=by_list,
            repair=_words(self.map(entry.get("repair"), None)),
            words=_words(self.map(entry.get("words"), field_)),
            strict=self.yes(entry.get("strict")),
            wins=self.wins(entry.get("wins")),
        )

    def wins(self, tree: Tree) -> str:
        """Whose value stands where source and company differ."""
        word = self.text(tree) or SOURCE_WINS
        if word not in WINS:
            hint = did_you_mean(word, WINS, otherwise="write " + ", ".join(WINS))
            self.wrong("RECIPE002", f"'{word}' does not say who wins", tree, hint=hint)
        return word

    def map(self, tree: Tree, field_: Field | None) -> Mapping[str, str]:
        """Words to words; ours must be choices of the field, where it has any."""
        if tree is None:
            return {}
        found = {}
        for key, value in self.fields(tree, "a map of words").items():
            ours = self.text(value)
            found[str(key)] = ours
            if field_ is not None and field_.choices and ours not in field_.choices:
                says = f"'{ours}' is no choice of '{field_.name}'"
                choices = ", ".join(field_.choices)
                hint = did_you_mean(ours, field_.choices, otherwise=f"its choices: {choices}")
                self.wrong("RECIPE010", says, value, hint=hint)
        return found

    # ---- links

    def ties(self, tree: Tree, kind: Kind) -> Iterator[tuple[str, Tie]]:
        """How links get their edges, each with the phrase it stands under."""
        if tree is None:
            return
        for phrase, value in self.fields(tree, "'links'").items():
            link, back = self.link(phrase, kind, _key_said(tree, phrase))
            for each in value if isinstance(value, Items) else [value]:
                if link is None:
                    continue
                found = (
                    self.tie_above(each, link, back)
                    if isinstance(each, Said)
                    else self.tie(each, link, back, kind)
                )
                yield from ((phrase, tie) for tie in found)

    def tie_above(self, said: Said, link: Link, back: bool) -> Iterator[Tie]:
        """A link to the record in which this one stands."""
        if said == ABOVE:
            yield Tie(link=link.name, back=back, kind="")
            return
        hint = f"write '{ABOVE}', or {{kind: {said}}} with the kind it leads to"
        self.wrong(
            "RECIPE009", f"'{said}' does not say to which kind '{link.name}' leads", said, hint=hint
        )

    def tie(self, tree: Tree, link: Link, back: bool, kind: Kind) -> Iterator[Tie]:
        """A link to things of the kinds named, by their keys or by a field."""
        entry = self.fields(tree, f"'{link.name}'")
        carried = [word for word in entry if word in link.carries_by_name]
        targets = [word for word in entry if word not in {*carried, "each", "by"}]
        if not targets:
            hint = "write the kind and where its key stands, such as {person: owner}"
            self.wrong("RECIPE009", f"'{link.name}' names no kind", tree, hint=hint)
        for word in targets:
            target = self.kind(_key_said(entry, word))
            if target is None:
                continue
            self.check_ends(
                link, (target.name, kind.name) if back else (kind.name, target.name), tree
            )
            picks = self.picks(entry[word])
            yield Tie(
                link=link.name,
                back=back,
                kind=target.name,
                picks=picks,
                by=self.by(entry.get("by"), target),
                steps=() if any(pick.steps for pick in picks) else self.key_steps(word),
                each=self.path(entry["each"]) if "each" in entry else None,
                carries=tuple(
                    self.cells(entry, link.carries_by_name, link.name, (*targets, "each", "by"))
                ),
            )

    def by(self, tree: Tree, kind: Kind) -> str:
        """The field by which the other end is found."""
        word = self.text(tree)
        if word and word not in kind.fields_by_name:
            hint = did_you_mean(word, kind.fields_by_name, otherwise="name one of its fields")
            self.wrong("RECIPE004", f"'{kind.name}' has no field '{word}'", tree, hint=hint)
        return word

    def key_steps(self, word: str) -> tuple[Step, ...]:
        """The steps that a kind of this recipe takes to its key."""
        value = self.kinds.get(word)
        entry = value[0] if isinstance(value, Items) and value else value
        key = entry.get("key") if isinstance(entry, Fields) else None
        picks = self.quiet_picks(key)
        return picks[0].steps if len(picks) == 1 else ()

    def link(self, phrase: str, kind: Kind, said: Tree) -> tuple[Link | None, bool]:
        """The link of a phrase, and whether the phrase reads backwards."""
        for link in self.model.links:
            if phrase in {link.name, *link.words, *link.was}:
                return link, False
            if phrase == link.back:
                return link, True
        known = [word for link in self.model.links for word in (link.name, link.back)]
        hint = did_you_mean(phrase, known, otherwise=f"declare it under '{kind.name}' in the model")
        self.wrong("RECIPE005", f"unknown link '{phrase}'", said, hint=hint)
        return None, False

    def check_ends(self, link: Link, ends: tuple[str, str], tree: Tree) -> None:
        """The model lets this link join these kinds."""
        source, target = ends
        for end in link.ends:
            targets = {name for word in end.targets for name in self.model.end_kinds(word)}
            if source in self.model.end_kinds(end.source) and target in targets:
                return
        says = f"'{link.name}' does not lead from '{source}' to '{target}'"
        self.wrong("RECIPE008", says, tree, hint="turn the phrase round, or let the model allow it")

    # ---- words

    def kind(self, said: str) -> Kind | None:
        """The kind of a word; a finding where the model has none."""
        kind = self.model.find_kind(said)
        if kind is None:
            known = self.model.kinds_by_name
            hint = did_you_mean(said, known, otherwise="declare it in the model")
            place = said if isinstance(said, Said) else _key_said(self.kinds, said)
            self.wrong("RECIPE003", f"unknown kind '{said}'", place, hint=hint)
        return kind

    def fields(self, tree: Tree, what: str, known: Sequence[str] = ()) -> Fields:
        """Named values, with findings for names that mean nothing here."""
        if not isinstance(tree, Fields):
            hint = "write 'name: value' lines under it"
            self.wrong("RECIPE009", f"{what} should hold named values", tree, hint=hint)
            return Fields()
        for key in tree:
            if known and key not in known:
                hint = did_you_mean(key, known, otherwise="it may have " + ", ".join(known))
                self.wrong("RECIPE002", f"{what} has no '{key}'", _key_said(tree, key), hint=hint)
        return tree

    def saids(self, tree: Tree) -> Iterator[Said]:
        """One text or a list of texts."""
        for each in tree if isinstance(tree, Items) else [tree]:
            if isinstance(each, Said):
                yield each
            elif each is not None:
                hint = "write a text, or a list of texts"
                self.wrong("RECIPE009", "named values stand where a text should", each, hint=hint)

    def texts(self, tree: Tree) -> tuple[str, ...]:
        """One text or a list of texts, places forgotten."""
        return tuple(str(each) for each in self.saids(tree))

    def text(self, tree: Tree) -> str:
        """One text, empty where there is none."""
        found = self.texts(tree)
        if len(found) > 1:
            self.wrong("RECIPE009", "a list stands where one text should", tree, hint="keep one")
        return found[0] if found else ""

    def yes(self, tree: Tree) -> bool:
        """Yes or no; nothing means no."""
        word = self.text(tree).casefold()
        if word and word not in _YES:
            self.wrong("RECIPE009", f"'{word}' is neither yes nor no", tree, hint="write yes or no")
        return _YES.get(word, False)

    def picks(self, tree: Tree) -> tuple[Pick, ...]:
        """One pick or a list of picks."""
        found = (self.pick(each) for each in self.saids(tree))
        return tuple(each for each in found if each is not None)

    def quiet_picks(self, tree: Tree) -> tuple[Pick, ...]:
        """The same, for what is told elsewhere when it is wrong."""
        other = _Loading(file=self.file, model=self.model)
        return other.picks(tree)

    def pick(self, said: Said) -> Pick | None:
        """A pick; a finding where it cannot be read."""
        try:
            return parse_pick(said)
        except PickError as problem:
            self.wrong("RECIPE007", problem.says, said, hint=problem.hint)
            return None

    def path(self, tree: Tree) -> Path | None:
        """A path without steps; a finding where it cannot be read."""
        try:
            return parse_path(self.text(tree))
        except PickError as problem:
            self.wrong("RECIPE007", problem.says, tree, hint=problem.hint)
            return None

    def wrong(self, code: str, says: str, tree: Tree, *, hint: str) -> None:
        """Note a finding at a place of the recipe."""
        line, column = _spot(tree)
        said = str(tree) if isinstance(tree, Said) else ""
        place = _at(self.file, line, column, said)
        self.findings.append(error(code, says, hint=hint, place=place, value=said))

    @cached_property
    def kinds(self) -> Fields:
        """What the recipe says of each kind."""
        return Fields()


def _spot(tree: Tree) -> tuple[int, int]:
    return (tree.line, tree.column) if tree is not None else (0, 0)


def _key_said(tree: Tree, key: str) -> Said:
    """The key as it stands in the file, with its place."""
    for each in tree if isinstance(tree, Fields) else ():
        if each == key and isinstance(each, Said):
            return each
    return Said(key)


def _words(found: Mapping[str, str]) -> Words:
    """Exact words and patterns of a map."""
    folded = {" ".join(theirs.split()).casefold(): ours for theirs, ours in found.items()}
    exact = {theirs: ours for theirs, ours in folded.items() if not set(theirs) & set("*?")}
    patterns = tuple((theirs, ours) for theirs, ours in folded.items() if theirs not in exact)
    return Words(exact=exact, patterns=patterns)
