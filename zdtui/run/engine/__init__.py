"""The thread, the loop, the sessions and the wiring: takes commands, asks `decide`, performs the effects."""
