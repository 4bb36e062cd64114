"""The flow of things counted a second time, in SQL over what the journal was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import duckdb

DAY = 86_400_000_000

Fact = tuple[int, int, str, str, str, str | None]
"""An entry: number, valid, what was done, ref, the ref it moved to, the stage it names."""


@dataclass(frozen=True)
class Counted:
    """Tables of one company: `step`, what each thing was in and how long; `thing`."""

    sql: duckdb.DuckDBPyConnection
    names: Mapping[int, str]

    def rows(self, query: str, *given: object) -> list[tuple[object, ...]]:
        """The answer to a question in SQL."""
        return self.sql.execute(query, given).fetchall()

    def days(self, column: str) -> dict[str, float]:
        """A column of the table `thing` that holds days, by ref, where there is one."""
        found = self.rows(f"select thing, {column} from thing where {column} is not null")
        return {self.names[int(str(thing))]: float(str(value)) for thing, value in found}


def counted(facts: Iterable[Fact], categories: Mapping[str, str], until: int) -> Counted:
    """Tables of what was told up to an instant, in microseconds."""
    names: dict[int, str] = {}
    things: dict[str, int] = {}
    told = []
    for number, valid, op, ref, to, stage in sorted(facts):
        thing = things.setdefault(ref, len(names))
        names.setdefault(thing, ref)
        if op == "move":
            things[to] = things.pop(ref)
            names[thing] = to
        elif valid <= until:
            told.append((number, valid, op, thing, stage))
    sql = duckdb.connect()
    sql.execute("create table told (number int, valid bigint, op text, thing int, stage text)")
    columns = [list(column) for column in zip(*told, strict=True)] or [[] for _ in range(5)]
    sql.execute(
        "insert into told select unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)", columns
    )
    sql.execute("create table word (stage text, category text)")
    sql.executemany("insert into word values (?, ?)", [*categories.items()])
    sql.execute(_TABLES.format(until=until, day=DAY))
    return Counted(sql, names)


_TABLES = """
create table gone as
  select thing, arg_max(valid, number) as gone from told
  group by thing having arg_max(op, number) = 'retire';
create table step as
  with last as (
    select * from told where stage is not null
    qualify row_number() over (partition by thing, valid order by number desc) = 1
  ), moved as (
    select * from last
    qualify lag(stage) over (partition by thing order by valid) is distinct from stage
  )
  select thing, stage, coalesce(category, '?') as category, valid as since,
    least(
      lead(valid, 1, {until}) over (partition by thing order by valid), coalesce(gone, {until})
    ) as ends,
    valid = min(valid) over (partition by thing) as is_first
  from moved left join word using (stage) left join gone using (thing);
create table thing as
  with known as (select min(valid) as began from told where op = 'put'), seen as (
    select thing,
      min(since) filter (category = 'active') as begun,
      max(since) filter (category <> 'done') as last_not_done,
      max(since) filter (category <> 'dropped') as last_not_dropped,
      arg_min(category, since) as at_first,
      arg_max(category, since) as at_last,
      min(since) as first
    from step group by thing
  ), ended as (
    select seen.*, gone, at_first = 'active' and first <= began + {day} as early,
      (select min(since) from step where step.thing = seen.thing and at_last = 'done'
        and since > coalesce(last_not_done, 0)) as finished,
      (select min(since) from step where step.thing = seen.thing and at_last = 'dropped'
        and since > coalesce(last_not_dropped, 0)) as dropped
    from seen cross join known left join gone using (thing)
  )
  select *, at_first = 'done' as ready_made,
    coalesce(dropped, case when finished is null then gone end) as over,
    case when not early then (finished - begun) / {day} end as cycle_days,
    case when not early and at_last = 'active' and gone is null
      then ({until} - begun) / {day} end as age_days
  from ended;
"""


def mean_level(stays: Iterable[tuple[int, int]], start: int, end: int) -> float:
    """How many stays go on between two instants on average, by sweeping over time."""
    steps: dict[int, int] = {start: 0, end: 0}
    for came, left in stays:
        if came < end and left > start:
            steps[max(came, start)] = steps.get(max(came, start), 0) + 1
            steps[min(left, end)] = steps.get(min(left, end), 0) - 1
    level, area = 0, 0
    for now, later in pairwise(sorted(steps)):
        level += steps[now]
        area += level * (later - now)
    return area / (end - start)
