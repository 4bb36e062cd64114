"""Bringing work in: a sample, a proposal, a try, and then the real thing with its recipe."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from latticework.base.findings import Finding, Place, Refused, error, refuse_errors
from latticework.base.times import BEGINNING, Instant, Moment
from latticework.journal.changes import Batch
from latticework.journal.memory import MemoryStore
from latticework.journal.store import Receipt
from latticework.sources.content import BEGINNING as HEAD
from latticework.sources.intakes.intake import Beforehand
from latticework.sources.intakes.read import read
from latticework.sources.proposing.drafting import with_words
from latticework.sources.proposing.gathering import sample_of_folder
from latticework.sources.proposing.propose import Proposal, proposed
from latticework.sources.proposing.sample import Sample, read_sample
from latticework.sources.recipes.recipe import load_recipe
from latticework.sources.source import Reads, source_of
from latticework.sources.tree import Fields, Tree, plain
from latticework.sources.yaml import read_recipe
from latticework.workspace.importing import Imported, import_recipe
from latticework.workspace.modelling import since
from latticework.workspace.undo import inverse_of
from latticework.workspace.upsert import Counting

if TYPE_CHECKING:
    from latticework.graph.graph import Graph
    from latticework.model.amend import Plain
    from latticework.sources.intakes.intake import Intake
    from latticework.sources.recipes.parts import Recipe
    from latticework.workspace.workspace import Workspace

RECIPES = "recipes"
"""The folder of a company in which its recipes lie."""

RECIPE_ENDINGS = (".yaml", ".yml")
ALWAYS = "always"
_NAME = re.compile(r"[\w-]{1,60}")


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What bringing in would do: the company as it would be, counts, findings.

    `before` is the company with the words that it lacks; `imported` is None
    where the recipe or the words are not understood.
    """

    before: Graph
    recipe: Recipe | None = None
    imported: Imported | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What came in, and where its recipe is kept; `first` to `last` are its entries."""

    imported: Imported
    recipe_file: Path
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class KeptRecipe:
    """A recipe in the company's folder; None with findings where it is not understood."""

    file: Path
    recipe: Recipe | None
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """What it is called."""
        return self.recipe.name if self.recipe else self.file.name.partition(".")[0]


def draft(workspace: Workspace, sample: Sample, *, raw: bool = True) -> Proposal:
    """A recipe for a sample, and the words that the model lacks for it."""
    return proposed(sample, workspace.model, raw=raw)


def draft_of_file(workspace: Workspace, sample: Path, *, raw: bool = True) -> Proposal:
    """The same for a file or a folder of this machine; raises Refused (SOURCE006) for neither."""
    if sample.is_dir():
        return draft(workspace, sample_of_folder(sample), raw=raw)
    try:
        data = sample.read_bytes()
    except OSError as problem:
        says = f"'{sample}' cannot be read: {problem.strerror or problem}"
        hint = "name a file, such as an export in CSV or JSON"
        raise Refused(
            [error("SOURCE006", says, hint=hint, place=Place(file=str(sample)))]
        ) from None
    return draft(workspace, read_sample(data, sample.name), raw=raw)


def kept_recipes(workspace: Workspace) -> tuple[KeptRecipe, ...]:
    """The recipes that the company keeps, by name."""
    folder = workspace.folder.path / RECIPES
    files = sorted(each for each in folder.glob("*.y*ml") if each.is_file())
    return tuple(_kept(workspace, each) for each in files)


def fitting_recipe(workspace: Workspace, name: str, form: str) -> KeptRecipe | None:
    """The kept recipe that reads a file of this name and format."""
    for each in kept_recipes(workspace):
        recipe = each.recipe
        if recipe and recipe.reads_file(name) and recipe.format in {"", form}:
            return each
    return None


def recipe_and_place(
    workspace: Workspace, named: Path, location: str, *, may_draft: bool
) -> tuple[Path, str] | None:
    """The recipe for what somebody names, and what it reads; None where a draft is due.

    A recipe is itself, and reads `location`. An export is read by the recipe that
    the company keeps for such files; raises Refused (BRING011) where there is none
    and nobody `may_draft` one.
    """
    if location or named.suffix.casefold() in RECIPE_ENDINGS or not named.exists():
        return named, location
    if named.is_file():
        with named.open("rb") as file:
            source = source_of(file.read(HEAD), named.name)
        kept = fitting_recipe(workspace, named.name, source.name) if source else None
        if kept is not None:
            return kept.file, str(named)
    if may_draft:
        return None
    says = f"'{named}' is no recipe, and the company keeps none that reads it"
    hint = f"see what it would become: latticework import {named} --as-proposed --dry-run"
    raise Refused([error("BRING011", says, hint=hint, place=Place(file=str(named)))])


def add_words(workspace: Workspace, words: str, *, by: str = "", why: str = "") -> Receipt:
    """Add kinds, fields and links to the model; they hold since ever, as history needs them."""
    text = model_with(workspace, words)
    return workspace.shape(text, by=by, why=why or "words for what is imported", valid=ALWAYS)


def model_with(workspace: Workspace, words: str) -> str:
    """The model's text with these words; raises Refused where they cannot be read."""
    tree, findings = read_recipe(words, "words")
    refuse_errors(findings)
    if not isinstance(tree, Fields):
        hint = "write 'kinds:' with names below it, or leave it empty"
        raise Refused([error("BRING004", "the words name no kinds", hint=hint)])
    return with_words(workspace.folder.model_text(), _words(tree))


