"""Who is named in a text?

The gazetteer is data: the people, bodies, groups, places and events that ship with the package.
A recognizer finds their names, whichever way they are spelt.
"""

from .gazetteer import Gazetteer, default_gazetteer
from .recognizer import GazetteerRecognizer, Recognizer, default_recognizer

__all__ = [
    "Gazetteer",
    "GazetteerRecognizer",
    "Recognizer",
    "default_gazetteer",
    "default_recognizer",
]
