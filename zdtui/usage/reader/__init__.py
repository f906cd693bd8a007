"""Reading a statement for what it uses: names to relations, columns to their tables, by the server's own grammar."""
