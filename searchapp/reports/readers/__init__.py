"""Readers: bytes of one file format to source lines. They know encodings and formats, nothing of reports."""
