"""Opens a company; the one place that writes."""

from latticework.workspace.workspace import Workspace

__all__ = ["Workspace"]
