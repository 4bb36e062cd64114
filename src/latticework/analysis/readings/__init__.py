"""Readings, one file each: figures that a company's words are bound to."""
