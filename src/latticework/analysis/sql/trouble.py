"""What goes wrong with SQL, in our words.

Codes: SQL001 not SQL, 002 no such table, 003 no such column, 004 no such
function, 005 does not read, 006 several statements, 007 too long, 008 too
much, 009 reaches outside, 010 whatever else the engine says, 011 too many at
once, 012 nothing asked, 013 the engine is not installed, 014 types that do
not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from latticework.analysis.sql.table import SqlTable, quoted
from latticework.base.findings import Finding, Place, error
from latticework.base.near import did_you_mean, near

_ENDS = ("_low", "_high")


def findings_of(
    wrong: Mapping[str, object], text: str, tables: Mapping[str, SqlTable], seconds: float
) -> tuple[Finding, ...]:
    """What a process says is wrong, with its place in the text and what to do."""
    told = {name: str(value) for name, value in wrong.items()}
    place = _place(text, told)
    match told.get("sort", ""), told.get("subtype", ""), told.get("type", ""):
        case "nothing", _, _:
            return (error("SQL012", "nothing is asked", hint="write: select * from …"),)
        case "several", _, _:
            says = f"here are {told['count']} statements"
            return (error("SQL006", says, hint="ask one at a time"),)
        case "writes", _, _:
            says = f"'{told['word']}' does not only read"
            hint = "write select, with, from, describe or explain; the company is changed elsewhere"
            return (error("SQL005", says, hint=hint, value=told["word"]),)
        case "interrupt", _, _:
            return (_too_long(seconds),)
        case (("memory" | "outofmemory"), _, _):
            hint = "join on ref, source or target; add a where or a limit; select fewer columns"
            return (error("SQL008", "this needs more memory than a statement may have", hint=hint),)
        case "stopped", _, _:
            hint = "ask it another way, and report the statement to the project's issues"
            return (error("SQL010", "the engine stopped without saying why", hint=hint),)
        case "permission", _, _:
            says = "this reaches outside the company's tables"
            hint = "files, addresses, extensions and settings are shut off; import the data instead"
            return (error("SQL009", says, hint=hint, place=place),)
        case "parser", _, _:
            return (_unread(told, place),)
        case "catalog", _, ("Table" | "View"):
            return (_no_table(told["name"], tables, place),)
        case "catalog", _, _:
            return (_no_function(told, place),)
        case "binder", "COLUMN_NOT_FOUND", _:
            return (_no_column(told, text, tables, place),)
    return (_otherwise(told, text, tables, place),)


def busy() -> Finding:
    """Others ask at the same time, and this one did not come up."""
    hint = "ask again in a moment"
    return error("SQL011", "other statements are being run, and none ended in time", hint=hint)


def missing_library() -> Finding:
    """The engine cannot be imported."""
    hint = "install it: pip install duckdb"
    return error("SQL013", "SQL needs the library duckdb, which is not installed", hint=hint)


def _too_long(seconds: float) -> Finding:
    hint = "join on ref, source or target; add a where or a limit"
    return error("SQL007", f"this takes longer than {seconds:g} seconds", hint=hint)


def _unread(told: Mapping[str, str], place: Place) -> Finding:
    found = re.search(r'at or near "(.*)"', told["says"])
    if found:
        says = f"'{found[1]}' is not understood here"
        return error("SQL001", says, hint=_syntax_hint(found[1]), place=place, value=found[1])
    says = told["says"].rstrip(".!")
    hint = "names that hold spaces stand in double quotes, texts in single ones"
    return error("SQL001", says[:1].lower() + says[1:], hint=hint, place=place)


_FIRST = ("select", "with", "from", "describe", "explain", "show", "summarize", "pivot", "values")


def _syntax_hint(word: str) -> str:
    otherwise = "names that hold spaces stand in double quotes, texts in single ones"
    return did_you_mean(word, _FIRST, otherwise=otherwise)


def _no_table(name: str, tables: Mapping[str, SqlTable], place: Place) -> Finding:
    known = {each.name: each.written for each in tables.values()}
    close = [known[each] for each in near(name, known)]
    # People write the plural as often as not.
    close += [known[each] for each in known if name.casefold().rstrip("s") == each.casefold()]
    hint = "see all of them: latticework sql; on the page, beside the statement"
    if close:
        hint = "did you mean " + " or ".join(dict.fromkeys(close)) + "?"
    return error("SQL002", f"no table is called '{name}'", hint=hint, place=place, value=name)


def _no_function(told: Mapping[str, str], place: Place) -> Finding:
    names = list(dict.fromkeys(_listed(told["candidates"])))[:3]
    hint = "did you mean " + " or ".join(f"'{each}'" for each in names) + "?" if names else ""
    name = told["name"]
    return error("SQL004", f"no function is called '{name}'", hint=hint, place=place, value=name)


def _no_column(
    told: Mapping[str, str], text: str, tables: Mapping[str, SqlTable], place: Place
) -> Finding:
    name = told["name"]
    known = {column.name for each in _mentioned(text, tables) for column in each.columns}
    close = near(name, known)
    if close:
        hint = "did you mean " + " or ".join(quoted(each) for each in close) + "?"
    else:
        hint = "there are: " + ", ".join(quoted(each) for each in sorted(known)[:12])
    if not known:
        hint = "name the table that has it: from …"
    return error("SQL003", f"no column is called '{name}'", hint=hint, place=place, value=name)


def _otherwise(
    told: Mapping[str, str], text: str, tables: Mapping[str, SqlTable], place: Place
) -> Finding:
    """What the engine says itself, with a hint where ours knows better."""
    says = told.get("says", "").rstrip(".!") or "the statement cannot be run"
    if says.startswith("latticework: "):
        hint = "write the table's name in the statement itself, not put together from parts"
        return error("SQL002", "this asks a table whose name is not written here", hint=hint)
    if "read-only mode" in says:
        hint = "the company is changed elsewhere; here it is only read"
        return error("SQL005", "a part of this does not only read", hint=hint, place=place)
    if "configuration" in says and "locked" in says:
        return error("SQL009", "settings are fixed here", hint="leave it out", place=place)
    if told.get("sort") == "conversion" or "No function matches" in says:
        ranged = sorted(
            column.name.removesuffix(_ENDS[0])
            for each in _mentioned(text, tables)
            for column in each.columns
            if column.name.endswith(_ENDS[0])
        )
        hint = "compare and add values of one type"
        if ranged:
            name = next((each for each in ranged if each in text), ranged[0])
            hint = f"'{name}' is the text as written; {name}_low and {name}_high are its numbers"
        plain = says[:1].lower() + says.partition(". You ")[0][1:]
        return error("SQL014", plain, hint=hint, place=place)
    return error("SQL010", says[:1].lower() + says[1:], hint="see the guide: SQL", place=place)


def _mentioned(text: str, tables: Mapping[str, SqlTable]) -> Iterator[SqlTable]:
    from latticework.analysis.sql.ask import named_in

    return (tables[each] for each in named_in(text, tables))


def _listed(candidates: str) -> Iterator[str]:
    """Names out of what the engine offers: bare, or with the types that they take."""
    for each in re.split(r",\s*(?![^(]*\))", candidates.strip("[]")):
        name = each.strip(' "').partition("(")[0]
        if name:
            yield name


def _place(text: str, told: Mapping[str, str]) -> Place:
    """Line and column, from bytes counted from the beginning."""
    position = told.get("position", "")
    if not position.isdigit():
        return Place()
    before = text.encode()[: int(position)].decode("utf-8", "replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    size = re.search(r",\s*(\d+)\]", told.get("location", ""))
    end = column + int(size[1]) if size else 0
    return Place(line=line, column=column, end=end)
