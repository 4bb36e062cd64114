"""A company of an example, with a room beside it for what is imported."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from latticework.base.times import Instant, Moment, instant_of
from latticework.graph.graph import Graph
from latticework.workspace.importing import Imported
from latticework.workspace.workspace import Workspace

ROOT = Path(__file__).parent.parent.parent
RECORDINGS = Path(__file__).parent


def noon(day: str) -> Instant:
    """Noon of a day, in UTC."""
    return instant_of(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC))


class Example:
    """A company begun from `examples/<name>`, and the recordings it imports."""

    def __init__(self, name: str, room: Path, recipe: str = "") -> None:
        """Begin the company; nothing is imported yet. The recipe goes by the example's name."""
        self.name = name
        folder = ROOT / "examples" / name
        model = (folder / "latticework.yaml").read_text(encoding="utf-8")
        self.company = Workspace.init(room / "company", model_text=model)
        self.intake = room / "intake"
        self.intake.mkdir()
        self.recipe = folder / f"{recipe or name}.recipe.yaml"

    def give(self, *recordings: str) -> None:
        """Let these recordings, and no others, lie where the recipe looks."""
        shutil.rmtree(self.intake)
        self.intake.mkdir()
        for each in recordings:
            recorded = RECORDINGS / self.name / each
            if recorded.is_dir():
                shutil.copytree(recorded, self.intake / each)
            else:
                shutil.copy(recorded, self.intake / each)

    def take(self) -> Imported:
        """Import what lies there."""
        return self.company.import_recipe(self.recipe, str(self.intake))

    def at(self, day: str = "") -> Graph:
        """The company on a day; now without one."""
        graph = self.company.graph()
        return graph.at(Moment(valid=noon(day))) if day else graph

    def said(self, ref: str, day: str = "") -> dict[str, object]:
        """What is said of a thing on a day: fields, and the ends of its links."""
        node = self.at(day).node(ref)
        links: dict[str, object] = {
            link: [str(end) for end in ends] for link, ends in node.links.items()
        }
        return dict(node.fields) | links


def everything(graph: Graph) -> dict[str, object]:
    """Every thing of a graph with its fields and links."""
    nodes = (graph.node(int(number)) for number in graph.alive.nonzero()[0])
    return {
        str(node.ref): (
            dict(node.fields),
            {link: sorted(map(str, ends)) for link, ends in node.links.items()},
        )
        for node in nodes
    }
