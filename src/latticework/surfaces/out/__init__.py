"""Ways out: pages as sheets, text and drawings, and pages that are shared."""
