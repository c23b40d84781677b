"""What the services answer, made ready to be shown: frozen views of plain strings, so that templates hold no logic."""
