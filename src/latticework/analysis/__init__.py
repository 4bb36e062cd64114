"""Judging: rules and what they find."""
