"""What `zdtui` alone lists: what can be opened from here, and in which order."""