def try_bringing(
    workspace: Workspace,
    recipe: str,
    words: str,
    location: Path,
    *,
    before: Graph | None = None,
    reads: Reads | None = None,
    whole: bool = True,
) -> Tried:
    """What a recipe would bring in from a folder, were the words in the model already.

    `before` is the company with these words, where it is at hand. `reads` reads the files, where they are at hand or their first records will do;
    unless that is the `whole` of them, what is not there is not taken back.
    """
    try:
        before = before or company_with(workspace, words)
        loaded = load_recipe(recipe, file="recipe", model=before.model)
        stated = workspace.store.stated()
        known = Beforehand(now=workspace.now(), graph=before, whole=whole, reads=reads)
        intake = read(loaded, location, known, stated)
        counting = Counting(before, stated, intake.source)
        batches = tuple(counting.through(intake.batches))
    except Refused as refused:
        return Tried(before=before or workspace.graph(), findings=refused.findings)
    imported = _imported(intake, batches, before, _advanced(before, batches, workspace.now()))
    imported = replace(imported, kinds=counting.told())
    return Tried(before=before, recipe=loaded, imported=imported, findings=intake.findings)


def _imported(intake: Intake, batches: Sequence[Batch], before: Graph, after: Graph) -> Imported:
    """What an import that nobody recorded would have done."""
    from latticework.graph.delta import delta

    return Imported(
        source=intake.source,
        revision=intake.revision,
        batches=len(batches),
        changes=sum(len(each.changes) for each in batches),
        findings=intake.findings,
        delta=delta(before, after),
    )


def bring(
    workspace: Workspace, recipe: str, words: str, location: Path, *, by: str = "", anew: str = ""
) -> Brought:
    """Record what a recipe reads, and keep the recipe under its name.

    `anew` names the kept recipe that this one may replace. Raises Refused:
    BRING005 where another recipe is kept under the name, and whatever stands
    against words, recipe or files; then nothing is recorded but the words.
    """
    loaded = load_recipe(recipe, file="recipe", model=company_with(workspace, words).model)
    file = _recipe_file(workspace, loaded.name, recipe, anew)
    if words.strip():
        add_words(workspace, words, by=by)
    file.parent.mkdir(exist_ok=True)
    file.write_text(recipe, encoding="utf-8")
    first = workspace.store.head().number + 1
    imported = import_recipe(
        workspace, file, str(location), dry_run=False, by=by, branch="main", progress=None
    )
    last = workspace.store.head().number
    return Brought(imported=imported, recipe_file=file, first=first, last=last)


def take_back(workspace: Workspace, first: int, last: int, source: str, *, by: str = "") -> Receipt:
    """Take back all that an import recorded, from its first entry to its last.

    Raises Refused: BRING006 where these are no entries of the source, UNDO001
    for each thing that somebody wrote since.
    """
    between = workspace.store.entries(after=first - 1, upto=last)
    entries = [each for each in between if each.source == source]
    if not entries:
        hint = "take it back from the page of what came in"
        says = f"entries {first:,} to {last:,} are not of '{source}'"
        raise Refused([error("BRING006", says, hint=hint)])
    inverse, findings = inverse_of(
        entries,
        (),
        before=lambda at: workspace.graph_as_of(at, first - 1),
        now=lambda at: workspace.graph_as_of(at, None),
    )
    refuse_errors(findings)
    why = f"what came in from {source} is taken back"
    batch = Batch(changes=inverse, by=by, why=why, undoes=entries[0].batch)
    return workspace.store.append([batch], now=workspace.now(), base=workspace.graph().head)


def _recipe_file(workspace: Workspace, name: str, text: str, anew: str) -> Path:
    if not _NAME.fullmatch(name):
        hint = "name it in letters, digits and hyphens, as it is kept in a file of this name"
        raise Refused([error("BRING007", f"'{name}' cannot name a file", hint=hint, value=name)])
    file = workspace.folder.path / RECIPES / f"{name}.yaml"
    if file.is_file() and name != anew and file.read_text(encoding="utf-8") != text:
        says = f"another recipe is kept under the name '{name}'"
        hint = "name this one otherwise, or say that it replaces the other"
        raise Refused([error("BRING005", says, hint=hint, value=name)])
    return file


def _kept(workspace: Workspace, file: Path) -> KeptRecipe:
    try:
        text = file.read_text(encoding="utf-8")
        recipe = load_recipe(text, file=f"{RECIPES}/{file.name}", model=workspace.model)
    except Refused as refused:
        return KeptRecipe(file=file, recipe=None, findings=refused.findings)
    except (OSError, UnicodeDecodeError) as problem:
        found = error("WORK004", f"'{file.name}' cannot be read: {problem}", hint="mend the file")
        return KeptRecipe(file=file, recipe=None, findings=(found,))
    return KeptRecipe(file=file, recipe=recipe)


def company_with(workspace: Workspace, words: str) -> Graph:
    """The company with these words, since ever; nothing is recorded."""
    graph = workspace.graph()
    if not words.strip():
        return graph
    found = workspace.preview_model(model_with(workspace, words), "latticework.yaml")
    refuse_errors(found.findings)
    # What was declared since gives way too, as it does once the words are added.
    declared = since(found, graph, BEGINNING)
    return _advanced(graph, [Batch(changes=declared)], workspace.now())


def _advanced(graph: Graph, batches: Sequence[Batch], now: Instant) -> Graph:
    """A graph with batches that nobody recorded."""
    wanted = [each for each in batches if each.changes]
    if not wanted:
        return graph
    scratch = MemoryStore()
    scratch.append(wanted, now=now)
    frame = scratch.log().with_columns(pl.col("number") + graph.head)
    return graph.advance(frame, Moment(valid=now))


def _words(tree: Tree) -> Mapping[str, Plain]:
    said = plain(tree)
    assert isinstance(said, dict)  # whoever calls has looked
    return {name: _plain(value) for name, value in said.items()}


def _plain(value: object) -> Plain:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return "" if value is None else str(value)
