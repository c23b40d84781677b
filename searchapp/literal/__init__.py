"""Floor 3: exact matching and counting over normalized text, as memory-mapped NumPy arrays.

Words rank, this decides: what a phrase matches, how often, and every number beside a facet.
"""
