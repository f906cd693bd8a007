"""The terminal itself: its size and what it then shows, its title, its bell, and what reaches who looks elsewhere."""
