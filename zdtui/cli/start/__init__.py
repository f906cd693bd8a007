"""How one begins: the list that `zdtui` alone shows, and `zdtui new`, which asks and writes a plan."""
