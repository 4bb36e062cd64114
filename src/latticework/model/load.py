"""A model from a file, with every finding in one run.

```yaml
company: Harbour
uses: [starter]                      # packs; see packs.py
interfaces:
  bet: {fields: {title: text, confidence: ratio}, stages: [proposed, active, done, dropped]}
kinds:
  epic:
    family: intent
    is: bet
    fields: {gut: number 0..10, budget: money range per quarter}
    stages: {Discovery: proposed, Building: {category: active, needs: owner is not missing}}
    as: {confidence: gut / 10}       # kept as text; the query layer computes it
    links:
      serves: {to: [pillar, goal], back: is served by, carries: {share: ratio}}
    was: initiative                  # or {from: initiative, where: "size is large"}
```

`keys.py` lists every key. What a file's shape has wrong is found here; what it
means as a whole is looked at in `checks.py`:

| code | says |
|---|---|
| MODEL001 | a key that says nothing |
| MODEL002 | a list, mapping or text where another stands; a word, day or count that is none |
| MODEL004 | something required is missing |
| MODEL005 | a field's type, bounds or choices, a duration, or a title that makes no sense |
| MODEL007 | a name that cannot be one |

`was` keeps history: a plain former name passes all of it on (two former names
merge them), `{from: bet, where: condition}` takes over what meets the condition
when the model is applied (two kinds that take parts of one split it). It means
the same for kinds, fields, stages and links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from latticework.base.findings import Finding, has_errors, refuse_errors
from latticework.model.checks import check_model
from latticework.model.document import Item, read_document
from latticework.model.fieldspec import NotAFieldError, parse_bound, parse_field, wrong_with
from latticework.model.forms import Findings, Form, shown
from latticework.model.keys import ALWAYS_CATEGORIES
from latticework.model.model import (
    STAGE,
    BoundReading,
    Dialect,
    End,
    Family,
    Field,
    Interface,
    Kind,
    Link,
    Model,
    NamedMoment,
    RuleQuery,
    SavedView,
    Shape,
    Silence,
    Stage,
    Term,
)
from latticework.model.packs import Packs, packs_in, with_packs


@dataclass(frozen=True)
class Loaded:
    """A model as far as it could be read, and what is wrong with its file."""

    model: Model
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing worse than a warning was found."""
        return not has_errors(self.findings)


def load(text: str, *, file: str = "", packs: Packs | None = None) -> Loaded:
    """The model that a YAML text says, packs resolved, with all findings.

    `packs` is where `uses` looks; without it, plugins and our own packs.
    """
    document = read_document(text, file=file)
    root = document.root or Item({}, file)
    findings = Findings()
    if len(document.roots) > 1:
        spare = document.roots[1]
        findings.add("MODEL002", "a second document begins here", "remove '---'", spare.place)
    tree, more = with_packs(root, packs or packs_in()) if root.mapping else (root, ())
    model = _model(Form(tree, "model", "", findings))
    if not document.findings:
        findings.found.extend(check_model(model))
    every = (*document.findings, *more, *findings.found)
    return Loaded(model, _in_order(every, file))


def load_or_refuse(text: str, *, file: str = "", packs: Packs | None = None) -> Model:
    """The model that a YAML text says; raises Refused with all findings on errors."""
    loaded = load(text, file=file, packs=packs)
    refuse_errors(loaded.findings)
    return loaded.model


def plural_of(name: str) -> str:
    """The English plural of a name's last word."""
    if name.endswith(("s", "x", "z", "ch", "sh")):
        return name + "es"
    if name.endswith("y") and name[-2:-1] not in set("aeiou"):
        return name[:-1] + "ies"
    return name + "s"


def _in_order(findings: Iterable[Finding], file: str) -> tuple[Finding, ...]:
    """Each finding once: the file's own first, then by place."""

    def order(finding: Finding) -> tuple[bool, str, int, int]:
        place = finding.place
        return place.file != file, place.file, place.line, place.column

    return tuple(sorted(dict.fromkeys(findings), key=order))


