"""Who is at the keyboard, for the journal."""

import getpass
import os
import socket


def operator_name() -> str:
    """'ana@bastion'. ZDTUI_OPERATOR names the person where several share an account; sudo's caller counts next."""
    named = os.environ.get("ZDTUI_OPERATOR", "").strip()
    if named:
        return named
    try:
        user = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()}"
