"""Every key that a model file may hold, section by section.

The loader refuses other keys by these tables, and the JSON Schema for editors
is made from them.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from latticework.model.model import Family, Shape


class Sort(enum.Enum):
    """What may stand under a key."""

    TEXT = enum.auto()
    TEXTS = enum.auto()
    DAY = enum.auto()
    YES_NO = enum.auto()
    COUNT = enum.auto()
    NUMBER = enum.auto()
    DURATION = enum.auto()
    QUERY = enum.auto()
    CHOICE = enum.auto()
    ORIGINS = enum.auto()
    STAGES = enum.auto()
    WORDS = enum.auto()
    WORDS_BY_AREA = enum.auto()
    TEXTS_BY_NAME = enum.auto()
    SECTION = enum.auto()
    SECTIONS = enum.auto()
    NAMED = enum.auto()


@dataclass(frozen=True)
class Key:
    """One key: what may stand under it and what it says.

    `section` names the table of what stands below (SECTION, SECTIONS, NAMED);
    `choices` are the words of a CHOICE; `short` tells that a text may stand
    for the whole section.
    """

    sort: Sort
    says: str
    section: str = ""
    choices: tuple[str, ...] = ()
    short: bool = False
    required: bool = False


_PURPOSE = Key(Sort.TEXT, "Why it is there, in one line.")
_EXPIRES = Key(Sort.DAY, "The day after which it is shown as past its end.")
_MANY = Key(Sort.TEXT, "The plural; the name and an 's' where it is left out.")
_WAS = Key(
    Sort.ORIGINS,
    "Former names, whose history and links follow; {from: name, where: condition} takes a part.",
)
_FIELDS = Key(
    Sort.NAMED, "Typed values; null drops a field of a pack.", section="field", short=True
)
_TEXT_FIELD = "text, number, money, ratio, duration, day, instant, yes-no, choice or url"

_SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "model": {
        "company": Key(Sort.TEXT, "The company's name."),
        "uses": Key(Sort.TEXTS, "Packs to begin with; everything in them may be changed here."),
        "resolved": Key(Sort.TEXTS, "Packs whose content is written out in this file already."),
        "zone": Key(Sort.TEXT, "Where days begin and end, like Europe/Berlin; UTC if left out."),
        "currency": Key(Sort.TEXT, "The currency of money without one, like EUR."),
        "interfaces": Key(Sort.NAMED, "Shapes that unlike kinds share.", section="interface"),
        "kinds": Key(Sort.NAMED, "The sorts of things the company names.", section="kind"),
        "links": Key(Sort.NAMED, "Relations said apart from their kinds.", section="link"),
        "terms": Key(Sort.NAMED, "The glossary.", section="term", short=True),
        "dialects": Key(Sort.WORDS_BY_AREA, "One area's own words for the company's."),
        "rules": Key(Sort.NAMED, "Questions whose answer should be empty.", section="rule"),
        "silences": Key(Sort.SECTIONS, "Findings accepted for a while.", section="silence"),
        "views": Key(Sort.NAMED, "Kept questions.", section="view", short=True),
        "readings": Key(Sort.NAMED, "Readings in the company's words.", section="reading"),
        "moments": Key(
            Sort.NAMED, "Days that have a name, like a review.", section="moment", short=True
        ),
        "drop": Key(Sort.SECTION, "Parts of used packs to do without.", section="drop"),
    },
    "interface": {
        "many": _MANY,
        "fields": _FIELDS,
        "stages": Key(Sort.TEXTS, "Categories onto which kinds map their stages, in order."),
        "purpose": _PURPOSE,
        "expires": _EXPIRES,
        "was": Key(Sort.TEXTS, "Former names."),
    },
    "kind": {
        "family": Key(
            Sort.CHOICE,
            "The sort of kind it is.",
            choices=tuple(each.value for each in Family),
            required=True,
        ),
        "many": _MANY,
        "is": Key(Sort.TEXTS, "Interfaces it provides."),
        "fields": _FIELDS,
        "stages": Key(Sort.STAGES, "Its course: own words in order, each with its category."),
        "stage field": Key(Sort.TEXT, "The field that holds the stage; 'stage' if left out."),
        "as": Key(Sort.WORDS, "An interface's field, as an expression over own fields."),
        "links": Key(Sort.NAMED, "Relations that begin at this kind.", section="kind link"),
        "refresh": Key(Sort.DURATION, "How long what is said of one stays fresh."),
        "people": Key(Sort.YES_NO, "One of it is a human being: no figure is ever shown per one."),
        "aside": Key(Sort.YES_NO, "It is said about other things; lists of kinds leave it out."),
        "purpose": _PURPOSE,
        "expires": _EXPIRES,
        "was": _WAS,
    },
    "field": {
        "type": Key(Sort.TEXT, f"{_TEXT_FIELD}, with 'many', 'range', bounds, unit or period."),
        "many": Key(Sort.YES_NO, "It holds a list."),
        "range": Key(Sort.YES_NO, "A range is the usual way to say it."),
        "low": Key(Sort.NUMBER, "No value is below."),
        "high": Key(Sort.NUMBER, "No value is above."),
        "unit": Key(Sort.TEXT, "A currency, a unit of duration, or what a number counts."),
        "per": Key(Sort.TEXT, "The period that an amount belongs to, like quarter."),
        "choices": Key(Sort.TEXTS, "The words to choose from, in order."),
        "required": Key(Sort.YES_NO, "A thing without it is a finding."),
        "unique": Key(Sort.YES_NO, "No two things of the kind share a value."),
        "people": Key(Sort.YES_NO, "Its values name people: nothing is grouped by it."),
        "purpose": _PURPOSE,
        "expires": _EXPIRES,
        "was": _WAS,
    },
    "stage": {
        "category": Key(Sort.TEXT, "The shared word: proposed, active, done or dropped."),
        "entry": Key(Sort.TEXT, "What lets a thing in, in words."),
        "exit": Key(Sort.TEXT, "What lets a thing out, in words."),
        "needs": Key(Sort.QUERY, "A condition that a thing in this stage should meet."),
        "limit": Key(Sort.COUNT, "How many things should stand in it at once; a board shows it."),
        "was": _WAS,
    },
    "kind link": {
        "to": Key(
            Sort.TEXTS, "Kinds or interfaces it may lead to, any, or anyone: kinds of people."
        ),
        "back": Key(Sort.TEXT, "The phrase that reads it the other way."),
        "carries": Key(Sort.NAMED, "Fields of the link itself.", section="field", short=True),
        "most": Key(Sort.COUNT, "How many one thing may have at most."),
        "most back": Key(Sort.COUNT, "From how many things it may come at most."),
        "shape": Key(
            Sort.CHOICE,
            "What may be drawn with it; network forbids nothing.",
            choices=tuple(each.value for each in Shape),
        ),
        "words": Key(Sort.TEXTS, "Further phrases for the forward reading."),
        "purpose": _PURPOSE,
        "expires": _EXPIRES,
        "was": _WAS,
    },
    "term": {
        "means": Key(Sort.TEXT, "What the word means here.", required=True),
        "also": Key(Sort.TEXTS, "Other words for it."),
        "purpose": _PURPOSE,
        "expires": _EXPIRES,
    },
    "rule": {
        "name": Key(Sort.TEXT, "A short name that reads after 'allow', like idle-bet."),
        "flags": Key(Sort.QUERY, "The question; each thing it finds is flagged.", required=True),
        "says": Key(Sort.TEXT, "The sentence; {title} and {field} are filled in.", required=True),
        "hint": Key(Sort.TEXT, "What to do."),
        "severity": Key(
            Sort.CHOICE, "warning if left out.", choices=("error", "warning", "notice")
        ),
        "purpose": _PURPOSE,
        "expires": _EXPIRES,
    },
    "silence": {
        "rule": Key(Sort.TEXT, "The code of the rule.", required=True),
        "of": Key(Sort.TEXT, "The ref it is accepted for; every one if left out."),
        "why": Key(Sort.TEXT, "The reason.", required=True),
        "until": Key(Sort.DAY, "The last day of the silence.", required=True),
    },
    "view": {
        "asks": Key(Sort.QUERY, "The question.", required=True),
        "for": Key(Sort.TEXT, "Who reads it."),
        "decides": Key(Sort.TEXT, "The decision it serves."),
        "omits": Key(Sort.TEXT, "What it leaves out."),
        "lens": Key(Sort.TEXT, "The view that shows it, like board; a table if left out."),
        "with": Key(Sort.WORDS, "What that view is further given, by its parameters."),
    },
    "reading": {
        "computes": Key(Sort.TEXT, "What works it out; see the readings.", required=True),
        "with": Key(Sort.TEXTS_BY_NAME, "What it is given, by the parameter's name."),
        "purpose": _PURPOSE,
        "expires": _EXPIRES,
    },
    "moment": {
        "day": Key(Sort.DAY, "The day at whose end it stands.", required=True),
        "known": Key(Sort.DAY, "What was recorded later does not count."),
        "purpose": _PURPOSE,
        "expires": _EXPIRES,
    },
    "drop": {
        each: Key(Sort.TEXTS, f"Names of {each} of used packs.")
        for each in (
            "kinds",
            "links",
            "rules",
            "interfaces",
            "terms",
            "views",
            "readings",
            "dialects",
            "moments",
        )
    },
}
SECTIONS: Mapping[str, Mapping[str, Key]] = {
    **_SECTIONS,
    "link": {
        **_SECTIONS["kind link"],
        "ends": Key(Sort.NAMED, "Where it begins, and where it leads from there.", section="end"),
    },
    "end": {name: _SECTIONS["kind link"][name] for name in ("to", "most", "most back")},
}
"""Keys by section; "model" is the file itself."""

ALWAYS_CATEGORIES = ("proposed", "active", "done", "dropped")
"""Stage categories that every kind may use without an interface."""

RESERVED = frozenset(
    [
        "where",
        "and",
        "or",
        "not",
        "is",
        "was",
        "contains",
        "nothing",
        "something",
        "any",
        "no",
        "show",
        "possibly",
        "missing",
        "unknown",
        "misfit",
        "of",
        "today",
        "then",
        "descending",
        "ascending",
        "as",
    ]
)
"""Words of the query language that no kind, field or link may have as its whole name."""

ROW_WORDS = frozenset({"ref", "kind"})
"""What every row of an answer has besides its fields."""
