"""What an operator should know before a statement runs, found by rules. Pure: no connection."""
