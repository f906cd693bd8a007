"""What is known of the tables, and what a statement or a CASCADE changes of it. Pure."""
