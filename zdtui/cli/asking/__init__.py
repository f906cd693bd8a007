"""Commands that ask a database something, tell it, and change nothing."""
