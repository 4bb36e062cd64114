"""Intakes: what a source was given, as records, and what is new in them, as changes."""
