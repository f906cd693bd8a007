"""What the console is drawn on, and how."""
