"""Functions of the query language, one file per family."""
