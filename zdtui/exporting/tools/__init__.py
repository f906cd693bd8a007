"""One module a tool, each with the same verb: `export`."""
