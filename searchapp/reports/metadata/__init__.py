"""Who reports, where, when and what: each value with its evidence.

Useful for: units, places, years, kinds. Not for: the structure of the text (``structure``); corrections by a person
(``indexing``).
"""
