"""The terminal itself: its title, its bell, and what reaches an operator who looks elsewhere."""
