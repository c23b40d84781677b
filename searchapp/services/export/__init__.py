"""The whole of what a search finds, as a file.

Useful for: columns and formats of exports. Not for: chosen excerpts (``citation``).
"""
