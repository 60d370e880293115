"""Conference rooms and their members."""
