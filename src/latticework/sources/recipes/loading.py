"""The words of a recipe on their way in: texts, paths, conditions, fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from latticework.base.findings import Finding, Place, error
from latticework.base.near import did_you_mean
from latticework.model.model import Field, Kind, Model
from latticework.sources.recipes.parts import SOURCE_WINS, WINS, Cell, Where, Words
from latticework.sources.recipes.picks import Path, Pick, PickError, parse_path, parse_pick
from latticework.sources.tree import Fields, Items, Said, Tree

_CELL = ("from", "always", "by list", "words", "repair", "strict", "wins")
_YES = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(kw_only=True)
class Loading:
    """One recipe on its way in, with what was found wrong so far.

    `kinds` is what the recipe says of each kind.
    """

    file: str
    model: Model
    findings: list[Finding] = field(default_factory=list)
    kinds: Fields = field(default_factory=Fields)

    # ---- words

    def kind(self, said: str) -> Kind | None:
        """The kind of a word; a finding where the model has none."""
        kind = self.model.find_kind(said)
        if kind is None:
            known = self.model.kinds_by_name
            hint = did_you_mean(said, known, otherwise="declare it in the model")
            place = said if isinstance(said, Said) else key_said(self.kinds, said)
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
                self.wrong("RECIPE002", f"{what} has no '{key}'", key_said(tree, key), hint=hint)
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
        other = Loading(file=self.file, model=self.model)
        return other.picks(tree)

    def pick(self, said: Said) -> Pick | None:
        """A pick; a finding where it cannot be read."""
        try:
            return parse_pick(said)
        except PickError as problem:
            self.wrong("RECIPE007", problem.says, said, hint=problem.hint)
            return None

    def pick_one(self, tree: Tree) -> Pick | None:
        """One pick, or none where nothing is said."""
        text = self.text(tree)
        return self.pick(Said(text, *spot_of(tree))) if text else None

    def path(self, tree: Tree) -> Path | None:
        """A path without steps; a finding where it cannot be read."""
        try:
            return parse_path(self.text(tree))
        except PickError as problem:
            self.wrong("RECIPE007", problem.says, tree, hint=problem.hint)
            return None

    def wrong(self, code: str, says: str, tree: Tree, *, hint: str) -> None:
        """Note a finding at a place of the recipe."""
        line, column = spot_of(tree)
        said = str(tree) if isinstance(tree, Said) else ""
        place = _at(self.file, line, column, said)
        self.findings.append(error(code, says, hint=hint, place=place, value=said))

    # ---- fields and conditions

    def wheres(self, tree: Tree, wanted: bool) -> Iterator[Where]:
        """Conditions on records."""
        for key, value in self.fields(tree, "a condition").items() if tree is not None else ():
            pick = self.pick(Said(key, *spot_of(tree)))
            words = words_of(dict.fromkeys(self.texts(value), "yes"))
            if pick is not None:
                yield Where(pick=pick, words=words, wanted=wanted)

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
                self.wrong("RECIPE004", says, key_said(tree, key), hint=hint)
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
            repair=words_of(self.map(entry.get("repair"), None)),
            words=words_of(self.map(entry.get("words"), field_)),
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


def spot_of(tree: Tree) -> tuple[int, int]:
    """The line and the column at which something stands; zeros for nothing."""
    return (tree.line, tree.column) if tree is not None else (0, 0)


def key_said(tree: Tree, key: str) -> Said:
    """The key as it stands in the file, with its place."""
    for each in tree if isinstance(tree, Fields) else ():
        if each == key and isinstance(each, Said):
            return each
    return Said(key)


def words_of(found: Mapping[str, str]) -> Words:
    """Exact words and patterns of a map."""
    folded = {" ".join(theirs.split()).casefold(): ours for theirs, ours in found.items()}
    exact = {theirs: ours for theirs, ours in folded.items() if not set(theirs) & set("*?")}
    patterns = tuple((theirs, ours) for theirs, ours in folded.items() if theirs not in exact)
    return Words(exact=exact, patterns=patterns)


def _at(file: str, line: int, column: int, said: str = "") -> Place:
    end = column + len(said) if column and said else 0
    return Place(file=file, line=line, column=column, end=end)
