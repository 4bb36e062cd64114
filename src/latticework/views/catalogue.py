"""Every view there is: ours and those of installed plugins."""

from __future__ import annotations

from functools import cache

from latticework import views as package
from latticework.base.registry import Registry, discover
from latticework.views.page import View

GROUP = "latticework.views"


@cache
def views() -> Registry[View]:
    """Views by name, found once."""
    return discover(View, package, group=GROUP)
