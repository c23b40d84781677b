"""What the embedded engines share: literal arrays, columns and documents in the build folder, and BM25 over the words that an adapter holds.

Useful for: reading, ranking and writing on one machine. Not for: anything that knows Whoosh, tantivy or a cluster.
"""
