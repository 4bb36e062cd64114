"""Named questions and the pages that answer them."""
