"""The quote checker's page and its door for programs.

Useful for: the page ``/check``. Not for: the checking itself (``services.quote_check``).
"""
