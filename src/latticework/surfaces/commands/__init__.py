"""Commands of the command line, by what people do.

Nothing heavy is imported at the top of these modules: a command's help must
not wait for libraries that only its work needs.
"""
