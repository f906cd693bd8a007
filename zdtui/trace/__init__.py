"""A plan run on a scratch copy of the target's schema, to learn what PostgreSQL really does with it."""
