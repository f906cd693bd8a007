"""Other tools' migrations as a plan: one module a tool, each with the same two verbs, `recognizes` and `read`.

Files in, values out; nothing here talks to a database. The statements are the author's own bytes. What cannot be read
is named and becomes a step that a person does with the tool itself.
"""
