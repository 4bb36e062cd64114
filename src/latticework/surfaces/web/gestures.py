"""Gestures that shape the model: a few words in, an amended text of the model out.

A gesture is declared once: its form, what it is for, and what it does to the
text. It changes the text alone; what that would affect is previewed, then applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from latticework.base.findings import Finding, Refused, error
from latticework.model.amend import Plain, amend, rename
from latticework.model.model import Family, Kind, Model

Typed = Mapping[str, str]


@dataclass(frozen=True)
class Blank:
    """One line of a gesture's form. `offers` names what may be chosen or completed.

    `closed` lets nothing else in; `optional` may stay empty.
    """

    name: str
    label: str
    example: str = ""
    offers: str = ""
    closed: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Gesture:
    """A change of words as one thing to do; `of_kind` where it is about one kind."""

    name: str
    says: str
    blanks: tuple[Blank, ...]
    make: Callable[[str, Model, Typed], str]
    of_kind: bool = True

    def apply(self, text: str, model: Model, typed: Typed) -> str:
        """The amended text; raises Refused (WEB021) for what is left empty."""
        empty = [each for each in self.blanks if not each.optional and not typed.get(each.name)]
        if empty:
            raise Refused([_unfilled(each) for each in empty])
        return self.make(text, model, typed)


def _unfilled(blank: Blank) -> Finding:
    example = f"for instance: {blank.example}" if blank.example else "say it in a word or two"
    return error("WEB021", f"'{blank.label}' is empty", hint=example)


def _new_kind(text: str, _: Model, typed: Typed) -> str:
    kind: dict[str, Plain] = {"family": typed["family"]}
    if typed.get("many"):
        kind["many"] = typed["many"]
    if typed.get("purpose"):
        kind["purpose"] = typed["purpose"]
    return amend(text, ("kinds", typed["name"]), kind)


def _new_field(text: str, _: Model, typed: Typed) -> str:
    return amend(text, ("kinds", typed["kind"], "fields", typed["name"]), typed["type"])


def _new_stage(text: str, model: Model, typed: Typed) -> str:
    """The whole course is written out: the order of stages counts."""
    stages = dict(_said(model, typed["kind"], "stages"))
    made = {typed["name"]: typed["category"]}
    place = list(stages).index(typed["after"]) + 1 if typed.get("after") in stages else len(stages)
    every = list(stages.items())
    return amend(
        text,
        ("kinds", typed["kind"], "stages"),
        dict([*every[:place], *made.items(), *every[place:]]),
    )


def _new_link(text: str, _: Model, typed: Typed) -> str:
    link: dict[str, Plain] = {"to": _several(typed["to"])}
    if typed.get("back"):
        link["back"] = typed["back"]
    if typed.get("carries"):
        link["carries"] = dict.fromkeys(_words(typed["carries"]), "text")
    return amend(text, ("kinds", typed["kind"], "links", typed["name"]), link)


def _rename_kind(text: str, model: Model, typed: Typed) -> str:
    kind, to = typed["kind"], typed["to"]
    own = amend(text, ("kinds", kind), None) != text
    renamed = rename(text, ("kinds", kind), to) if own else text
    declared = model.kinds_by_name.get(kind)
    if not own and declared is not None:
        renamed = amend(renamed, ("kinds", to, "family"), declared.family.value)
    return amend(renamed, ("kinds", to, "was"), kind)


def _rename_field(text: str, model: Model, typed: Typed) -> str:
    path = ("kinds", typed["kind"], "fields")
    said = _said(model, typed["kind"], "fields").get(typed["field"], "text")
    whole = dict(said) if isinstance(said, Mapping) else {"type": said}
    left = amend(text, (*path, typed["field"]), None)
    return amend(left, (*path, typed["to"]), {**whole, "was": typed["field"]})


def _rename_stage(text: str, model: Model, typed: Typed) -> str:
    stages: dict[str, Plain] = {}
    for name, said in _said(model, typed["kind"], "stages").items():
        if name != typed["stage"]:
            stages[name] = said
            continue
        whole = dict(said) if isinstance(said, Mapping) else {"category": said}
        stages[typed["to"]] = {**whole, "was": name}
    return amend(text, ("kinds", typed["kind"], "stages"), stages)


def _purpose(text: str, _: Model, typed: Typed) -> str:
    return amend(text, ("kinds", typed["kind"], "purpose"), typed["purpose"])


def _new_term(text: str, _: Model, typed: Typed) -> str:
    return amend(text, ("terms", typed["name"]), {"means": typed["means"]})


def _new_word(text: str, _: Model, typed: Typed) -> str:
    return amend(text, ("dialects", typed["area"], typed["word"]), typed["own"])


def _new_rule(text: str, _: Model, typed: Typed) -> str:
    keys = ("flags", "says", "hint")
    rule: dict[str, Plain] = {key: typed[key] for key in keys if typed.get(key)}
    return amend(text, ("rules", typed["code"]), rule)


def _new_interface(text: str, _: Model, typed: Typed) -> str:
    interface: dict[str, Plain] = {"fields": dict.fromkeys(_words(typed["fields"]), "text")}
    if typed.get("stages"):
        interface["stages"] = _words(typed["stages"])
    return amend(text, ("interfaces", typed["name"]), interface)


def _provide(text: str, model: Model, typed: Typed) -> str:
    kind = model.kinds_by_name.get(typed["kind"])
    provided = list(kind.provides) if kind else []
    return amend(text, ("kinds", typed["kind"], "is"), [*provided, typed["interface"]])


def _said(model: Model, kind: str, section: str) -> Mapping[str, Plain]:
    """A section of a kind as it would be written in a file."""
    from latticework.model.format import spell_model

    spelled = spell_model(model).get("kinds")
    entry = spelled.get(kind) if isinstance(spelled, Mapping) else None
    said = entry.get(section) if isinstance(entry, Mapping) else None
    return said if isinstance(said, Mapping) else {}


def _several(text: str) -> Plain:
    words = _words(text)
    return words[0] if len(words) == 1 else words


def _words(text: str) -> list[str]:
    return [word for each in text.split(",") if (word := each.strip())]


_TYPE = Blank("type", "holds", "money range per quarter", offers="types")
_CATEGORY = Blank("category", "counts as", "active", offers="categories")

GESTURES = (
    Gesture(
        "field",
        "Add a field",
        (Blank("name", "called", "confidence"), _TYPE),
        _new_field,
    ),
    Gesture(
        "stage",
        "Add a stage",
        (
            Blank("name", "called", "In review"),
            _CATEGORY,
            Blank("after", "after", offers="stages", closed=True, optional=True),
        ),
        _new_stage,
    ),
    Gesture(
        "link",
        "Add a link",
        (
            Blank("name", "phrase", "serves"),
            Blank("to", "leads to", "goal, pillar", offers="kinds"),
            Blank("back", "read back", "is served by", optional=True),
            Blank("carries", "carries", "share, why", optional=True),
        ),
        _new_link,
    ),
    Gesture("rename-kind", "Rename this kind", (Blank("to", "to", "wager"),), _rename_kind),
    Gesture(
        "rename-field",
        "Rename a field",
        (Blank("field", "field", offers="fields", closed=True), Blank("to", "to", "claim")),
        _rename_field,
    ),
    Gesture(
        "rename-stage",
        "Rename a stage",
        (Blank("stage", "stage", offers="stages", closed=True), Blank("to", "to", "Sailing")),
        _rename_stage,
    ),
    Gesture(
        "purpose",
        "Say what it is for",
        (Blank("purpose", "purpose", "shape work above a quarter"),),
        _purpose,
    ),
    Gesture(
        "provide",
        "Let it provide an interface",
        (Blank("interface", "interface", offers="interfaces", closed=True),),
        _provide,
    ),
    Gesture(
        "kind",
        "Add a kind",
        (
            Blank("name", "called", "epic"),
            Blank("many", "many", "epics", optional=True),
            Blank("family", "family", offers="families", closed=True),
            Blank("purpose", "for", "shape work above a quarter", optional=True),
        ),
        _new_kind,
        of_kind=False,
    ),
    Gesture(
        "term",
        "Add a word to the glossary",
        (Blank("name", "word", "slack"), Blank("means", "means", "time nobody has planned")),
        _new_term,
        of_kind=False,
    ),
    Gesture(
        "word",
        "Let an area use a word of its own",
        (
            Blank("area", "area", "payments"),
            Blank("word", "the company's word", "epic", offers="words"),
            Blank("own", "theirs", "Mission"),
        ),
        _new_word,
        of_kind=False,
    ),
    Gesture(
        "rule",
        "Add a rule",
        (
            Blank("code", "code", "BET101"),
            Blank("flags", "flags", "bet where stage is active and serves nothing"),
            Blank("says", "says", "{title} is active and serves nothing"),
            Blank("hint", "hint", "link it or say why", optional=True),
        ),
        _new_rule,
        of_kind=False,
    ),
    Gesture(
        "interface",
        "Add an interface",
        (
            Blank("name", "called", "reviewed"),
            Blank("fields", "with", "review, owner"),
            Blank("stages", "and stages", "proposed, active, done", optional=True),
        ),
        _new_interface,
        of_kind=False,
    ),
)


def gesture_of(name: str) -> Gesture:
    """The gesture of this name; raises Refused (WEB022) without one."""
    for each in GESTURES:
        if each.name == name:
            return each
    raise Refused([error("WEB022", f"no gesture is called '{name}'", value=name)])


def offers_of(model: Model, kind: Kind | None, what: str) -> Iterable[str]:
    """What may stand in a blank, from the model as it is."""
    match what:
        case "kinds":
            return (*model.kinds_by_name, *(each.name for each in model.interfaces))
        case "families":
            return (each.value for each in Family)
        case "categories":
            return dict.fromkeys(
                each.category for other in model.kinds for each in other.stages if each.category
            )
        case "interfaces":
            return (each.name for each in model.interfaces)
        case "types":
            return TYPES
        case "words":
            return model.kinds_by_name
        case "fields" if kind is not None:
            return (each.name for each in kind.fields)
        case "stages" if kind is not None:
            return kind.stages_by_name
    return ()


TYPES = (
    "text",
    "text many",
    "number",
    "number range",
    "number 0..10",
    "money range",
    "money range per quarter",
    "ratio range",
    "duration range",
    "day",
    "day range",
    "yes-no",
    "choice low | some | high",
    "url",
)
"""How fields are usually written, for completion; whatever the model reads is fine."""
