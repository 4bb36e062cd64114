"""Recipes: what an intake becomes, as a file says it, checked against the model."""
