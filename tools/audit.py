"""Check the packages of an environment against known vulnerabilities, with pip-audit.

    python tools/audit.py .venv

The exit status is 1 if one is known to be vulnerable, or was looked up in vain among others that
were found. If the services that know vulnerabilities cannot be reached, that is said, and the exit
status is 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVICES = ("pypi", "osv")
OWN = ("syriasearch", "pip")
SECONDS = 120
"""The time that a service may take for all packages."""


def main() -> None:
    """Ask one service after another."""
    folders = [str(each) for each in Path(sys.argv[1]).glob("lib/python*/site-packages")]
    if not folders:
        sys.exit(f"{sys.argv[1]} is no virtual environment: make one with `make install-tests`")
    for service in SERVICES:
        packages = _answer(service, folders)
        known = [each for each in packages if "skip_reason" not in each]
        if known:
            sys.exit(_report(packages))
    print("skipped: no service that knows vulnerabilities can be reached from here")


def _answer(service: str, folders: list[str]) -> list[dict[str, Any]]:
    """Return what a service knows of each package; nothing if it cannot be reached."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    paths = [word for folder in folders for word in ("--path", folder)]
    try:
        done = subprocess.run(
            [*command, "--vulnerability-service", service, *paths],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []
    return [each for each in packages if each["name"].lower() not in OWN]


def _report(packages: list[dict[str, Any]]) -> int:
    """Print what is known, and return the exit status."""
    wrong = 0
    for package in packages:
        for one in package.get("vulns", ()):
            fixed = ", ".join(one["fix_versions"]) or "no version yet"
            print(f"{package['name']} {package['version']}: {one['id']}, mended in {fixed}")
            wrong += 1
        if "skip_reason" in package:
            print(f"{package['name']}: {package['skip_reason']}")
            wrong += 1
    print(f"{len(packages)} packages, {wrong} problems")
    return int(wrong > 0)


if __name__ == "__main__":
    main()
