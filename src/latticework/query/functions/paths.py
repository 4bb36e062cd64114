"""What is counted or added up over the things that a path reaches.

Each thing counts once, over however many ways it is reached.
"""

from latticework.query.function import Tally, aggregate

count = aggregate(
    Tally.COUNT,
    """How many things a path reaches.

    = team where count(depends on) > 3
    """,
)

total = aggregate(
    Tally.SUM,
    """A field of all things a path reaches, added up; ranges stay ranges.

    = bet show sum(cost of is served by+)
    """,
)

least = aggregate(
    Tally.MIN,
    """The least value of a field among the things a path reaches.

    = goal show min(due of is served by+)
    """,
)

most = aggregate(
    Tally.MAX,
    """The greatest value of a field among the things a path reaches.

    = goal show max(due of is served by+)
    """,
)

mean = aggregate(
    Tally.AVERAGE,
    """The mean of a field over the things a path reaches that have it.

    = goal where average(confidence of is served by) < 40%
    """,
)
