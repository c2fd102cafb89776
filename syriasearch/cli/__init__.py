"""The command: parse, call, print."""

from . import commands, saved
from .group import main

__all__ = ["commands", "main", "saved"]
