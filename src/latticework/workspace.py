"""Opens a company; the one module that writes."""
