"""Models as entries declared them."""

from __future__ import annotations

from functools import lru_cache

from latticework.model.model import Model

KEPT_MODELS = 64


@lru_cache(maxsize=KEPT_MODELS)
def load_model(text: str) -> Model:
    """The model that a declared text holds, whatever later versions say of it.

    The text was checked when it was declared; findings since then are no
    reason to lose the past.
    """
    from latticework.model.load import load

    return load(text).model
