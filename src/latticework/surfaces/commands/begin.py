"""Commands to begin with: init, demo, import, serve."""

from __future__ import annotations

from pathlib import Path

import click

from latticework.surfaces.commands.shared import (
    company_folder,
    exit_by,
    open_company,
    say,
    show_page,
)
from latticework.surfaces.person import present_person

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
@click.option("--propose", is_flag=True, help="RECIPE is a sample: print a recipe for it.")
def import_(
    recipe: str, location: str, branch: str, by: str, dry_run: bool, each: int, propose: bool
) -> None:
    """Bring work in from where it lives, by a recipe.

    LOCATION is a file, a folder, a git repository or a git bundle; without it,
    the folder of the recipe. A second import adds only what is new. What can
    be read is recorded, whatever else is found; files left out end it with 1.

      latticework import groups.recipe.yaml --from ../groups.bundle
      latticework import groups.recipe.yaml --from ../groups.bundle --dry-run
      latticework import issues.csv --propose > issues.recipe.yaml
    """
    from latticework.surfaces.imports import import_page
    from latticework.surfaces.progress import Bar

    workspace = open_company()
    if propose:
        say(workspace.propose_recipe(Path(recipe)).rstrip())
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
    show_page(import_page(imported, each=each))
    exit_by(imported.findings)


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=int, help="The port to listen on.")
@click.option("--anyone", is_flag=True, help="Let whoever reaches the host read everything.")
@click.option("--anyone-may-write", is_flag=True, help="Let whoever reaches the host write, too.")
@click.option("--read-only", is_flag=True, help="Show the company; write nothing.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="A further name to answer to.")
@click.option("--workers", default=1, show_default=True, type=int, help="Processes that answer.")
def serve(
    host: str,
    port: int,
    anyone: bool,
    anyone_may_write: bool,
    read_only: bool,
    names: tuple[str, ...],
    workers: int,
) -> None:
    """Serve the company's pages to browsers, and its calls to programs.

    Only this machine reaches them, unless another host is given and --anyone
    says that whoever reaches it may read. They write only where
    --anyone-may-write says so, too: there is no sign-in yet.
    """
    from latticework.surfaces.web.server import serve as run

    run(
        company_folder(),
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
