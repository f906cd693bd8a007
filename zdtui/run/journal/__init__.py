"""The log in the target database: written, proved whole, read, and told."""
