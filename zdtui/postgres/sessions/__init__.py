"""Opening a session, keeping it ours, putting it back, and telling how it ended."""
