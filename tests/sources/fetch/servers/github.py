"""A GitHub on loopback, after the public documentation of its REST and GraphQL interfaces.

Confirmed there: `Link`, `since`, `X-RateLimit-*` with an epoch in seconds, 403
with `X-RateLimit-Remaining: 0` for the first limit and with `Retry-After` for the
second, `node_id`, timelines, names of events and of values in projects, an API
that refuses requests without `User-Agent`, GraphQL only with a token.
"""

from __future__ import annotations

from urllib.parse import urlencode

from tests.sources.fetch.servers.graph import answered, page_of, schema_of
from tests.sources.fetch.servers.serving import Clock, Reply, Request, Server

from latticework.base.times import parse_instant

TOKEN = "ghp_Zx81Qp77Lm20Rt55VwKd30Bn64Ys19"
_EVENT = "createdAt: DateTime! actor: Actor"
_SCHEMA = schema_of(f"""
scalar DateTime
scalar Date
scalar URI
enum IssueStateReason {{ COMPLETED NOT_PLANNED REOPENED DUPLICATE }}
enum IssueTimelineItemsItemType {{
  LABELED_EVENT UNLABELED_EVENT ASSIGNED_EVENT UNASSIGNED_EVENT MILESTONED_EVENT
  DEMILESTONED_EVENT CLOSED_EVENT REOPENED_EVENT RENAMED_TITLE_EVENT
  PARENT_ISSUE_ADDED_EVENT PARENT_ISSUE_REMOVED_EVENT
}}
enum PullRequestTimelineItemsItemType {{
  LABELED_EVENT UNLABELED_EVENT ASSIGNED_EVENT UNASSIGNED_EVENT MILESTONED_EVENT
  DEMILESTONED_EVENT CLOSED_EVENT REOPENED_EVENT RENAMED_TITLE_EVENT MERGED_EVENT
}}
interface Node {{ id: ID! }}
interface Actor {{ login: String! }}
type User implements Actor & Node {{ id: ID! login: String! }}
type Bot implements Actor & Node {{ id: ID! login: String! }}
union Assignee = User | Bot
type Label {{ name: String! }}
type LabeledEvent {{ {_EVENT} label: Label! }}
type UnlabeledEvent {{ {_EVENT} label: Label! }}
type AssignedEvent {{ {_EVENT} assignee: Assignee }}
type UnassignedEvent {{ {_EVENT} assignee: Assignee }}
type MilestonedEvent {{ {_EVENT} milestoneTitle: String! }}
type DemilestonedEvent {{ {_EVENT} milestoneTitle: String! }}
type ClosedEvent {{ {_EVENT} stateReason: IssueStateReason }}
type ReopenedEvent {{ {_EVENT} }}
type MergedEvent {{ {_EVENT} }}
type RenamedTitleEvent {{ {_EVENT} previousTitle: String! currentTitle: String! }}
type ParentIssueAddedEvent {{ {_EVENT} parent: Issue }}
type ParentIssueRemovedEvent {{ {_EVENT} parent: Issue }}
union IssueTimelineItems = LabeledEvent | UnlabeledEvent | AssignedEvent | UnassignedEvent
  | MilestonedEvent | DemilestonedEvent | ClosedEvent | ReopenedEvent | RenamedTitleEvent
  | ParentIssueAddedEvent | ParentIssueRemovedEvent
union PullRequestTimelineItems = LabeledEvent | UnlabeledEvent | AssignedEvent | UnassignedEvent
  | MilestonedEvent | DemilestonedEvent | ClosedEvent | ReopenedEvent | RenamedTitleEvent
  | MergedEvent
type PageInfo {{ hasNextPage: Boolean! endCursor: String }}
type IssueTimelineItemsConnection {{ nodes: [IssueTimelineItems] pageInfo: PageInfo! }}
type PullRequestTimelineItemsConnection {{ nodes: [PullRequestTimelineItems] pageInfo: PageInfo! }}
interface ProjectV2FieldCommon {{ name: String! }}
type ProjectV2Field implements ProjectV2FieldCommon {{ name: String! }}
type ProjectV2SingleSelectField implements ProjectV2FieldCommon {{ name: String! }}
union ProjectV2FieldConfiguration = ProjectV2Field | ProjectV2SingleSelectField
type ProjectV2ItemFieldTextValue {{ text: String field: ProjectV2FieldConfiguration! }}
type ProjectV2ItemFieldNumberValue {{ number: Float field: ProjectV2FieldConfiguration! }}
type ProjectV2ItemFieldDateValue {{ date: Date field: ProjectV2FieldConfiguration! }}
type ProjectV2ItemFieldSingleSelectValue {{ name: String field: ProjectV2FieldConfiguration! }}
type ProjectV2ItemFieldIterationValue {{ title: String! field: ProjectV2FieldConfiguration! }}
union ProjectV2ItemFieldValue = ProjectV2ItemFieldTextValue | ProjectV2ItemFieldNumberValue
  | ProjectV2ItemFieldDateValue | ProjectV2ItemFieldSingleSelectValue
  | ProjectV2ItemFieldIterationValue
type ProjectV2ItemFieldValueConnection {{ nodes: [ProjectV2ItemFieldValue] }}
type ProjectV2Item {{ fieldValues(first: Int): ProjectV2ItemFieldValueConnection! }}
type ProjectV2ItemConnection {{ nodes: [ProjectV2Item] }}
type Issue implements Node {{
  id: ID! number: Int! url: URI! parent: Issue projectItems(first: Int): ProjectV2ItemConnection!
  timelineItems(first: Int, after: String, itemTypes: [IssueTimelineItemsItemType!]):
    IssueTimelineItemsConnection!
}}
type PullRequest implements Node {{
  id: ID! number: Int! url: URI! projectItems(first: Int): ProjectV2ItemConnection!
  timelineItems(first: Int, after: String, itemTypes: [PullRequestTimelineItemsItemType!]):
    PullRequestTimelineItemsConnection!
}}
type Query {{ nodes(ids: [ID!]!): [Node]! }}
""")


