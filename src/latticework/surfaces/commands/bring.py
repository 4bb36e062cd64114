"""Commands that bring work in: import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from latticework.surfaces.commands.shared import exit_by, open_company, say, show_page
from latticework.surfaces.person import present_person

if TYPE_CHECKING:
    from latticework.workspace import Workspace
    from latticework.workspace.importing import Imported


@click.command("import")
@click.argument("recipe", type=click.Path())
@click.option("--from", "location", default="", metavar="LOCATION", help="What to read.")
@click.option("--branch", default="main", show_default=True, help="Write on this branch.")
@click.option("--by", default="", metavar="NAME", help="Who imports; you, without it.")
@click.option("--dry-run", is_flag=True, help="Show what would change; record nothing.")
@click.option("--each", default=5, show_default=True, help="Draw so many findings of a code.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each kind as JSON.")
@click.option("--propose", is_flag=True, help="RECIPE is a sample: print a recipe for it.")
@click.option("--add-words", is_flag=True, help="RECIPE is a sample: add the kinds it needs.")
@click.option("--as-proposed", is_flag=True, help="RECIPE is an export: bring it in as proposed.")
def import_(
    recipe: str,
    location: str,
    branch: str,
    by: str,
    dry_run: bool,
    each: int,
    as_json: bool,
    propose: bool,
    add_words: bool,
    as_proposed: bool,
) -> None:
    """Bring work in from where it lives, by a recipe.

    LOCATION is a file, a folder, a git repository or a git bundle; without it,
    the folder of the recipe. A sample may be a folder of files, too. In place of
    RECIPE an export may be named: the company's recipe that reads it is taken, or
    as proposed, a new one. A second import adds only what is new. What can
    be read is recorded, whatever else is found; files left out end it with 1.

      latticework import issues.csv --as-proposed --dry-run
      latticework import issues.csv --as-proposed
      latticework import issues-of-june.csv
      latticework import issues.csv --propose > issues.recipe.yaml
      latticework import groups.recipe.yaml --from ../groups.bundle
    """
    from latticework.surfaces.imports import import_page
    from latticework.surfaces.progress import Bar
    from latticework.workspace.bringing import recipe_and_place

    workspace = open_company()
    by = by or present_person()
    if propose or add_words:
        _propose(workspace, Path(recipe), by, propose=propose, words=add_words, dry_run=dry_run)
        return
    found = recipe_and_place(workspace, Path(recipe), location, may_draft=as_proposed)
    if found is None:
        imported = _as_proposed(workspace, Path(recipe), by, dry_run=dry_run)
    else:
        file, place = found
        with Bar(f"Reading {place or file}") as bar:
            imported = workspace.import_recipe(
                file, place, dry_run=dry_run, by=by, branch=branch, progress=bar.advance
            )
    show_page(import_page(imported, each=each), "json" if as_json else "")
    exit_by(imported.findings)


def _as_proposed(workspace: Workspace, sample: Path, by: str, *, dry_run: bool) -> Imported:
    """Bring an export in by a new recipe, which is kept, or try it."""
    from latticework.base.findings import Refused
    from latticework.surfaces.progress import Bar
    from latticework.workspace.bringing import bring, draft_of_file, try_bringing

    drafted = draft_of_file(workspace, sample)
    if drafted.words:
        say(drafted.words.rstrip(), err=True)
    with Bar(f"Reading {sample}"):
        if dry_run:
            tried = try_bringing(workspace, drafted.recipe, drafted.words, sample)
            if tried.imported is None:
                raise Refused(tried.findings)
            return tried.imported
        brought = bring(workspace, drafted.recipe, drafted.words, sample, by=by)
    if drafted.words:
        say("These words were added to latticework.yaml; they hold since ever.", err=True)
    kept = brought.recipe_file.relative_to(workspace.folder.path)
    say(f"Its recipe is kept as {kept}: edit it, and import again.", err=True)
    return brought.imported


def _propose(
    workspace: Workspace, sample: Path, by: str, *, propose: bool, words: bool, dry_run: bool
) -> None:
    """What a sample needs: words of the model, and a recipe."""
    if words:
        _add_words(workspace, sample, by=by, dry_run=dry_run)
    if propose:
        say(workspace.propose_recipe(sample).rstrip())


def _add_words(workspace: Workspace, sample: Path, *, by: str, dry_run: bool) -> None:
    """Show the words that a sample needs, and add them; with a dry run only show them."""
    from latticework.workspace.bringing import add_words, draft_of_file

    words = draft_of_file(workspace, sample).words
    if not words:
        say("The model has every word that is needed.", err=True)
        return
    say(words.rstrip(), err=True)
    if not dry_run:
        add_words(workspace, words, by=by)
        say("Added to latticework.yaml; they hold since ever.", err=True)
