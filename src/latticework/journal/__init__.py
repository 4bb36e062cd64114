"""What happened: changes, entries and where they lie."""
