"""Recognizer that adds the names found by a pipeline of spaCy to those of the gazetteer.

Mentions found by the gazetteer are kept, and those that the pipeline finds elsewhere are added, one
entity for each name in an article. If the pipeline finds a person's full name where the gazetteer
finds only a surname, the mention is of another person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import RecognizerError
from ..errors.faults import import_extra
from ..models.entity import Entity, Mention
from ..text.arabic import name_key
from ..text.tokenize import terms
from .entity_slugs import entity_slug
from .reasons import PIPELINE

if TYPE_CHECKING:
    from .recognizer import Recognizer

TYPES = {
    "PERSON": "person",
    "PER": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "EVENT": "event",
}
"""Entity types by the labels of spaCy's pipelines, English (OntoNotes) and others (WikiNER)."""


class PipelineRecognizer:
    """A recognizer by a pipeline of spaCy, and by another recognizer for known names.

    `pipeline` is the name of an installed pipeline or the path of a folder. Raises RecognizerError
    if spaCy or the pipeline is not installed, or if the pipeline does not recognize entities.
    """

    def __init__(self, pipeline: str, known: Recognizer) -> None:
        self.name = f"spacy:{pipeline}"
        self._known = known
        self._pipeline = _load(pipeline)

    def recognize(
        self, paragraphs: Sequence[str], *, published: str | None = None
    ) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one article, by offset."""
        found = self._known.recognize(paragraphs, published=published)
        entities = {each.entity.slug: each.entity for mentions in found for each in mentions}
        persons = {
            name_key(each.name).rpartition(" ")[2]: each
            for each in entities.values()
            if each.type == "person"
        }
        whole = []
        for mentions, parsed in zip(found, self._pipeline.pipe(paragraphs), strict=True):
            for span in parsed.ents:
                start, end, text = span.start_char, span.end_char, span.text
                entity_type = TYPES.get(span.label_)
                overlaps = [each for each in mentions if each.start < end and start < each.end]
                longer = entity_type == "person" and all(
                    start <= each.start and each.end <= end and " " not in each.surface
                    for each in overlaps
                )
                slug = entity_slug(text)
                if (
                    entity_type is None
                    or not terms(text)
                    or (overlaps and not (longer and " " in text))
                ):
                    continue
                entity = entities.get(slug) or persons.get(name_key(text))
                if entity is None:
                    entity = Entity(slug, " ".join(text.split()), entity_type)
                    entities[slug] = entity
                    if entity_type == "person" and " " in text:
                        persons.setdefault(name_key(text).rpartition(" ")[2], entity)
                mentions = [each for each in mentions if each not in overlaps]
                reason = PIPELINE.format(name=self.name.removeprefix("spacy:"))
                mentions.append(Mention(start, end, text, entity, self.name, reason))
            whole.append(sorted(mentions, key=lambda each: (each.start, each.end)))
        return whole


def _load(pipeline: str) -> Any:
    spacy = import_extra("spacy", "spaCy is not installed", RecognizerError)
    try:
        loaded = spacy.load(pipeline)
    except (OSError, ValueError) as error:
        raise RecognizerError(
            f"spaCy has no pipeline {pipeline!r}: install it with `python -m spacy download NAME`,"
            " or name a folder that holds one"
        ) from error
    if not any(loaded.has_pipe(name) for name in ("ner", "entity_ruler", "span_ruler")):
        raise RecognizerError(f"the pipeline {pipeline!r} of spaCy finds no names: name another")
    return loaded
