"""Queries looked at through lenses: their things, and the parts these fall into."""
