"""Benchmarks: searchapp beside its peers, on one machine, in one run, over the same paragraphs and queries."""
