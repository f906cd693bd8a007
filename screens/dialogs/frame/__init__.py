"""What every dialog is made of: the sheet it shows, how that is laid out, and which keys answer it."""
