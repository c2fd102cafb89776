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


TWICE = LINES[0]
THREE = [
    {
        "title": f"Bulletin {n}",
        "text": f"The ministry said that {n} people came back to their \
homes in the province on that day, and that the road is open.",
    }
    for n in (3, 2, 1)
]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (THREE[1:], THREE, {"added": 1, "unchanged": 2}),
        ([TWICE, *LINES], [OTHER, TWICE, *LINES], {"added": 1, "unchanged": 4}),
        ([TWICE, *LINES], [*LINES, OTHER, TWICE], {"added": 1, "unchanged": 4}),
        (LINES, [OTHER, *LINES[:2], {**LINES[2], "title": "A congress"}],
         {"added": 1, "updated": 1, "unchanged": 2}),
        (LINES, [OTHER, LINES[0], {**LINES[1], "url": "https://a.example/"}, LINES[2]],
         {"added": 1, "updated": 1, "unchanged": 2}),
    ],
)  # fmt: skip
def test_an_edited_line_is_an_article_that_the_file_no_longer_has(
    archive, tmp_path, before: list[dict[str, str]], after: list[dict[str, str]], expected: dict
) -> None:
    path = tmp_path / "a.jsonl"
    archive.ingest(written_lines(path, before))
    slugs = {hit.article.title: hit.article.slug for hit in archive.hits("", all_copies=True)}
    assert counts(archive.ingest(written_lines(path, after), dry_run=True)) == expected
    assert counts(archive.ingest(path)) == expected
    assert counts(archive.ingest(written_lines(path, [*after, OTHER | {"title": "A"}]))) == {
        "added": 1, "unchanged": len(after)}  # fmt: skip
    now = {hit.article.title: hit.article.slug for hit in archive.hits("", all_copies=True)}
    if len(slugs) == len(before):
        assert {title: now[title] for title in slugs if title in now}.items() <= slugs.items()


def test_a_deleted_line_that_stands_twice_does_not_come_back(archive, tmp_path) -> None:
    path = tmp_path / "a.jsonl"
    archive.ingest(written_lines(path, [TWICE, *LINES]))
    archive.delete("aleppo")
    report = archive.ingest(written_lines(path, [OTHER, TWICE, *LINES]))
    assert counts(report) == {"added": 1, "unchanged": 3, "deleted": 1}


def test_tables_that_come_in_another_order_are_the_same_articles(archive) -> None:
    one, other = ([{"id": n, **line} for n, line in enumerate(lines)] for lines in (LINES, THREE))
    archive.ingest(one)
    archive.ingest(other)
    assert counts(archive.ingest([*other, *one])) == {"unchanged": 6}


def test_articles_of_one_address_may_come_in_another_order(archive) -> None:
    lines = [{**line, "url": "https://a.example/"} for line in LINES]
    archive.ingest(lines)
    assert counts(archive.ingest(lines[::-1])) == {"unchanged": 3}


def test_a_dry_run_knows_what_it_has_seen(archive) -> None:
    assert counts(archive.ingest([TWICE, *LINES], dry_run=True)) == {"added": 3, "unchanged": 1}
    assert counts(archive.ingest([TWICE, *LINES])) == {"added": 3, "unchanged": 1}
