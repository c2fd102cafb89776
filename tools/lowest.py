"""Print the lowest version of each package that pyproject.toml allows, as constraints for pip.

python tools/lowest.py > lowest.txt
pip install --constraint lowest.txt ".[test]"
"""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def main() -> None:
    """Print a line a package."""
    text = PROJECT.read_text(encoding="utf-8")
    requirements = re.findall(r'"([\w.-]+)(?:\[[\w,]+\])?>=([\w.]+)', text)
    for name, version in dict.fromkeys(requirements):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
