"""`python -m tests.busy COMMAND ...`: runs a command while every core is kept busy, and ends with its exit code.

A test must not assume how fast the machine is, or where a batch ends; `make test-busy` shows whether one does.
"""

import multiprocessing
import os
import subprocess
import sys


def burn() -> None:
    """Keep one core busy until the process is ended."""
    number = 0
    while True:
        number += 1


def main(command: list[str]) -> int:
    """Run it beside one burner a core."""
    burners = [multiprocessing.Process(target=burn, daemon=True) for _ in range(os.cpu_count() or 1)]
    for burner in burners:
        burner.start()
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        for burner in burners:
            burner.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
