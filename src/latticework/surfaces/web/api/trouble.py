"""What went wrong with a call, as problem details."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from latticework.base.findings import Finding
from latticework.surfaces.web.answer import PROBLEM, Answer
from latticework.surfaces.web.api.shapes import FindingGiven, Problem, finding_given

STATUS = {
    "API006": 415,
    "API010": 503,
    "API011": 422,
    "API012": 409,
    "API014": 503,
    "API015": 406,
    "STORE001": 503,
    "STORE004": 404,
    "STORE005": 409,
    "STORE008": 503,
    "UNDO001": 409,
    "WEB005": 403,
    "WEB007": 403,
}
"""Statuses of findings that are not the asker's mistake, or a mistake of its own kind."""

TITLES = {
    400: "This cannot be answered",
    403: "This is not allowed",
    404: "Nothing is here",
    409: "Somebody else was faster",
    406: "This cannot be given",
    415: "This cannot be read",
    422: "This cannot be answered",
    503: "Not now",
}


class Refusal(Exception):
    """A call was refused with findings that are shapes already."""

    def __init__(self, findings: Sequence[FindingGiven]) -> None:
        """Keep the findings, worst first."""
        self.findings = tuple(findings)
        super().__init__("; ".join(each.says for each in findings))


def status_of(codes: Iterable[str]) -> int:
    """The status that findings of these codes are answered with."""
    return next((STATUS[code] for code in codes if code in STATUS), 400)


def problem_answer(findings: Iterable[FindingGiven], status: int = 0, title: str = "") -> Answer:
    """Findings as problem details (RFC 9457); the status is by their codes."""
    every = list(findings)
    number = status or status_of(each.code for each in every)
    problem = Problem(
        type="about:blank",
        title=title or TITLES.get(number, TITLES[400]),
        status=number,
        detail="; ".join(each.says for each in every),
        findings=every,
    )
    text = msgspec.json.format(msgspec.json.encode(problem), indent=1).decode()
    return Answer(body=text + "\n", type=PROBLEM, status=number)


def findings_given(findings: Iterable[Finding], *, numbered: bool = False) -> list[FindingGiven]:
    """Findings as shapes."""
    return [finding_given(each, numbered=numbered) for each in findings]
