"""The quote checker: whether each sentence of a pasted text stands in the library, and how it differs where it does not.

Useful for: sentences, verdicts, differences. Not for: two whole reports (``compare``).
"""
