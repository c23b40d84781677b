"""Floor 7: the command line. Converts words to services and answers to text; no logic of its own."""

from searchapp.cli.main import main

__all__ = ["main"]
