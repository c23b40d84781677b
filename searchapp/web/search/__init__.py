"""The results pages of a search: hits, facets, concordance, headings, grid and years.

Useful for: routes and views of results. Not for: reading one report (``report``).
"""
