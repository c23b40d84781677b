"""From source files to the next build of an index: one run, complete or not at all.

Useful for: what indexing reads, keeps, corrects and writes; verifying and reindexing. Not for: answering questions
(``services``), what a file means (``reports``), how bytes lie in a build (``store``, ``literal``, ``engines``).
"""
