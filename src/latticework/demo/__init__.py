"""The example company: Wrenfold, which gets broken things mended."""
