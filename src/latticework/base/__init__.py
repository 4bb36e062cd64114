"""Words that every layer speaks."""
