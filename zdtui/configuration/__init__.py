"""The operator's own configuration: read from one file, judged whole, and given to commands as data."""
