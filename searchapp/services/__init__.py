"""Floor 5: what searchapp does for a reader: searching, finding a paragraph, indexing, verifying."""
