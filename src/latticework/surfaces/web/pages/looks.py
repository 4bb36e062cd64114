"""What a reader chooses for every page: theme, density, and the name to sign with."""

from __future__ import annotations

from dataclasses import replace

from latticework.surfaces.web.answer import Answer
from latticework.surfaces.web.look import CHOICES, Look
from latticework.surfaces.web.routes import Form, Given, deed, go
from latticework.surfaces.web.site import Site


@deed("/look", writes=False)
def choose_look(_site: Site, _look: Look, _given: Given, form: Form) -> Answer:
    """Keep the reader's choices in cookies; go back to the page."""
    kept = {name: fits(form.find(name)) for name, fits in CHOICES.items() if form.all(name)}
    return replace(go(form.find("back")), cookies=kept)
