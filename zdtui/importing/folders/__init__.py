"""One module a tool, each with the same two verbs: `recognizes` a folder of its, and `read`s it."""
