"""Characters, tokens, words and names: the text of SQL as PostgreSQL reads it. Pure."""
