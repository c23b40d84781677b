"""One report as a reader sees it, and the way to a paragraph in it.

Useful for: the reading page. Not for: lists of reports (``library``).
"""
