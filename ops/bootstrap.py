"""Builds the two environments from their lock files. Standard library only, any Python from 3.8 on; called by make.

python3 ops/bootstrap.py [--tests]      does nothing when they are up to date, and needs no network then
"""

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ENVIRONMENTS = {"main": {"versions": ("3.11", "3.12", "3.13"), "free_gib": 4}, "rasa": {"versions": ("3.10",), "free_gib": 3}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    args = parser.parse_args()
    for name in ENVIRONMENTS:
        build(name, ["", "-test"] if args.tests else [""])


def build(name, suffixes):
    """Make `.venv/<name>` and install each lock file into it that has changed since it was last installed."""
    home = os.path.join(ROOT, ".venv", name)
    python = os.path.join(home, "bin", "python")
    locks = [os.path.join(ROOT, "requirements", name + suffix + ".lock") for suffix in suffixes]
    todo = [lock for lock in locks if not installed(home, lock)]
    if not todo:
        return
    if not usable(python):
        need_space(name)
        base = find_interpreter(name)
        print("==> environment %s: %s" % (name, base), flush=True)
        shutil.rmtree(home, ignore_errors=True)
        run(
            [base, "-m", "venv", home],
            "Python's venv module does not work for %s; on Debian or Ubuntu: apt install python%s-venv" % (base, version_of(base)),
        )
    for lock in todo:
        print("==> environment %s: installing %s" % (name, os.path.relpath(lock, ROOT)), flush=True)
        run(
            [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--progress-bar", "on", "-r", lock]
            if not sys.stdout.isatty()
            else [python, "-m", "pip", "install", "--disable-pip-version-check", "-r", lock],
            "installing %s failed; the lines above say why (no network, a full disk, a missing compiler); run make again after mending it"
            % os.path.relpath(lock, ROOT),
        )
        with open(stamp(home, lock), "w") as out:
            out.write(digest(lock))


def find_interpreter(name):
    """The first working interpreter of the wanted versions: from the environment, the path, uv, pyenv."""
    versions = ENVIRONMENTS[name]["versions"]
    asked = os.environ.get("ZHANGGUI_PYTHON_" + name.upper())
    candidates = [asked] if asked else [c for v in versions for c in candidates_of(v)]
    for candidate in candidates:
        if candidate and version_of(candidate) in versions:
            return candidate
    fail(
        "CPython %s is needed for the %s environment and was not found. Install it from your system (apt install python%s python%s-venv), "
        "with pyenv (pyenv install %s) or with uv (uv python install %s), or name it in ZHANGGUI_PYTHON_%s."
        % (" or ".join(versions), name, versions[0], versions[0], versions[0], versions[0], name.upper())
    )


def candidates_of(version):
    yield shutil.which("python" + version)
    if shutil.which("uv"):
        found = subprocess.run(
            ["uv", "python", "find", version], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True
        )
        yield found.stdout.strip() if found.returncode == 0 else None
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    for path in sorted(glob.glob(os.path.join(pyenv, "versions", version + ".*", "bin", "python")), reverse=True):
        yield path
    yield shutil.which("python3")


def version_of(python):
    """`3.11`, or None when it does not run."""
    try:
        out = subprocess.run(
            [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return out.stdout.decode().strip() if out.returncode == 0 else None


def usable(python):
    return os.path.exists(python) and version_of(python) is not None


def installed(home, lock):
    try:
        with open(stamp(home, lock)) as kept:
            return kept.read() == digest(lock)
    except OSError:
        return False


def stamp(home, lock):
    return os.path.join(home, "." + os.path.basename(lock) + ".sha256")


def digest(path):
    with open(path, "rb") as data:
        return hashlib.sha256(data.read()).hexdigest()


def need_space(name):
    free = shutil.disk_usage(ROOT).free / 2.0**30
    needed = ENVIRONMENTS[name]["free_gib"]
    if free < needed:
        fail("%.1f GiB are free under %s and the %s environment needs %d GiB; make room and run make again." % (free, ROOT, name, needed))


def run(command, hint):
    if subprocess.run(command).returncode != 0:
        fail(hint)


def fail(sentence):
    sys.exit("\nerror: " + sentence)


if __name__ == "__main__":
    main()