class Github(Server):
    """Issues and pulls of `harbour/pier`; `left` counts down to the first limit where not negative."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.left = -1
        self.issues: dict[int, dict[str, object]] = {}
        self.events: dict[int, list[dict[str, object]]] = {}
        self.timelines: dict[int, list[dict[str, object]]] = {}
        self.parents: dict[int, int] = {}
        self.values: dict[int, list[dict[str, object]]] = {}

    def put(self, number: int, title: str, *, at: str, pull: bool = False) -> None:
        known = self.issues.get(number, {})
        api = "https://api.github.com/repos/harbour/pier"
        self.issues[number] = {
            "node_id": f"N_{number}",
            "number": number,
            "title": title,
            "state": "open",
            "repository_url": api,
            "html_url": f"https://github.com/harbour/pier/issues/{number}",
            "labels": [{"name": "night"}],
            "user": {"login": "ada"},
            "created_at": known.get("created_at") or at,
            "updated_at": at,
            **({"pull_request": {"merged_at": None}} if pull else {}),
        }

    def answer(self, request: Request) -> Reply:
        if "user-agent" not in request.headers:
            return Reply(status=403, body={"message": "User-Agent is required"})
        said = request.headers.get("authorization")
        if said not in {None, f"Bearer {TOKEN}"}:
            return Reply(status=401, body={"message": "Bad credentials"})
        if self.left == 0:
            return self._spent()
        headers = {}
        if self.left > 0:
            self.left -= 1
            headers = {"X-RateLimit-Remaining": str(self.left), **self._reset()}
        if request.path == "/graphql":
            if said is None:
                return Reply(
                    status=401, body={"message": "This endpoint requires you to be authenticated."}
                )
            root = {"nodes": lambda _, ids: [self._node(each) for each in ids]}
            return Reply(body=answered(_SCHEMA, root, request.json), headers=headers)
        return self._rest(request, headers)

    def _rest(self, request: Request, headers: dict[str, str]) -> Reply:
        path = request.path.removeprefix("/repos/harbour/pier")
        if path == "/issues":
            since = parse_instant(request.params.get("since", "1970-01-01T00:00:00Z"))
            found = [
                x for x in self.issues.values() if parse_instant(str(x["updated_at"])) >= since
            ]
            assert (request.params["sort"], request.params["direction"]) == ("created", "asc")
            found.sort(key=lambda each: str(each["created_at"]))
        elif path.startswith("/issues/") and path.endswith("/timeline"):
            found = self.timelines.get(int(path.split("/")[2]), [])
        else:
            return Reply(status=404, body={"message": "Not Found"})
        size, number = int(request.params["per_page"]), int(request.params.get("page", 1))
        page = found[(number - 1) * size : number * size]
        if number * size < len(found):
            query = urlencode({**request.params, "page": number + 1})
            link = f"<{self.site}{request.path}?{query}>"
            headers = {**headers, "Link": f'{link}; rel="next", {link}; rel="last"'}
        return Reply(body=page, headers=headers)

    def _node(self, name: str) -> dict[str, object] | None:
        issue = self.issues.get(int(name.removeprefix("N_")))
        if issue is None:
            return None
        number = int(str(issue["number"]))
        events = self.events.get(number, [])
        parent = self.parents.get(number)

        def timeline(_: object, first: int, after: str | None = None, **__: object) -> object:
            return page_of(events, first, after)

        return {
            "__typename": "PullRequest" if "pull_request" in issue else "Issue",
            "id": name,
            "number": number,
            "parent": None if parent is None else _parent(parent),
            "timelineItems": timeline,
            "projectItems": {"nodes": [{"fieldValues": {"nodes": self.values.get(number, [])}}]},
        }

    def _spent(self) -> Reply:
        self.left = -1
        body = {"message": "API rate limit exceeded for user ID 1."}
        headers = {"X-RateLimit-Remaining": "0", **self._reset()}
        return Reply(status=403, body=body, headers=headers)

    def _reset(self) -> dict[str, str]:
        return {"X-RateLimit-Reset": str(self.clock.instant // 1_000_000 + 300)}


def _parent(number: int) -> dict[str, object]:
    url = f"https://github.com/harbour/pier/issues/{number}"
    return {"__typename": "Issue", "id": f"N_{number}", "number": number, "url": url}
