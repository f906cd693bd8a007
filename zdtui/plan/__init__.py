"""What the author wrote: the model of a plan file, and how it is loaded. Pure: no connection, no clock."""
