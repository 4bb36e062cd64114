"""Rollups: a field carried along a path, split so that nothing counts twice."""
