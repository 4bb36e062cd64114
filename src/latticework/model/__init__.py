"""A company's own words."""
