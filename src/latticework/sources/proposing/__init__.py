"""Proposing a recipe: what a sample holds, fitted to the words of one company."""
