"""A plan gone through on a server that is not production: forward, back and forward, and what that did is kept."""
