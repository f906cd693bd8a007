"""What works beside a rehearsal, as the application would, and how long it had to wait for an answer."""
