"""The build of the wheel: islands are bundled before files are collected."""

from __future__ import annotations

import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))


class IslandsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Bundles the islands of the pages, for wheels and for editable installs."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Build before any file is collected; what is built goes along though git ignores it."""
        del version
        import islands

        islands.build()
        artifacts = build_data.setdefault("artifacts", [])
        assert isinstance(artifacts, list)
        artifacts.append("src/latticework/surfaces/web/static/built/**")
