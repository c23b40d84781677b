"""Floor 1: characters and words. Knows no report, query or index."""
