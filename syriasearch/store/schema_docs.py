"""Schema documentation: a description of each table and column of an archive.

It is the one source for docs/schema.md and for the descriptions that Datasette shows.
"""

from __future__ import annotations

from typing import NamedTuple


class Described(NamedTuple):
    """The documentation of a table."""

    description: str
    """The table's content, in a sentence."""
    columns: dict[str, str]
    """The content of each column, by its name, in a few words."""


_ID = {"id": "The row's number"}

TABLES: dict[str, Described] = {
    "articles": Described(
        "The articles that were read, one in each row.",
        _ID
        | {
            "slug": "Identifies the article in addresses and commands; never changes",
            "title": "As the source gives it, or as its text says",
            "author": "Who wrote it, as the source writes the name",
            "source": "The paper, agency or site that published it",
            "url": "Its address on the web",
            "published": "ISO date, as the source gives it or as its text says",
            "lang": "ISO 639-1",
            "path": "The path of its source under the folder that was ingested",
            "root": "Distinguishes ingested folders without revealing their location",
            "content_hash": "A hash of the content, by which an unchanged source is recognized",
            "duplicate_of": "The original, if this article is a copy",
            "word_count": "Number of words, including the title's",
            "added_at": "When it was added to the archive (UTC)",
            "updated_at": "When it was last written (UTC)",
        },
    ),
    "paragraphs": Described(
        "The articles' text as it was written, in order; the title is paragraph 0.",
        _ID
        | {
            "article_id": "The article to which it belongs",
            "position": "Its number in the article",
            "kind": "title, heading, body, caption or byline",
            "text": "As it was written",
            "unmarked": "Computed: without vowel signs and invisible marks",
            "folded": "Computed: the normalized text that the search box searches",
        },
    ),
    "entities": Described(
        "The persons, organizations, groups, places and events that articles name.",
        _ID
        | {
            "slug": "Identifies the entity in addresses and commands; never changes",
            "name": "Its preferred name",
            "type": "person, organization, group, place or event",
            "description": "Who or what it is, in a few words",
            "wikidata": "Wikidata id",
            "latitude": "Degrees north",
            "longitude": "Degrees east",
            "since": "When it began or took place",
            "until": "When it ended",
            "follows": "The slug of the entity that it succeeds",
            "origin": "`gazetteer`, or the recognizer that first found it, or `correction`",
            "found_name": "Its name before a user renamed it; empty if it was not renamed",
        },
    ),
    "corrections": Described(
        "The edits that users made to entities, in order; they are applied to what is recognized.",
        _ID
        | {
            "made_at": "When it was made (UTC)",
            "action": "merge, split, rename, hide or alias",
            "entity": "The slug of the entity that it changes",
            "other": "For a merge or a split, the slug of the entity that gets the mentions",
            "name": "The name that a rename, an alias or a split gives",
            "type": "The type of an entity that a split creates",
            "spellings": "JSON: the spellings that a split moves",
            "undone_at": "When it was undone (UTC)",
        },
    ),
    "aliases": Described(
        "The names by which entities are found, in Latin and Arabic script.",
        _ID
        | {
            "entity_id": "The entity that has this name; empty if a user hid the entity",
            "alias": "The name, in one spelling",
            "lang": "ISO 639-1: ar for Arabic script, empty for Latin, which many languages share",
            "key": "The normalized name, which its spellings share",
            "found_id": "The entity that gave it, if a correction moved it to another",
            "correction_id": "The correction that added it, if a user did",
        },
    ),
    "alias_keys": Described(
        "The phonetic keys by which names are found whose spelling matches no alias.",
        _ID
        | {
            "alias_id": "The alias from which it is made",
            "skeleton": "The consonants of the name, as classes",
            "form": "Its form: Latin letters as sounds, Arabic letters as written",
            "part": "Its part: whole, ends (first and last word) or last (a person's last word)",
        },
    ),
    "mentions": Described(
        "The places in the text where entities are named.",
        _ID
        | {
            "paragraph_id": "The paragraph that names it",
            "entity_id": "The entity named; empty if hidden, or already counted at this place",
            "start": "Offset in the paragraph's text, in code points",
            "end": "Exclusive end offset, in code points",
            "surface": "The text from start to end",
            "recognizer": "The recognizer that found it",
            "reason": "Why it refers to this entity, if the name alone does not show that",
            "found_id": "The entity recognized, if a correction moved the mention to another",
        },
    ),
    "words": Described(
        "The archive's vocabulary: a search for a word finds all words with its stem.",
        _ID
        | {
            "word": "The word as in the index: folded, in lower case",
            "stem": "The stem, which all forms of a word share",
            "count": "Number of occurrences in the archive",
        },
    ),
    "gazetteers": Described(
        "The users' own gazetteer files, as they were last read.",
        _ID
        | {
            "name": "The file's name",
            "entities": "JSON: the position of each row in the file, and its values",
            "read_at": "When it was read (UTC)",
        },
    ),
    "settings": Described(
        "Settings of the archive: the recognizer of names, and the versions that made the stems.",
        _ID | {"name": "The setting", "value": "Its value"},
    ),
    "ingest_runs": Described(
        "The ingest runs, each with what it did.",
        _ID
        | {
            "started_at": "UTC",
            "finished_at": "UTC; empty if the run was interrupted",
            "sources": "JSON: the files and folders that it was given",
            "program": "The program that ran, with its version",
            "added": "Articles that were new",
            "updated": "Articles that had changed",
            "unchanged": "Articles that had not changed",
            "removed": "Articles that were removed because their sources no longer exist",
            "failed": "Articles that could not be read",
        },
    ),
    "ingest_problems": Described(
        "The problems of ingest runs: sources that could not be read or understood.",
        _ID
        | {
            "run_id": "The run in which it occurred",
            "path": "The file, or the article in it",
            "message": "What is wrong, and what to do",
            "lost": "1 if an article is missing because of it",
            "file_id": "The file that was read; empty if the problem concerns no single file",
        },
    ),
    "files": Described(
        "The files that were read, so that unchanged ones are passed over.",
        _ID
        | {
            "root": "Distinguishes ingested folders without revealing their location",
            "path": "Its path under the folder that was ingested",
            "size": "In bytes; -1 if it has not been read to its end",
            "modified": "When it changed, in nanoseconds since 1970; empty if only just before",
            "digest": "A hash of the file (BLAKE2b); empty if it is larger than 256 MiB",
            "reading": "How it was read: changes with format, columns and program",
            "articles": "Number of articles in it",
            "lost": "Number of articles in it that could not be read",
            "run_id": "The run that last reported on it",
        },
    ),
    "signatures": Described(
        "The signatures by which near-duplicates are found.",
        {
            "id": "The article's id",
            "digest": "A hash of the article's words",
            "minima": "The MinHash signature: minima of hashes of word sequences (uint32)",
        },
    ),
    "bands": Described(
        "The bands of the signatures, by which candidates for near-duplicates are found.",
        {"id": "The band, shifted left by 28 bits, and the article's id"},
    ),
    "segments": Described(
        "The segments of the index: articles that were indexed together, as arrays.",
        _ID
        | {
            "articles": "Ids of the articles, in order (int32)",
            "lengths": "Length of each in weighted words (int32)",
            "days": "Day of publication of each, YYYYMMDD or 0 (int32)",
            "paragraphs": "Id of the first paragraph of each (int64)",
            "deleted": "Ids of those that were removed or replaced since (int32)",
        },
    ),
    "postings": Described(
        "The postings: the articles that contain a term, and its frequency in each, as arrays.",
        {
            "id": "The segment's id, shifted left by 32 bits, and the row's first key",
            "terms": "Number of keys in the row",
            "data": "Keys and their ends (uint32), article ids (int32), frequencies (uint8)",
        },
    ),
    "saved_searches": Described(
        "The queries that are saved under a name.",
        _ID
        | {
            "name": "The name by which it is run again",
            "query": "As it was typed",
            "options": "JSON: the options of the search",
            "saved_at": "When it was saved (UTC)",
            "looked_at": "When its new hits were last shown (UTC)",
        },
    ),
    "saved_hits": Described(
        "The articles that a saved search has shown.",
        _ID
        | {
            "search_id": "The saved search",
            "article_id": "The article that it has shown",
            "found_at": "When it was found (UTC)",
        },
    ),
    "_sqlite_migrations": Described(
        "The migrations that were applied, as sqlite-utils records them.",
        _ID
        | {
            "migration_set": "`syriasearch`",
            "name": "The migration",
            "applied_at": "When it was applied (UTC)",
        },
    ),
    "paragraphs_fts": Described(
        "The full-text index (FTS5) of `paragraphs.folded`, unstemmed, with the same rowids.",
        {"folded": "The text as it is indexed: `paragraphs.folded`"},
    ),
}
