"""What the wheel holds, and that it works where there is no checkout."""