def _model(form: Form) -> Model:
    links = _Links(form.findings)
    kinds = []
    for name, inner in form.forms("kinds"):
        kinds.append(_kind(name, inner))
        for link, said in inner.forms("links"):
            links.say(link, said, name)
    for link, said in form.forms("links"):
        links.say_apart(link, said)
    interfaces = tuple(_interface(name, inner) for name, inner in form.forms("interfaces"))
    return Model(
        company=form.text("company"),
        uses=tuple(dict.fromkeys((*form.texts("resolved"), *form.texts("uses")))),
        zone=form.text("zone", "UTC"),
        currency=form.text("currency"),
        interfaces=interfaces,
        kinds=tuple(_mapped(kind, interfaces) for kind in kinds),
        links=links.links(),
        terms=tuple(_term(name, inner) for name, inner in form.forms("terms")),
        dialects=_dialects(form),
        rules=tuple(_rule(code, inner) for code, inner in form.forms("rules")),
        silences=_silences(form),
        views=tuple(_view(name, inner) for name, inner in form.forms("views")),
        readings=tuple(_reading(name, inner) for name, inner in form.forms("readings")),
        moments=tuple(_moments(form)),
        places=form.findings.places,
    )


# Kinds -------------------------------------------------------------------------------


def _interface(name: str, form: Form) -> Interface:
    return Interface(
        name=name,
        many=form.text("many", plural_of(name)),
        fields=_fields(form, "fields"),
        stages=form.texts("stages"),
        purpose=form.text("purpose"),
        expires=form.day("expires"),
        was=form.texts("was"),
    )


def _kind(name: str, form: Form) -> Kind:
    was, origins = form.was()
    return Kind(
        name=name,
        family=Family(form.choice("family", Family.CONTEXT)),
        many=form.text("many", plural_of(name)),
        fields=_fields(form, "fields"),
        stages=_stages(form),
        stage_field=form.text("stage field", STAGE),
        provides=form.texts("is"),
        maps=form.words("as"),
        refresh=form.text("refresh"),
        people=form.yes("people"),
        aside=form.yes("aside"),
        purpose=form.text("purpose"),
        expires=form.day("expires"),
        was=was,
        origins=origins,
    )


def _mapped(kind: Kind, interfaces: Iterable[Interface]) -> Kind:
    """A kind whose renamed fields still stand for an interface's field."""
    own = {each.name for each in kind.fields}
    former = {word: each.name for each in kind.fields for word in each.was}
    more = {
        each.name: former[each.name]
        for interface in interfaces
        if interface.name in kind.provides
        for each in interface.fields
        if each.name not in own and each.name not in kind.maps and each.name in former
    }
    return replace(kind, maps=dict(kind.maps) | more) if more else kind


def _fields(form: Form, key: str) -> tuple[Field, ...]:
    return tuple(_field(name, inner) for name, inner in form.forms(key))


def _field(name: str, form: Form) -> Field:
    """A field, its one line and its further keys taken together."""
    said = form.find("type")
    try:
        base = parse_field(name, form.text("type"))
    except NotAFieldError as problem:
        base = Field(name=name)
        if said:
            form.wrong(said, problem.says, problem.hint, code="MODEL005")
            return base
    was, origins = form.was()
    made = replace(
        base,
        many=form.yes("many", default=base.many),
        ranged=form.yes("range", default=base.ranged),
        low=_bound(form, "low", base),
        high=_bound(form, "high", base),
        unit=form.text("unit", base.unit),
        per=form.text("per", base.per),
        choices=form.texts("choices") or base.choices,
        required=form.yes("required", default=base.required),
        unique=form.yes("unique", default=base.unique),
        people=form.yes("people", default=base.people),
        purpose=form.text("purpose"),
        expires=form.day("expires"),
        was=was,
        origins=origins,
    )
    problem_found = wrong_with(made)
    if problem_found:
        says, hint = problem_found
        form.wrong(said or form.item, f"{name}: {says}", hint, code="MODEL005")
        return replace(base, low=None, high=None, per="")
    return made


