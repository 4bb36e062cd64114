"""Exercises, loops and decisions."""
