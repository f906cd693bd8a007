"""`python -m zdtui` is the same as `zdtui`."""

from zdtui.cli import main

if __name__ == "__main__":
    main()
