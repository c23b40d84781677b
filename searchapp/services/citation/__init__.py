"""A passage with its source: citations, passages and excerpts as documents.

Useful for: what a reader takes along of single paragraphs. Not for: whole results (``export``).
"""
