"""Who is named in a text?

The gazetteer is data: the people, bodies, groups, places and events that ship with the package.
A recognizer finds their names, whichever way they are spelt, and by rules those of others.
"""

from .gazetteer import Gazetteer, default_gazetteer
from .recognizer import (
    DEFAULT,
    DEFAULT_RULES,
    Recognizer,
    TextRecognizer,
    check_name,
    default_recognizer,
    named_recognizer,
)

__all__ = [
    "DEFAULT",
    "DEFAULT_RULES",
    "Gazetteer",
    "Recognizer",
    "TextRecognizer",
    "check_name",
    "default_gazetteer",
    "default_recognizer",
    "named_recognizer",
]
