"""An indexer killed at any moment leaves the old index answering and the next run working (real processes)."""
