"""Flow: how things move through the stages of their kinds, from the journal's history."""
