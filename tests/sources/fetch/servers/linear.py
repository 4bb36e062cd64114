"""A Linear on loopback, after its public schema and its page about limits.

Confirmed there: names of what is asked, `pageInfo`, a personal key without
`Bearer`, `X-RateLimit-*` for requests and for complexity with an epoch in
milliseconds, `X-Complexity`, 400 with `RATELIMITED`, at most 10,000 points for one
query. Unconfirmed: how exactly points are counted; here as its page tells it.
"""

from __future__ import annotations

import math
import re

from tests.sources.fetch.servers.graph import answered, page_of, schema_of
from tests.sources.fetch.servers.serving import Clock, Reply, Request, Server

from latticework.base.times import parse_instant

TOKEN = "lin_api_Zx81Qp77Lm20Rt55VwKd30"
MOST_POINTS = 10_000
_SCHEMA = schema_of("""
scalar DateTime
scalar TimelessDate
enum PaginationOrderBy { createdAt updatedAt }
input DateComparator { gte: DateTime }
input StringComparator { in: [String!] }
input TeamFilter { key: StringComparator }
input IssueFilter { updatedAt: DateComparator team: TeamFilter }
input CycleFilter { updatedAt: DateComparator team: TeamFilter }
input ProjectFilter { updatedAt: DateComparator }
input InitiativeFilter { updatedAt: DateComparator }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type User { id: ID! name: String! displayName: String! }
type WorkflowState { name: String! type: String! }
type Team { id: ID! key: String! name: String! }
type TeamConnection { nodes: [Team!]! }
type IssueLabel { name: String! }
type IssueLabelConnection { nodes: [IssueLabel!]! }
type IssueRelation { type: String! issue: Issue! relatedIssue: Issue! }
type IssueRelationConnection { nodes: [IssueRelation!]! }
type ProjectMilestone { name: String! }
type IssueHistory {
  createdAt: DateTime! actor: User fromState: WorkflowState toState: WorkflowState
  fromAssignee: User toAssignee: User fromEstimate: Float toEstimate: Float
  fromTitle: String toTitle: String fromDueDate: TimelessDate toDueDate: TimelessDate
  fromCycle: Cycle toCycle: Cycle fromProject: Project toProject: Project
  fromParent: Issue toParent: Issue addedLabels: [IssueLabel!] removedLabels: [IssueLabel!]
}
type IssueHistoryConnection { nodes: [IssueHistory!]! pageInfo: PageInfo! }
type Issue {
  id: ID! identifier: String! title: String! description: String estimate: Float
  priorityLabel: String! url: String! createdAt: DateTime! updatedAt: DateTime!
  startedAt: DateTime completedAt: DateTime canceledAt: DateTime dueDate: TimelessDate
  state: WorkflowState! assignee: User creator: User team: Team! project: Project
  projectMilestone: ProjectMilestone cycle: Cycle parent: Issue
  labels(first: Int, after: String): IssueLabelConnection!
  relations(first: Int, after: String): IssueRelationConnection!
  inverseRelations(first: Int, after: String): IssueRelationConnection!
  history(first: Int, after: String): IssueHistoryConnection!
}
type IssueConnection { nodes: [Issue!]! pageInfo: PageInfo! }
type ProjectUpdate { id: ID! createdAt: DateTime! health: String! body: String! user: User! }
type ProjectUpdateConnection { nodes: [ProjectUpdate!]! }
type Project {
  id: ID! name: String! description: String! state: String! health: String
  createdAt: DateTime! updatedAt: DateTime! startDate: TimelessDate targetDate: TimelessDate
  url: String! lead: User initiatives(first: Int, after: String): InitiativeConnection!
  teams(first: Int, after: String): TeamConnection!
  projectUpdates(first: Int, after: String): ProjectUpdateConnection!
}
type ProjectConnection { nodes: [Project!]! pageInfo: PageInfo! }
type Initiative {
  id: ID! name: String! description: String status: String! createdAt: DateTime!
  updatedAt: DateTime! targetDate: TimelessDate
}
type InitiativeConnection { nodes: [Initiative!]! pageInfo: PageInfo! }
type Cycle {
  id: ID! number: Float! name: String createdAt: DateTime! updatedAt: DateTime!
  startsAt: DateTime! endsAt: DateTime!
}
type CycleConnection { nodes: [Cycle!]! pageInfo: PageInfo! }
type Query {
  issue(id: String!): Issue
  issues(first: Int, after: String, filter: IssueFilter, includeArchived: Boolean,
    orderBy: PaginationOrderBy): IssueConnection!
  projects(first: Int, after: String, filter: ProjectFilter, includeArchived: Boolean,
    orderBy: PaginationOrderBy): ProjectConnection!
  initiatives(first: Int, after: String, filter: InitiativeFilter, includeArchived: Boolean,
    orderBy: PaginationOrderBy): InitiativeConnection!
  cycles(first: Int, after: String, filter: CycleFilter, includeArchived: Boolean,
    orderBy: PaginationOrderBy): CycleConnection!
}
""")
_PAST_OF = re.compile(r"history\(first: (\d+)\)")


