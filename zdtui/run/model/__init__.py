"""What a run is made of, as data: commands, events and the state they fold to, outcomes. No clock, no server."""