def _bound(form: Form, key: str, base: Field) -> Decimal | None:
    """A bound of its own key, else the one of the field's line."""
    item = form.find(key)
    if item is None:
        return base.low if key == "low" else base.high
    try:
        return parse_bound(base.type, item.text or "")
    except NotAFieldError as problem:
        form.wrong(item, problem.says, problem.hint, code="MODEL005")
        return None


def _stages(form: Form) -> tuple[Stage, ...]:
    """Stages from a mapping, or from a list of names."""
    item = form.find("stages")
    if item is not None and not isinstance(item.value, dict):
        names = {each.text or "": each for each in form.scalars("stages")}
        listed = {name: _listed(each) for name, each in names.items()}
        stages = Item({"stages": Item(dict(listed), item.file, item.line, item.column)})
        form = Form(stages, "kind", form.path, Findings())
    return tuple(_stage(name, inner) for name, inner in form.forms("stages", "stage"))


def _listed(item: Item) -> Item:
    """A stage of a list: its name is its category, where it is one."""
    fold = (item.text or "").casefold()
    category = fold if fold in ALWAYS_CATEGORIES else ""
    return Item(category, item.file, item.line, item.column, item.end, key=item)


def _stage(name: str, form: Form) -> Stage:
    was, origins = form.was()
    return Stage(
        name=name,
        category=form.text("category"),
        entry=form.text("entry"),
        exit=form.text("exit"),
        needs=form.text("needs"),
        limit=form.count("limit"),
        was=was,
        origins=origins,
    )


# Links -------------------------------------------------------------------------------


@dataclass
class _Said:
    """What all declarations of one link have said so far."""

    link: Link
    ends: dict[str, End] = field(default_factory=dict)
    is_apart: bool = False


class _Links:
    """Links, each put together from all places that speak of it."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._said: dict[str, _Said] = {}

    def say(self, name: str, form: Form, source: str) -> None:
        """One declaration below a kind."""
        self._take(name, form)
        self._add_end(name, source, form)

    def say_apart(self, name: str, form: Form) -> None:
        """One declaration in the file's own section of links."""
        said = self._take(name, form)
        said.is_apart = True
        said.link = replace(
            said.link,
            most=form.count("most") or said.link.most,
            most_back=form.count("most back") or said.link.most_back,
        )
        for source, inner in form.forms("ends"):
            self._add_end(name, source, inner)

    def links(self) -> tuple[Link, ...]:
        """Every link, in the order of first mention."""
        return tuple(_whole(said) for said in self._said.values())

    def _take(self, name: str, form: Form) -> _Said:
        """What a declaration says of the link itself; what was said first stays."""
        said = self._said.get(name)
        if said is None:
            said = self._said[name] = _Said(Link(name=name, back="", ends=()))
            self._findings.places[f"links.{name}"] = form.item.key_place
        old = said.link
        was, origins = form.was()
        said.link = replace(
            old,
            back=self._one(form, "back", old.back, form.text("back")),
            carries=self._carries(form, old.carries),
            shape=Shape(
                self._one(
                    form,
                    "shape",
                    "" if old.shape is Shape.NETWORK else old.shape,
                    form.choice("shape", ""),
                )
                or Shape.NETWORK
            ),
            words=tuple(dict.fromkeys((*old.words, *form.texts("words")))),
            purpose=old.purpose or form.text("purpose"),
            expires=old.expires or form.day("expires"),
            was=tuple(dict.fromkeys((*old.was, *was))),
            origins=tuple(dict.fromkeys((*old.origins, *origins))),
        )
        return said

    def _one(self, form: Form, key: str, old: str, new: str) -> str:
        """What one link may say once; another answer is a finding."""
        item = form.find(key)
        if old and new and old != new and item:
            says = f"'{shown(item)}' is not the '{key}' of this link said above, '{old}'"
            form.wrong(item, says, "say it once, or give one of them another name")
        return old or new

    def _carries(self, form: Form, old: tuple[Field, ...]) -> tuple[Field, ...]:
        """Fields of the link; one of the same name has to be the same."""
        by_name = {each.name: each for each in old}
        for each in _fields(form, "carries"):
            first = by_name.setdefault(each.name, each)
            if replace(first, purpose="") != replace(each, purpose=""):
                item = form.find("carries") or form.item
                says = f"the link carries '{each.name}' of another sort above"
                form.wrong(item, says, "say it once, or give one of them another name")
        return tuple(by_name.values())

    def _add_end(self, name: str, source: str, form: Form) -> None:
        """Where the link leads from one source; more than one saying adds up."""
        said = self._said[name]
        targets = form.texts("to")
        if not targets and form.find("to") is None:
            says = f"{form.path} leads nowhere"
            hint = "add 'to: kind', a list of kinds, or 'to: any'"
            self._findings.add("MODEL004", says, hint, form.item.key_place)
            return
        old = said.ends.get(source, End(source=source, targets=()))
        said.ends[source] = End(
            source=source,
            targets=tuple(dict.fromkeys((*old.targets, *targets))),
            most=form.count("most") or old.most,
            most_back=form.count("most back") or old.most_back,
        )
        spot = self._findings.places
        spot[f"links.{name}.to.{source}"] = (form.find("to") or form.item).place


