"""Flow: how things move through stages, from the journal's history."""
