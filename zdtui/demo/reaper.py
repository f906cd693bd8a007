"""`python -m zdtui.demo.reaper FOLDER`: waits for the end of whoever started it, then clears its folder away.

The owner holds the other end of standard input. Its closing means that the owner has ended, `kill -9` included.
"""

import os
import sys
from pathlib import Path

from zdtui.demo.folders import KEEP, stop_servers_and_delete


def main(folder: Path) -> None:
    """Wait, then stop the servers in the folder and delete it, unless the owner's last word was to keep it."""
    said = b""
    while part := os.read(0, 64):
        said += part
    if said != KEEP:
        stop_servers_and_delete(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
