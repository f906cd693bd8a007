"""What a statement is and will do, from its text alone. Pure: no connection."""
