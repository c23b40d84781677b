"""PDF files with a text layer: from glyphs to lines, paragraphs and table rows.

Useful for: the geometry of pages. Not for: what the lines mean.
"""
