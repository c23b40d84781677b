"""What the embedded engines share: a reader and a writer over the arrays of a build folder, and BM25 over words.

Useful for: reading, ranking and writing on one machine. Not for: anything that knows Whoosh, tantivy or a cluster.
"""
