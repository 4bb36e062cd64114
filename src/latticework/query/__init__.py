"""Asking, in one small language."""
