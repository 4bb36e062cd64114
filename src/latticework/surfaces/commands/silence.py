"""The command that accepts a finding for a while."""

from __future__ import annotations

from datetime import date

import click

from latticework.base.findings import error
from latticework.surfaces.commands.shared import (
    WrongUse,
    open_company,
    say,
)
from latticework.surfaces.person import present_person


@click.command()
@click.argument("rule")
@click.option("--of", "ref", default="", metavar="REF", help="Only about this thing.")
@click.option("--why", required=True, metavar="TEXT", help="The reason, shown with the silence.")
@click.option("--until", required=True, metavar="DAY", help="The day on which it ends.")
@click.option("--by", default="", metavar="NAME", help="Who accepts it; you, without it.")
def silence(rule: str, ref: str, why: str, until: str, by: str) -> None:
    """Accept a rule's findings for a while, with a reason and an end.

    The silence is written into latticework.yaml and applied. On the day after
    its end the findings come back.

      latticework silence BET001 --of bet/ferry --why 'waits for the port' --until 2026-12-31
    """
    last = _day(until)
    signed = by or present_person()
    open_company().silence(rule.upper(), of=[ref] if ref else (), why=why, until=last, by=signed)
    whom = f" about {ref}" if ref else ""
    say(f"{rule.upper()}{whom} is silent until {last.isoformat()}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        hint = "write a day as in 2026-12-31"
        raise WrongUse(error("TIME001", f"'{text}' is no day", hint=hint, value=text)) from None
