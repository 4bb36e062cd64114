"""The company as pages in a browser, complete without scripts."""
