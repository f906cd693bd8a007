"""Which locks a step needs, who is in the way, and when to take them. Pure."""