class Linear(Server):
    """Issues, projects and more of one company; `points` are what an hour allows."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.points = 250_000.0
        self._whole_at = 0
        self.issues: list[dict[str, object]] = []
        self.projects: list[dict[str, object]] = []
        self.pasts: dict[str, list[dict[str, object]]] = {}

    def put(self, number: int, title: str, *, at: str) -> None:
        name = f"HAR-{number}"
        known = [each for each in self.issues if each["identifier"] == name]
        made = known[0]["createdAt"] if known else at
        self.issues = [each for each in self.issues if each["identifier"] != name]
        past = self.pasts.setdefault(name, [])
        self.issues.append(
            {
                "id": f"i-{number}",
                "identifier": name,
                "title": title,
                "priorityLabel": "High",
                "url": f"https://linear.app/harbour/issue/{name}",
                "createdAt": made,
                "updatedAt": at,
                "state": {"name": "Todo", "type": "unstarted"},
                "team": {"id": "t1", "key": "HAR", "name": "Harbour"},
                "labels": {"nodes": [{"name": "night"}]},
                "relations": {"nodes": []},
                "inverseRelations": {"nodes": []},
                "history": lambda _, first=50, after=None: page_of(past, first, after),
            }
        )

    def put_project(self, name: str, *, at: str) -> None:
        update = {"id": "u1", "createdAt": at, "health": "onTrack", "body": "Fine"}
        self.projects.append(
            {
                "id": name.casefold(),
                "name": name,
                "description": "",
                "state": "started",
                "createdAt": at,
                "updatedAt": at,
                "url": "https://linear.app/harbour/project/x",
                "initiatives": {"nodes": []},
                "teams": {"nodes": [{"key": "HAR"}]},
                "projectUpdates": {"nodes": [{**update, "user": {"displayName": "Ada"}}]},
            }
        )

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != TOKEN:
            return Reply(status=401, body=_error("Authentication required", "AUTHENTICATION_ERROR"))
        asked = request.json
        points = _points(asked)
        if points > MOST_POINTS:
            return Reply(status=400, body=_error("Query too complex", "INPUT_ERROR"))
        if self.clock.instant >= self._whole_at:
            self._whole_at = self.clock.instant + 600_000_000
            self._left = self.points
        if points > self._left:
            return Reply(status=400, body=_error("Rate limit exceeded", "RATELIMITED"))
        self._left -= points
        headers = {
            "X-Complexity": str(points),
            "X-RateLimit-Complexity-Limit": str(self.points),
            "X-RateLimit-Complexity-Remaining": str(self._left),
            "X-RateLimit-Complexity-Reset": str(self._whole_at // 1000),
            "X-RateLimit-Requests-Limit": "5000",
            "X-RateLimit-Requests-Remaining": "4000",
            "X-RateLimit-Requests-Reset": str(self._whole_at // 1000),
        }
        return Reply(body=answered(_SCHEMA, self._root(), asked), headers=headers)

    def _root(self) -> dict[str, object]:
        none: list[dict[str, object]] = []
        return {
            "issue": lambda _, id: next((x for x in self.issues if x["id"] == id), None),
            "issues": lambda _, **asked: _listed(self.issues, **asked),
            "projects": lambda _, **asked: _listed(self.projects, **asked),
            "initiatives": lambda _, **asked: _listed(none, **asked),
            "cycles": lambda _, **asked: _listed(none, **asked),
        }


def _listed(
    things: list[dict[str, object]],
    *,
    first: int = 50,
    after: str | None = None,
    filter: dict[str, dict[str, object]] | None = None,
    **_: object,
) -> dict[str, object]:
    """The newest first, as Linear gives them."""
    since = (filter or {}).get("updatedAt", {}).get("gte")
    when = parse_instant(str(since)) if since else None
    found = [x for x in things if when is None or parse_instant(str(x["updatedAt"])) >= when]
    found.sort(key=lambda each: str(each["createdAt"]), reverse=True)
    return page_of(found, first, after)


def _points(asked: dict[str, object]) -> int:
    """Roughly: what an issue costs, times how many are asked for."""
    variables = asked["variables"]
    assert isinstance(variables, dict)
    past = _PAST_OF.search(str(asked["query"]))
    each = 60 + (int(past[1]) * 15 if past else 0)
    return math.ceil(each * int(str(variables.get("first", 1))))


def _error(says: str, code: str) -> dict[str, object]:
    return {"errors": [{"message": says, "extensions": {"code": code}}]}