def _whole(said: _Said) -> Link:
    """A link whose ends all say one bound says it itself."""
    ends, link = tuple(said.ends.values()), said.link
    if said.is_apart or not ends:
        return replace(link, ends=ends)
    most, most_back = ends[0].most, ends[0].most_back
    if all(end.most == most for end in ends):
        ends, link = tuple(replace(end, most=0) for end in ends), replace(link, most=most)
    if all(end.most_back == most_back for end in ends):
        ends = tuple(replace(end, most_back=0) for end in ends)
        link = replace(link, most_back=most_back)
    return replace(link, ends=ends)


# The rest ----------------------------------------------------------------------------


def _term(name: str, form: Form) -> Term:
    return Term(
        name=name,
        means=form.text("means"),
        synonyms=form.texts("also"),
        purpose=form.text("purpose"),
        expires=form.day("expires"),
    )


def _moments(form: Form) -> Iterator[NamedMoment]:
    for name, inner in form.forms("moments"):
        if (day := inner.day("day")) is not None:
            yield NamedMoment(
                name=name,
                day=day,
                known=inner.day("known"),
                purpose=inner.text("purpose"),
                expires=inner.day("expires"),
            )


def _dialects(form: Form) -> tuple[Dialect, ...]:
    """Local words by area."""
    dialects = []
    for area, item in form.entries("dialects"):
        below = Form(Item({"dialects": item}), "model", f"dialects.{area}", form.findings)
        dialects.append(Dialect(area=area, words=below.words("dialects")))
        for word, local in item.mapping.items():
            form.findings.places[f"dialects.{area}.{word}"] = local.key_place
    return tuple(dialects)


def _rule(code: str, form: Form) -> RuleQuery:
    return RuleQuery(
        code=code,
        flags=form.text("flags"),
        says=form.text("says"),
        hint=form.text("hint"),
        severity=form.choice("severity", "warning"),
        name=form.text("name"),
        purpose=form.text("purpose"),
        expires=form.day("expires"),
    )


def _silences(form: Form) -> tuple[Silence, ...]:
    """Silences with a rule, a reason and an end; others are findings."""
    silences = []
    item = form.find("silences")
    for number, each in enumerate(item.items if item else (), start=1):
        inner = Form(each, "silence", f"silences.{number}", form.findings)
        until = inner.day("until")
        if until is not None:
            silences.append(
                Silence(
                    rule=inner.text("rule"),
                    of=inner.text("of"),
                    why=inner.text("why"),
                    until=until,
                )
            )
    return tuple(silences)


def _reading(name: str, form: Form) -> BoundReading:
    return BoundReading(
        name=name,
        computes=form.text("computes"),
        given=form.texts_by_name("with"),
        purpose=form.text("purpose"),
        expires=form.day("expires"),
    )


def _view(name: str, form: Form) -> SavedView:
    return SavedView(
        name=name,
        asks=form.text("asks"),
        whom=form.text("for"),
        decides=form.text("decides"),
        omits=form.text("omits"),
        lens=form.text("lens"),
        shows=form.words("with"),
    )
