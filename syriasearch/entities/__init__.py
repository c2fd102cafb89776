"""Who is named in a text?

The gazetteer is data: the people, bodies, groups, places and events that ship with the package.
A recognizer finds their names, whichever way they are spelt.
"""

from .gazetteer import Gazetteer, default_gazetteer
from .recognizer import (
    DEFAULT_RULES,
    Recognizer,
    TextRecognizer,
    default_recognizer,
    make_recognizer,
)

__all__ = [
    "DEFAULT_RULES",
    "Gazetteer",
    "Recognizer",
    "TextRecognizer",
    "default_gazetteer",
    "default_recognizer",
    "make_recognizer",
]
