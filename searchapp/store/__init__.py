"""Floor 3: build folders on disk, what is in them besides the engine's own files, and how they become current."""
