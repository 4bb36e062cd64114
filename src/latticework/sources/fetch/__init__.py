"""Fetchers: asking trackers over HTTP, politely, and keeping what they said."""
