"""Commands that look after a company: verify, export, restore, completion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import get_completion_class

from latticework.surfaces.commands.shared import exit_by, open_company, say, show_findings

if TYPE_CHECKING:
    from latticework.base.findings import Finding
    from latticework.workspace import Workspace

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print head and findings as JSON.")
def verify(as_json: bool) -> None:
    """Prove that nothing in the journal was altered; ends with 1 where it was.

    Every entry's digest covers the one before it, so a changed, missing or
    exchanged entry is found. Redacted entries still verify.
    """
    from latticework.views.wording import many

    workspace = open_company()
    findings = workspace.verify()
    if as_json:
        say(_proof_json(workspace, findings))
        exit_by(findings)
        return
    show_findings(findings)
    exit_by(findings)
    head = workspace.store.head()
    count = many(head.number, "entry")
    say(f"The journal holds: {count}, digest {head.digest[:16]}.")


@click.command()
@click.argument("target", metavar="DIR|FILE", type=click.Path())
def export(target: str) -> None:
    """Write the whole company, its history included, as plain files.

    A name that ends in .zip or .jsonl makes one file, another name a folder.
    `restore` reads either back without loss.

      latticework export backup/
      latticework export harbour.zip
    """
    written = open_company().export(Path(target))
    say(f"Exported to {written}.")


@click.command()
@click.argument("origin", metavar="DIR|FILE", type=click.Path())
@click.argument("folder", metavar="NEW", type=click.Path(file_okay=False))
@click.option("--store", default=None, metavar="URL", help="Where the journal shall lie.")
def restore(origin: str, folder: str, store: str | None) -> None:
    """Begin a company in a new folder from an export of another, all of it.

    latticework export backup/
    latticework restore backup/ harbour-again
    """
    from latticework.workspace import Workspace

    with Workspace.restore(Path(origin), Path(folder), store_url=store) as workspace:
        say(f"Restored into {folder}: {workspace.store.head().number:,} entries.")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands and options.

    bash: eval "$(latticework completion bash)"      in ~/.bashrc
    zsh:  eval "$(latticework completion zsh)"       in ~/.zshrc
    fish: latticework completion fish | source       in config.fish
    """
    root = click.get_current_context().find_root().command
    made = get_completion_class(shell)
    for name in ("latticework", "lw"):
        if made is not None:
            say(made(root, {}, name, f"_{name.upper()}_COMPLETE").source())


def _proof_json(workspace: Workspace, findings: Sequence[Finding]) -> str:
    """Whether the journal holds, where it ends, and what does not hold."""
    from latticework.surfaces.data import to_json

    head = None if findings else workspace.store.head()
    return to_json(
        {
            "holds": not findings,
            "entry": head.number if head else None,
            "digest": head.digest if head else None,
            "findings": [
                {
                    "code": each.code,
                    "severity": each.severity.word,
                    "says": each.says,
                    "hint": each.hint,
                    "place": str(each.place),
                }
                for each in findings
            ],
        },
        indent=2,
    )
