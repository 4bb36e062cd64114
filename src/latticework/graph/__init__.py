"""What is true at a moment."""
