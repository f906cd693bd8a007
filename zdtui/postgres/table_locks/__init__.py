"""Who holds and waits for locks on tables, and taking them without a queue."""
