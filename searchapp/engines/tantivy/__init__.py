"""The tantivy adapter: jieba words in a tantivy index; everything else as embedded engines have it."""

from searchapp.engines.tantivy.engine import TantivyEngine

__all__ = ["TantivyEngine"]
