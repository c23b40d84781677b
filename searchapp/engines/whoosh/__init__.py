"""The whoosh adapter: jieba words in a plain Whoosh index; everything else as embedded engines have it."""

from searchapp.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
