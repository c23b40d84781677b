"""A server that answers while builds are exchanged beneath it: every answer is of one build, whole."""
