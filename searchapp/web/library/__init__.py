"""Pages of the library as a whole: start, list of reports, help, basket.

Useful for: what is known of reports together. Not for: a search (``search``).
"""
