"""What does each table of an archive hold, and each column? Told once, for every reader.

docs/schema.md and what Datasette shows are made of it.
"""

from __future__ import annotations

from typing import NamedTuple


class Described(NamedTuple):
    """A table in a sentence, and each of its columns in a few words."""

    description: str
    columns: dict[str, str]


_ID = {"id": "The row's number"}

TABLES: dict[str, Described] = {
    "articles": Described(
        "What was read: an article a row.",
        _ID
        | {
            "slug": "Names the article; never changes",
            "title": "As the source gives it, or as its text says",
            "author": "Who wrote it, as the source writes the name",
            "source": "The paper, agency or site that published it",
            "url": "Where it stands on the web",
            "published": "ISO date, as the source gives it or as its text says",
            "lang": "ISO 639-1",
            "path": "Where it was read from, under the folder that was ingested",
            "root": "Tells two folders apart without telling where they lie",
            "content_hash": "By which an unchanged source is recognized",
            "duplicate_of": "The original of which this one is a copy",
            "word_count": "How many words it has, its title's too",
            "added_at": "When it came into the archive (UTC)",
            "updated_at": "When it was last written (UTC)",
        },
    ),
    "paragraphs": Described(
        "The articles' text in order, as it was written; the title is paragraph 0.",
        _ID
        | {
            "article_id": "The article that it is of",
            "position": "Its number in the article",
            "kind": "title, heading, body, caption or byline",
            "text": "As it was written",
            "unmarked": "Computed: without vowel signs and invisible marks",
            "folded": "Computed: what the search box searches",
        },
    ),
    "entities": Described(
        "Persons, organizations, groups, places and events that articles name.",
        _ID
        | {
            "slug": "Names the entity; never changes",
            "name": "The one name by which it is called here",
            "type": "person, organization, group, place or event",
            "description": "Who or what it is, in a few words",
            "wikidata": "Wikidata id",
            "latitude": "Degrees north",
            "longitude": "Degrees east",
            "since": "When it began, or took place",
            "until": "When it ended",
            "follows": "The slug of what it was before it had this name",
            "origin": "The gazetteer, or what else recognized it first",
            "found_name": "What it is called otherwise, where a person renamed it",
        },
    ),
    "corrections": Described(
        "What a person said of entities, in order; applied to what is found.",
        _ID
        | {
            "made_at": "When it was said (UTC)",
            "action": "merge, split, rename, hide or alias",
            "entity": "The slug of the entity that it is about",
            "other": "The slug of the entity that mentions go to: a merge, a split",
            "name": "The name that is given",
            "type": "Of an entity that a split makes",
            "spellings": "JSON: the spellings that a split takes",
            "undone_at": "When it was taken back",
        },
    ),
    "aliases": Described(
        "The names under which entities are found, in Latin and Arabic script.",
        _ID
        | {
            "entity_id": "Whose name it is; empty where a person hid the entity",
            "alias": "The name, in one spelling",
            "lang": "ISO 639-1, ar for Arabic script; empty where many languages write it so",
            "key": "What the spellings of a name share",
            "found_id": "Whose it is in the gazetteer, where a correction says another",
            "correction_id": "What gave it, where it was a person",
        },
    ),
    "alias_keys": Described(
        "What names are looked up by that are spelt as no alias is.",
        _ID
        | {
            "alias_id": "The alias that it is made of",
            "skeleton": "The consonants of the name, by class",
            "form": "The name as it sounds",
            "part": "Whether all of it, its first and last word, or a person's last",
        },
    ),
    "mentions": Described(
        "Where an entity is named.",
        _ID
        | {
            "paragraph_id": "The paragraph that names it",
            "entity_id": "Whose name it is; empty where it is hidden, or named here already",
            "start": "Offset in the paragraph's text, in code points",
            "end": "Offset behind it",
            "surface": "The text between the two",
            "recognizer": "What found it",
            "reason": "Why it is this entity's, where the name alone does not tell",
            "found_id": "Whom the recognizer took it for, where a correction says another",
        },
    ),
    "words": Described(
        "The archive's vocabulary: a word finds all words of its stem.",
        _ID
        | {
            "word": "As the index has it: folded, in small letters",
            "stem": "Names the class",
            "count": "How often it stands in the archive",
        },
    ),
    "gazetteers": Described(
        "Files of names that a user gave, as they were last read.",
        _ID
        | {
            "name": "The file's name",
            "entities": "JSON: where each row stands, and what it gives",
            "read_at": "When it was read (UTC)",
        },
    ),
    "settings": Described(
        "How the archive is written: what recognizes names, and what stems were made with.",
        _ID | {"name": "What is set", "value": "To what"},
    ),
    "ingest_runs": Described(
        "What each run did.",
        _ID
        | {
            "started_at": "UTC",
            "finished_at": "UTC; empty where it was broken off",
            "sources": "JSON: the files and folders that it was given",
            "program": "The program that ran, with its version",
            "added": "Articles that were new",
            "updated": "Articles that had changed",
            "unchanged": "Articles that were as before",
            "removed": "Articles that had gone, where the run was to remove them",
            "failed": "Articles that could not be read",
        },
    ),
    "ingest_problems": Described(
        "What a run could not read, or not understand.",
        _ID
        | {
            "run_id": "The run that met it",
            "path": "The file, or the article in it",
            "message": "What is wrong, and what to do",
            "lost": "1 where an article is missing because of it",
            "file_id": "The file that was read; empty where it could not be looked at",
        },
    ),
    "files": Described(
        "Files as they were last read, so that unchanged ones are passed over.",
        _ID
        | {
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
    ),
    "signatures": Described(
        "By what articles that may be copies of another are found.",
        {
            "id": "The article's",
            "digest": "What only articles of the same words share",
            "minima": "Of several orders of all runs of words the first it has (uint32)",
        },
    ),
    "bands": Described(
        "Which articles share parts of their signatures.",
        {"id": "Of the part, and of the article"},
    ),
    "segments": Described(
        "Articles that were indexed together; arrays of numbers.",
        _ID
        | {
            "articles": "Their ids, in order (int32)",
            "lengths": "How many words each has, weighted (int32)",
            "days": "When each was published, YYYYMMDD or 0 (int32)",
            "paragraphs": "The id of each one's first paragraph (int64)",
            "deleted": "Those that were removed or replaced since (int32)",
        },
    ),
    "postings": Described(
        "Which articles have a term, and how often; arrays of numbers.",
        {
            "id": "Of the segment, and of the row's first key",
            "terms": "How many keys the row has",
            "data": "Keys and where each ends (uint32), articles (int32), frequencies (uint8)",
        },
    ),
    "saved_searches": Described(
        "Queries that are kept under a name.",
        _ID
        | {
            "name": "By which it is asked again",
            "query": "As it was typed",
            "options": "JSON: what it was narrowed by",
            "saved_at": "When it was kept (UTC)",
            "looked_at": "When it was last asked what has come",
        },
    ),
    "saved_hits": Described(
        "The articles that a saved search has shown.",
        _ID
        | {
            "search_id": "The saved search",
            "article_id": "What it has shown",
            "found_at": "When (UTC)",
        },
    ),
    "_sqlite_migrations": Described(
        "The migrations that made and changed these tables, as sqlite-utils keeps them.",
        _ID
        | {
            "migration_set": "`syriasearch`",
            "name": "Names the migration",
            "applied_at": "When it was applied (UTC)",
        },
    ),
    "paragraphs_fts": Described(
        "FTS5 over `paragraphs.folded`, unstemmed, its rowids those of `paragraphs`.",
        {"folded": "The text as it is indexed: `paragraphs.folded`"},
    ),
}
