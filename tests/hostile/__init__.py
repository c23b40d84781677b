"""Files, and later damage and requests, made to harm: each kind in every format."""
