"""Word files (.docx): from bytes to lines in document order.

Useful for: styles, automatic numbers, notes. Not for: what the lines mean.
"""
