"""Saved web pages: the article as lines, not the navigation.

Useful for: the visible text of a page. Not for: what the lines mean.
"""
