"""What psycopg warns of on its logger is not written over the screen."""

import subprocess
import sys

WARN = (
    "import logging, zdtui.postgres.sessions.connect; logging.getLogger('psycopg').warning('error ignored in rollback')"
)


def test_a_warning_of_the_driver_writes_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", WARN], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
