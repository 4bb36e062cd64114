"""Drawings that stand alone: shapes with their colours, nothing to load."""
