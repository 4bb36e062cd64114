"""Commands to begin with: init, demo, import, serve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from latticework.surfaces.commands.shared import (
    company_folder,
    exit_by,
    open_company,
    say,
    show_findings,
    show_page,
)
from latticework.surfaces.person import present_person

if TYPE_CHECKING:
    from latticework.workspace import Workspace

HOST = "127.0.0.1"
PORT = 8765


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@click.option("--pack", default="starter", show_default=True, help="The words to begin with.")
@click.option("--model", "model_file", type=click.Path(), help="A model file of your own.")
@click.option("--store", default=None, metavar="URL", help="Where the journal lies.")
def init(folder: str, pack: str, model_file: str | None, store: str | None) -> None:
    """Begin a company in a folder.

    The folder gets `latticework.yaml`, the model, which is yours to edit, and
    `.latticework/` with the journal.

      latticework init harbour
      latticework init harbour --model words.yaml
      latticework init harbour --store postgresql://localhost/harbour
    """
    from latticework.workspace import Workspace
    from latticework.workspace.folder import read_text

    text = read_text(Path(model_file)) if model_file else None
    with Workspace.init(
        Path(folder),
        model_text=text,
        model_file=model_file or "",
        pack=pack,
        store_url=store,
    ) as workspace:
        model = workspace.graph().model
        say(f"Began {model.company or 'a company'} in {folder}: {len(model.kinds)} kinds.")
    say("Next:")
    say(f"  latticework -C {folder} put goal/first title='What we want'")
    say(f"  latticework -C {folder} import RECIPE --dry-run")
    say(f"  latticework -C {folder} model show")


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
) -> None:
    """Bring work in from where it lives, by a recipe.

    LOCATION is a file, a folder, a git repository or a git bundle; without it,
    the folder of the recipe. A sample may be a folder of files, too. A second import adds only what is new. What can
    be read is recorded, whatever else is found; files left out end it with 1.

      latticework import groups.recipe.yaml --from ../groups.bundle
      latticework import groups.recipe.yaml --from ../groups.bundle --dry-run
      latticework import issues.csv --add-words
      latticework import issues.csv --propose > issues.recipe.yaml
    """
    from latticework.surfaces.imports import import_page
    from latticework.surfaces.progress import Bar

    workspace = open_company()
    if propose or add_words:
        _propose(workspace, Path(recipe), by, propose=propose, words=add_words, dry_run=dry_run)
        return
    with Bar(f"Reading {location or recipe}") as bar:
        imported = workspace.import_recipe(
            Path(recipe),
            location,
            dry_run=dry_run,
            by=by or present_person(),
            branch=branch,
            progress=bar.advance,
        )
    show_page(import_page(imported, each=each), "json" if as_json else "")
    exit_by(imported.findings)


def _propose(
    workspace: Workspace, sample: Path, by: str, *, propose: bool, words: bool, dry_run: bool
) -> None:
    """What a sample needs: words of the model, and a recipe."""
    if words:
        _add_words(workspace, sample, by=by or present_person(), dry_run=dry_run)
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


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=int, help="The port to listen on.")
@click.option("--anyone", is_flag=True, help="Let whoever reaches the host read everything.")
@click.option("--anyone-may-write", is_flag=True, help="Let whoever reaches the host write, too.")
@click.option("--read-only", is_flag=True, help="Show the company; write nothing.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="A further name to answer to.")
@click.option("--workers", default=1, show_default=True, type=int, help="Processes that answer.")
@click.option("--sync", "with_sync", is_flag=True, help="Fetch and import what becomes due, too.")
def serve(
    host: str,
    port: int,
    anyone: bool,
    anyone_may_write: bool,
    read_only: bool,
    names: tuple[str, ...],
    workers: int,
    with_sync: bool,
) -> None:
    """Serve the company's pages to browsers, and its calls to programs.

    Only this machine reaches them, unless another host is given and --anyone
    says that whoever reaches it may read. They write only where
    --anyone-may-write says so, too: there is no sign-in yet.
    """
    from latticework.surfaces.background import syncing
    from latticework.surfaces.web.server import serve as run

    folder = company_folder()
    with syncing(folder, tell=lambda finding: show_findings([finding]), wanted=with_sync):
        run(
            folder,
            host=host,
            port=port,
            anyone=anyone,
            anyone_may_write=anyone_may_write,
            read_only=read_only,
            names=names,
            workers=workers,
            say=say,
        )


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False))
@click.option("--port", default=PORT, show_default=True, type=int, help="The port to listen on.")
@click.option("--no-serve", is_flag=True, help="End after the tour.")
def demo(folder: str | None, port: int, no_serve: bool) -> None:
    """Build the example company, show a tour of answers, serve its pages.

    The company lies in DIR; without it, in a new folder that is named.
    """
    from latticework.surfaces.touring import build_example, take_tour

    path = build_example(folder)
    take_tour(path)
    if no_serve:
        return
    from latticework.surfaces.web.server import serve as run

    run(path, host=HOST, port=port, say=say)
