"""What must Datasette be told so that an archive shows well in it?

Datasette finds the search box on `paragraphs` and the foreign keys by itself. It is told what the
tables are, which column labels a row, by what to facet and how to sort. `metadata.json`, which both
Datasette 0.65 and 1.0 read, stands beside the archive, so that `datasette db/` shows it; what else
stands in that file stays.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

FILE_NAME = "metadata.json"

TABLES: dict[str, dict[str, Any]] = {
    "articles": {
        "description": "What was read: an article a row.",
        "label_column": "title",
        "sort_desc": "published",
        "facets": ["source", "lang", "author"],
        "columns": {
            "slug": "Names the article; never changes",
            "published": "ISO date, as the source gives it or as its text says",
            "lang": "ISO 639-1",
            "path": "Where it was read from, under the folder that was ingested",
            "root": "Tells two folders apart without telling where they lie",
            "content_hash": "By which an unchanged source is recognized",
            "duplicate_of": "The original of which this one is a copy",
        },
    },
    "paragraphs": {
        "description": "The articles' text in order, as it was written; the title is paragraph 0.",
        "label_column": "text",
        "facets": ["kind"],
        "columns": {
            "position": "Its number in the article",
            "kind": "title, heading, body, caption or byline",
            "text": "As it was written",
            "unmarked": "Computed: without vowel signs and invisible marks",
            "folded": "Computed: what the search box searches",
        },
    },
    "entities": {
        "description": "Persons, organizations, groups, places and events that articles name.",
        "label_column": "name",
        "facets": ["type"],
        "columns": {
            "slug": "Names the entity; never changes",
            "wikidata": "Wikidata id",
            "latitude": "Degrees north",
            "longitude": "Degrees east",
            "since": "When it began, or took place",
            "until": "When it ended",
            "follows": "The slug of what it was before it had this name",
            "origin": "The gazetteer, or what else recognized it first",
            "found_name": "What it is called otherwise, where a person renamed it",
        },
    },
    "corrections": {
        "description": "What a person said of entities, in order; applied to what is found.",
        "label_column": "entity",
        "facets": ["action"],
        "columns": {
            "action": "merge, split, rename, hide or alias",
            "entity": "The slug of the entity that it is about",
            "other": "The slug of the entity that mentions go to: a merge, a split",
            "name": "The name that is given",
            "type": "Of an entity that a split makes",
            "spellings": "JSON: the spellings that a split takes",
            "undone_at": "When it was taken back",
        },
    },
    "aliases": {
        "description": "The names under which entities are found, in Latin and Arabic script.",
        "label_column": "alias",
        "facets": ["lang"],
        "columns": {
            "entity_id": "Whose name it is; empty where a person hid the entity",
            "key": "What the spellings of a name share",
            "found_id": "Whose it is in the gazetteer, where a correction says another",
            "correction_id": "What gave it, where it was a person",
        },
    },
    "alias_keys": {
        "description": "What names are looked up by that are spelt as no alias is.",
        "label_column": "form",
        "hidden": True,
        "columns": {
            "skeleton": "The consonants of the name, by class",
            "form": "The name as it sounds",
            "part": "Whether all of it, its first and last word, or a person's last",
        },
    },
    "mentions": {
        "description": "Where an entity is named.",
        "label_column": "surface",
        "facets": ["entity_id"],
        "columns": {
            "start": "Offset in the paragraph's text, in code points",
            "end": "Offset behind it",
            "surface": "The text between the two",
            "recognizer": "What found it",
            "entity_id": "Whose name it is; empty where it is hidden, or named here already",
            "reason": "Why it is this entity's, where the name alone does not tell",
            "found_id": "Whom the recognizer took it for, where a correction says another",
        },
    },
    "words": {
        "description": "The archive's vocabulary: a word finds all words of its stem.",
        "label_column": "word",
        "sort_desc": "count",
        "columns": {"stem": "Names the class", "count": "How often it stands in the archive"},
    },
    "gazetteers": {
        "description": "Files of names that a user gave, as they were last read.",
        "label_column": "name",
        "columns": {"entities": "JSON: where each row stands, and what it gives"},
    },
    "settings": {
        "description": "How the archive is written: what recognizes names.",
        "label_column": "name",
    },
    "ingest_runs": {
        "description": "What each run did.",
        "label_column": "started_at",
        "sort_desc": "id",
    },
    "ingest_problems": {
        "description": "What a run could not read, or not understand.",
        "label_column": "path",
        "sort_desc": "id",
        "facets": ["lost"],
        "columns": {
            "lost": "1 where an article is missing because of it",
            "file_id": "The file that was read; empty where it could not be looked at",
        },
    },
    "files": {
        "description": "Files as they were last read, so that unchanged ones are passed over.",
        "label_column": "path",
        "columns": {
            "root": "Tells two folders apart without telling where they lie",
            "path": "Under the folder that was ingested",
            "size": "In bytes; -1 where it has not been read to its end",
            "modified": "Nanoseconds since 1970; empty where it had only just changed",
            "digest": "A hash of the file (BLAKE2b); empty where it is larger than 256 MiB",
            "reading": "How it was read: changes with format, columns and program",
            "articles": "How many it holds",
            "lost": "How many of them could not be read",
            "run_id": "The run that last told of it",
        },
    },
    "segments": {
        "description": "Articles that were indexed together; arrays of numbers.",
        "label_column": "id",
        "hidden": True,
        "columns": {
            "articles": "Their ids, in order (int32)",
            "lengths": "How many words each has, weighted (int32)",
            "days": "When each was published, YYYYMMDD or 0 (int32)",
            "paragraphs": "The id of each one's first paragraph (int64)",
            "deleted": "Those that were removed or replaced since (int32)",
        },
    },
    "postings": {
        "description": "Which articles have a term, and how often; arrays of numbers.",
        "label_column": "id",
        "hidden": True,
        "columns": {
            "id": "Of the segment, and of the row's first key",
            "terms": "How many keys the row has",
            "data": "Keys and where each ends (uint32), articles (int32), frequencies (uint8)",
        },
    },
    "signatures": {
        "description": "By what articles that may be copies of another are found.",
        "label_column": "id",
        "hidden": True,
        "columns": {
            "id": "The article's",
            "digest": "What only articles of the same words share",
            "minima": "Of several orders of all runs of words the first it has (uint32)",
        },
    },
    "bands": {
        "description": "Which articles share parts of their signatures.",
        "label_column": "id",
        "hidden": True,
        "columns": {"id": "Of the part, and of the article"},
    },
    "saved_searches": {
        "description": "Queries that are kept under a name.",
        "label_column": "name",
        "columns": {
            "options": "JSON: what it was narrowed by",
            "looked_at": "When it was last asked what has come",
        },
    },
    "saved_hits": {
        "description": "The articles that a saved search has shown.",
        "label_column": "article_id",
        "sort_desc": "id",
        "facets": ["search_id"],
    },
}


def describe(name: str) -> dict[str, Any]:
    """Return Datasette's metadata of one database, by the name under which it shows it."""
    return {
        "databases": {
            name: {
                "title": "News on the Syrian conflict",
                "description": "An archive made by syriasearch: search `paragraphs`, "
                "and follow `mentions` from an entity to where it is named.",
                "tables": TABLES,
            }
        }
    }


def write_metadata(archive: Path) -> Path | None:
    """Write an archive's metadata beside it, into what stands there; None where it cannot be.

    What stands there stays, and a file that is not Datasette's is left alone.
    """
    path = archive.parent / FILE_NAME
    metadata: Any = {}
    if path.exists():
        try:
            metadata = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
    if not isinstance(metadata, dict) or (metadata and "databases" not in metadata):
        return None
    merged = _merged(describe(archive.stem), metadata)
    if merged != metadata:
        # Whole or not at all, whatever happens meanwhile.
        written = path.with_name(f".{FILE_NAME}")
        try:
            written.write_text(json.dumps(merged, indent=2) + "\n", encoding="utf-8")
            written.replace(path)
        except OSError:
            with suppress(OSError):
                written.unlink()
    return path


def _merged(ours: Any, theirs: Any) -> Any:
    """Return both of two nested mappings; what they say goes before what we say."""
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return theirs
    both = {key: _merged(ours[key], theirs[key]) for key in ours if key in theirs}
    return {**ours, **theirs, **both}
