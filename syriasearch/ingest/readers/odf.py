"""What OpenDocument files have in common (ISO/IEC 26300)."""

from __future__ import annotations

from .base import UnreadableError
from .office_package import Package

_MANIFEST = 2**20


def check_readable(package: Package) -> None:
    """Raise UnreadableError for a document that is encrypted, or has no content."""
    if b"encryption-data" in package.read("META-INF/manifest.xml", _MANIFEST):
        raise UnreadableError("is an encrypted document: save it without a password")
    if not package.has("content.xml"):
        raise UnreadableError("is a damaged OpenDocument file, without content: save it again")
