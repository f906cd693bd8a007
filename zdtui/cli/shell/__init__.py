"""What a shell and `man` know of the program, made from the commands themselves."""
