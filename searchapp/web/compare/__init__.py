"""Two reports side by side as a page.

Useful for: the page ``/compare``. Not for: the alignment itself (``services.compare``).
"""
