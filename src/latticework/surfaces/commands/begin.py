"""Commands to begin with: init, demo, serve."""

from __future__ import annotations

from pathlib import Path

import click

from latticework.surfaces.commands.shared import company_folder, say, show_findings

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
    say(f"  latticework -C {folder} import EXPORT --as-proposed --dry-run")
    say(f"  latticework -C {folder} model show")


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
