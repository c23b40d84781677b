"""Floor 4: engines behind one seam (``base``). Each adapter keeps its engine's own types to itself."""
