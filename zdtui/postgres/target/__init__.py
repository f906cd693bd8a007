"""Which server is meant, and what may be wrong with how that was said."""
