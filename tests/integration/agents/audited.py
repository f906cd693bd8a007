"""`zdtui` with a list of the files, folders and programs it asked the system for: `python -m tests.integration.agents.audited`."""

import os
import runpy
import sys

LIST = "ZDTUI_TEST_AUDIT"
FILES = frozenset({"open", "os.listdir", "os.scandir", "os.mkdir", "os.remove", "os.rename", "os.link", "os.symlink"})
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Write a line for each event: what, whether to write, which path."""
    kept = os.open(os.environ[LIST], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hear(event: str, given: tuple[object, ...]) -> None:
        if event not in FILES and event not in ("subprocess.Popen", "os.system", "os.exec"):
            return
        writes = event not in ("open", "os.listdir", "os.scandir")
        if event == "open":
            writes = bool(given[2] & WRITES) if isinstance(given[2], int) else False
        for path in given[:2] if event in ("os.rename", "os.link", "os.symlink") else given[:1]:
            if not isinstance(path, str | bytes | os.PathLike):
                continue
            line = f"{event}\t{'writes' if writes else 'reads'}\t{os.path.realpath(os.fsdecode(path))}\n"
            os.write(kept, line.encode(errors="backslashreplace"))

    sys.addaudithook(hear)
    sys.argv = ["zdtui", *sys.argv[1:]]
    runpy.run_module("zdtui", run_name="__main__")


if __name__ == "__main__":
    main()
