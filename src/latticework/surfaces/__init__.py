"""Where people and programs meet a company."""
