"""What may happen, why not, and how things stand in one line. Pure."""
