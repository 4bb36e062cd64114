"""Rules in Python, one file each: what a query cannot say."""
