"""A dozen questions that show what the example company can be asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """A question and why somebody would ask it."""

    asks: str
    why: str


TOUR = (
    Stop(
        "commitment where stage is active and review <= 2026-12-31 show confidence, cost, unless, review sort by review limit 10",
        "Bets of one area and quests of another, side by side: shared questions, own words.",
    ),
    Stop(
        "bet where stage is active and confidence < 40% show title, confidence, serves",
        "Confidence is a range; only bets that are below 40% at best are sure to be below.",
    ),
    Stop(
        "bet where stage is active and possibly confidence < 30% show confidence limit 8",
        "The word 'possibly' adds those that may be below.",
    ),
    Stop(
        "project serving+ pillar/mend-first where stage is running show serves, ends limit 10",
        "Everything that reaches a pillar, over any number of steps and any number of parents.",
    ),
    Stop(
        "effort where stage is active and serves any bet where (stage is dropped) show serves",
        "Work that goes on although its bet was dropped.",
    ),
    Stop(
        "bet where stage is dropped and learned is not missing show learned limit 8",
        "What the bets that died taught us.",
    ),
    Stop(
        "driver where is served by nothing and should be moved by nothing show idea, emphasis",
        "The problem that everybody names and nothing addresses.",
    ),
    Stop(
        "team where count(depends on) > 2 show depends on sort by title",
        "Whom teams wait for; in 2024 the link had another name, and the answer is the same.",
    ),
    Stop(
        "bet where stage was running on 2025-01-15 and stage is dropped show learned",
        "What we believed in two winters ago; at that time a bet was called an initiative.",
    ),
    Stop(
        "team at 2024-09-15 show title, is part of, size limit 8",
        "The company as it was before three re-orgs, when a team was a squad.",
    ),
    Stop(
        "route where stage is on the road and is owned by any crew where (is part of scope/roads)"
        " show due, confidence",
        "The drivers' words for a running bet and the workshops' word for a team mean the same.",
    ),
    Stop(
        "bet changed since 2026-10-15 show stage, health, confidence limit 10",
        "What moved in the last month.",
    ),
    Stop(
        "scaffold where stage is active show purpose, ends, removal sort by ends",
        "What was put up for a while, and when it was to come down.",
    ),
)
"""Every stop of the tour, in the order in which the demo takes them."""
