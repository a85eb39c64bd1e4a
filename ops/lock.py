"""Writes requirements/*.lock from requirements/*.in with pip-tools, each in the environment it is for. `make lock`"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--quiet",
    "--strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--no-header",
)


def main() -> None:
    for environment in ("main", "rasa"):
        python = ROOT / ".venv" / environment / "bin/python"
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
        for suffix in ("", "-test"):
            name = f"{environment}{suffix}"
            command = [str(python), "-m", "piptools", "compile", *OPTIONS, "-o", f"{name}.lock", f"{name}.in"]
            subprocess.run(command, check=True, cwd=ROOT / "requirements")
            _without_build_tags(ROOT / "requirements" / f"{name}.lock")


def _without_build_tags(lock: Path) -> None:
    """`torch==2.13.0+cpu` names a build that not every index has; `torch==2.13.0` takes it where there is one."""
    lock.write_text(re.sub(r"(==[\d.]+)\+\w+", r"\1", lock.read_text()))


if __name__ == "__main__":
    main()
