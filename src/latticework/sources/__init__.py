"""Readers of other people's formats: files and histories become changes."""
