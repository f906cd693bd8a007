"""A folder of migrations as a test: each up, down and up again, and whether the way down brings the schema back."""
