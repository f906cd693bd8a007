"""Taking locks without making the application queue. Pure: when to look, when to queue and how long, when to let go."""
