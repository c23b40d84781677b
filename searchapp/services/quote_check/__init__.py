"""The quote checker: whether each sentence of a pasted text stands in the library, and where it differs.

Useful for: sentences, verdicts, differences. Not for: two whole reports (``compare``).
"""
