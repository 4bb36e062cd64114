"""Latticework: a living, versioned model of how one company works."""

__version__ = "0.1.0"
