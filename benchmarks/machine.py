"""What a benchmark ran on, without host names or paths: `python benchmarks/machine.py` prints it."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path


def machine() -> dict[str, str]:
    """Processor, cores, memory, kernel and versions."""
    information = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = [line.split(":", 1)[1].strip() for line in information.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**3
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory} GiB",
        "kernel": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "textual": version("textual"),
        "psycopg": version("psycopg"),
        "asyncpg": version("asyncpg"),
    }


if __name__ == "__main__":
    sys.stdout.write("\n".join(f"{name}: {value}" for name, value in machine().items()) + "\n")
