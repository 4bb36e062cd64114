"""Editing verbs: put, connect, disconnect, move, retire, undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from latticework.base.findings import Refused, error, has_errors
from latticework.base.refs import Ref, find_ref, ref_of
from latticework.surfaces.commands.shared import (
    FOUND_ERRORS,
    Writing,
    WrongUse,
    open_company,
    say,
    show_findings,
    writes,
)
from latticework.surfaces.person import present_person

if TYPE_CHECKING:
    from latticework.journal.changes import Change, Value
    from latticework.model.model import Field, Model
    from latticework.workspace import Workspace


@click.command()
@click.argument("ref")
@click.argument("values", metavar="FIELD=VALUE…", nargs=-1)
@writes
def put(ref: str, values: tuple[str, ...], writing: Writing) -> None:
    """Say what is so about a thing; a new one begins.

    FIELD= takes a value away. A field written twice holds both values, where
    the model allows several.

      latticework put bet/ferry title='Night ferry' stage=Discovery
      latticework put bet/ferry confidence='30–50%' --why 'the pilot' --at 2026-03-01
    """
    from latticework.journal.changes import Put

    workspace = open_company()
    model = workspace.graph(branch=writing.branch).model
    kind = model.find_kind(ref.partition("/")[0])
    fields = kind.fields_by_name if kind else {}
    change = Put(_shaped(ref), _values(values, fields))
    _record(workspace, [change], writing, said=f"put {ref}")


@click.command()
@click.argument("words", metavar="REF LINK REF [FIELD=VALUE…]", nargs=-1, required=True)
@writes
def connect(words: tuple[str, ...], writing: Writing) -> None:
    """Draw a link from one thing to another.

    LINK is the link's phrase, either way round.

      latticework connect bet/ferry serves goal/reach share=40%
      latticework connect goal/reach is served by bet/ferry
    """
    from latticework.journal.changes import Connect

    workspace = open_company()
    model = workspace.graph(branch=writing.branch).model
    source, link, target, rest = _edge(words, model)
    declared = model.links_by_name.get(link)
    carried = _values(rest, declared.carries_by_name if declared else {})
    change = Connect(source, link, target, carried)
    _record(workspace, [change], writing, said=f"{source} {link} {target}")


@click.command()
@click.argument("words", metavar="REF LINK REF", nargs=-1, required=True)
@writes
def disconnect(words: tuple[str, ...], writing: Writing) -> None:
    """Cut a link between two things; its history stays.

    latticework disconnect bet/ferry serves goal/reach --why 'the goal moved on'
    """
    from latticework.journal.changes import Disconnect

    workspace = open_company()
    model = workspace.graph(branch=writing.branch).model
    source, link, target, rest = _edge(words, model)
    if rest:
        raise WrongUse(error("CLI004", f"nothing may follow the second ref: '{rest[0]}'"))
    change = Disconnect(source, link, target)
    _record(workspace, [change], writing, said=f"{source} no longer {link} {target}")


@click.command()
@click.argument("ref")
@click.argument("to")
@writes
def move(ref: str, to: str, writing: Writing) -> None:
    """Give a thing another ref; the old one keeps leading to it.

    latticework move bet/ferry bet/night-ferry
    """
    from latticework.journal.changes import Move

    workspace = open_company()
    change = Move(_existing(workspace, ref, writing), _shaped(to))
    _record(workspace, [change], writing, said=f"{ref} is now {to}")


@click.command()
@click.argument("ref")
@writes
def retire(ref: str, writing: Writing) -> None:
    """End a thing; its history and its ref stay.

    latticework retire bet/ferry --why 'no berth to be had' --at 2026-05-01
    """
    from latticework.journal.changes import Retire

    workspace = open_company()
    change = Retire(_existing(workspace, ref, writing))
    _record(workspace, [change], writing, said=f"retired {ref}")


@click.command()
@click.argument("batch", type=int, required=False)
@click.option("--import", "whole", is_flag=True, help="All that came in with it, however long.")
@click.option("--by", default="", metavar="NAME", help="Who says so; you, without it.")
@click.option("--why", default="", metavar="TEXT", help="The reason, kept in the journal.")
@click.option("--branch", default="main", show_default=True, help="On this branch.")
def undo(batch: int | None, whole: bool, by: str, why: str, branch: str) -> None:
    """Take the last batch back, or the one of this number, by new entries.

    Nothing is erased: the journal keeps what was said and that it was taken
    back. What was changed again since is refused, and said. A long import is
    several batches: with --import, all of them are taken back.

    latticework undo --import --why 'the export was of last year'
    """
    workspace = open_company()
    taking = workspace.undo_import if whole else workspace.undo
    receipt = taking(batch, by=by or present_person(), why=why, branch=branch)
    say(f"Taken back by {_entries(receipt.first, receipt.last)}.")


def _record(
    workspace: Workspace, changes: Iterable[Change], writing: Writing, *, said: str
) -> None:
    """Check, say what is doubtful, record; or only check."""
    wanted = tuple(changes)
    if writing.dry_run:
        findings = workspace.propose(wanted, branch=writing.branch)
        show_findings(findings)
        if has_errors(findings):
            click.get_current_context().exit(FOUND_ERRORS)
        say(f"Would record: {said}")
        return
    findings = workspace.propose(wanted, branch=writing.branch)
    if has_errors(findings):
        raise Refused(findings)
    show_findings(findings)
    receipt = workspace.append(
        wanted, by=writing.by, why=writing.why, valid=writing.valid, branch=writing.branch
    )
    if receipt.last < receipt.first:
        say(f"Nothing to record: {said} is so already.")
        return
    say(f"Recorded as {_entries(receipt.first, receipt.last)}: {said}")


def _entries(first: int, last: int) -> str:
    return f"entry {first:,}" if first == last else f"entries {first:,} to {last:,}"


def _values(pairs: Iterable[str], declared: Mapping[str, Field]) -> dict[str, Value]:
    """FIELD=VALUE pairs as values; all that are not pairs are said at once."""
    findings, values = [], dict[str, list[str]]()
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            hint = "write FIELD=VALUE, in quotes where it holds spaces"
            findings.append(error("CLI004", f"'{pair}' is no FIELD=VALUE", hint=hint, value=pair))
            continue
        values.setdefault(name.strip(), []).append(value)
    if findings:
        raise Refused(findings)
    return {name: _value(each, declared.get(name)) for name, each in values.items()}


def _value(texts: list[str], declared: Field | None) -> Value:
    filled = [each for each in texts if each]
    if not filled:
        return None
    several = len(filled) > 1 or (declared is not None and declared.many)
    return tuple(filled) if several else filled[0]


def _edge(words: tuple[str, ...], model: Model) -> tuple[Ref, str, Ref, tuple[str, ...]]:
    """Source, link and target, whichever way round the phrase reads."""
    from latticework.views.walk import way_of

    spots = [place for place, word in enumerate(words) if find_ref(word) is not None]
    if len(spots) < 2 or spots[0] != 0 or spots[1] == 1:
        hint = "write REF LINK REF, as in: bet/ferry serves goal/reach"
        says = f"'{' '.join(words)}' does not name two things with a link between them"
        raise WrongUse(error("CLI004", says, hint=hint))
    first, second = Ref(words[0]), Ref(words[spots[1]])
    way = way_of(model, " ".join(words[1 : spots[1]]))
    rest = words[spots[1] + 1 :]
    if way.back:
        return second, way.link.name, first, rest
    return first, way.link.name, second, rest


def _shaped(ref: str) -> Ref:
    """The text as a ref; raises WrongUse with what it could be."""
    found = find_ref(ref)
    if found is not None:
        return found
    kind, slash, name = ref.partition("/")
    hint = f"write {ref_of(kind, name)}" if slash and name else "write KIND/NAME, as in goal/reach"
    raise WrongUse(error("CLI005", f"'{ref}' is no ref", hint=hint, value=ref))


def _existing(workspace: Workspace, ref: str, writing: Writing) -> Ref:
    """The present ref of the thing meant; raises Refused with close ones."""
    from latticework.views.things import id_of

    graph = workspace.graph(branch=writing.branch)
    return graph.ref_of(id_of(graph, ref))
