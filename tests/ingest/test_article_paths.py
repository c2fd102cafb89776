"""Lines without an id: which article is which when lines are added, removed or edited?"""

import json
from pathlib import Path

import pytest
from conftest import counts

LINES = [
    {"title": "Aleppo", "text": "The siege of Aleppo went on for a third week, aid groups said."},
    {"title": "Idlib", "text": "Shelling in Idlib killed five people on Monday, doctors said."},
    {
        "title": "Sochi",
        "text": "Russia hosted a congress in Sochi, without the opposition.",
    },
]
OTHER = {"title": "Geneva", "text": "Talks resumed in Geneva with de Mistura on Thursday morning."}


def written_lines(path: Path, lines: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([OTHER, *LINES], {"added": 1, "unchanged": 3}),
        ([LINES[0], OTHER, *LINES[1:]], {"added": 1, "unchanged": 3}),
        ([*LINES, OTHER], {"added": 1, "unchanged": 3}),
        ([OTHER, *LINES[1:]], {"added": 1, "unchanged": 2}),
        (LINES[1:], {"unchanged": 2}),
        (LINES[::-1], {"unchanged": 3}),
        ([LINES[0], *LINES], {"added": 1, "unchanged": 3}),
        ([{**LINES[0], "title": "A siege"}, *LINES[1:]], {"updated": 1, "unchanged": 2}),
        ([{**LINES[0], "url": "https://a.example/"}, *LINES[1:]], {"updated": 1, "unchanged": 2}),
        ([LINES[0] | {"text": LINES[0]["text"].replace("third", "fourth")}], {"updated": 1}),
    ],
)
def test_lines_that_move_stay_the_articles_that_they_were(
    archive, tmp_path, sql, lines: list[dict[str, str]], expected: dict[str, int]
) -> None:
    path = tmp_path / "a.jsonl"
    archive.ingest(written_lines(path, LINES))
    assert counts(archive.ingest(written_lines(path, lines))) == expected
    found = sql(archive, "SELECT slug, title FROM articles WHERE title IN ('Idlib', 'Sochi')")
    assert sorted(found) == [("idlib", "Idlib"), ("sochi", "Sochi")]
    assert counts(archive.ingest(path)) == {"unchanged": len(lines)}


def test_a_line_that_has_gone_is_pruned_whatever_moved_up(archive, tmp_path, sql) -> None:
    path = tmp_path / "a.jsonl"
    archive.ingest(written_lines(path, LINES))
    archive.ingest(written_lines(path, LINES[1:]), prune=True)
    assert sql(archive, "SELECT slug FROM articles ORDER BY slug") == [("idlib",), ("sochi",)]


def test_a_deleted_line_stays_away_when_it_moves(archive, tmp_path) -> None:
    path = tmp_path / "a.jsonl"
    archive.ingest(written_lines(path, LINES))
    archive.delete("aleppo")
    for counted in ({"added": 1, "unchanged": 2, "deleted": 1}, {"unchanged": 3, "deleted": 1}):
        assert counts(archive.ingest(written_lines(path, [OTHER, *LINES]))) == counted
