"""Two reports side by side: which blocks were kept, edited, moved, added or dropped.

Useful for: aligning and differences of paragraphs. Not for: pasted texts (``quote_check``).
"""
