"""Added articles: what a query of a name has found, it finds."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syriasearch import Archive

NAMES = [
    *("Walid al-Muallem", "Waleed Moualem", "Walid Moallem", "Waleed al-Moualim"),
    *("Bashar al-Assad", "Bashir Assad", "Bashar Asad", "Bashar Hafiz al-Asad", "Hafez Assad"),
    *("Bashar al-Jaafari", "Bashar Aljaafari", "Ibrahim Jaffari", "Mohammad Jafari"),
    *("Abdel Fattah al-Sisi", "Abd al-Fattah as-Sisi", "Abdul Fatah Sissi"),
    *("Ryan Dillon", "Rayan Dilon", "Ryan Dilon", "Sergey Lavrof", "Zahran Alloosh"),
]
# A surname alone means the person known by it, who may be in the added article only.
QUERIES = [
    *NAMES,
    *("Muallem", "Assad", "Sissi", "المعلم", "Moallem, Walid", "Lavrov Sergei"),
    *("Moualem", "Lavrof", "Alloosh"),
]


def found(archive: Archive, query: str) -> set[str]:
    hits = archive.search(query, match="all", limit=100, all_copies=True).hits
    return {hit.article.path for hit in hits}


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=1, max_size=4),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3),
)
def test_an_added_article_takes_no_hit_away(
    before: list[Sequence[str]], added: Sequence[str]
) -> None:
    with TemporaryDirectory() as folder, Archive(Path(folder, "x.db")) as archive:
        news = Path(folder, "news")
        news.mkdir()
        for number, names in enumerate(before):
            write(news / f"{number}.txt", names)
        archive.ingest(news, processes=0)
        had = {query: found(archive, query) for query in QUERIES}
        write(news / "added.txt", added)
        archive.ingest(news, processes=0)
        lost = {query: had[query] - found(archive, query) for query in QUERIES}
        assert {query: paths for query, paths in lost.items() if paths} == {}


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ("Sergei Lavrov", "Sergi Lavrof"),
        ("Ayman al-Zawahiri", "Ibrahim Zwahiri"),
        ("John Kerry", "Bob Kerrey"),
        ("Qassem Soleimani", "Samir Solaimani"),
        ("Walid al-Muallem", "Karim Muallim"),
    ],
)
def test_a_surname_of_an_added_article_takes_none_away(
    known: str, other: str, tmp_path: Path
) -> None:
    surname = other.split()[-1]
    with Archive(tmp_path / "x.db") as archive:
        news = tmp_path / "news"
        news.mkdir()
        write(news / "full.txt", [known])
        write(news / "short.txt", [known, known.split()[-1]])
        archive.ingest(news, processes=0)
        had = found(archive, surname)
        write(news / "added.txt", [other, f"Mr {surname}"])
        archive.ingest(news, processes=0)
        assert had and had < found(archive, surname)


@pytest.mark.parametrize("name", ["سرجي لافروف", "Anna Lavroff", "Ivan Lafrov"])
def test_a_person_of_one_article_makes_a_known_name_no_less_certain(
    name: str, tmp_path: Path
) -> None:
    with Archive(tmp_path / "x.db") as archive:
        news = tmp_path / "news"
        news.mkdir()
        for number in range(3):
            write(news / f"{number}.txt", ["Sergei Lavrov", "Lavrov"])
        (news / "other.txt").write_text(
            f"A talk\n\nقال الوزير {name} إن on Monday {name} spoke.\n", "utf-8"
        )
        archive.ingest(news, processes=0)
        (read,) = archive.search("Lavrof").read_as
        assert "sergei-lavrov" in {entity.slug for entity in read.entities}


def write(path: Path, names: Sequence[str]) -> None:
    text = "\n\n".join(f"On Monday {name} spoke of bridges at length." for name in names)
    path.write_text(f"A talk of {path.stem}\n\n{text}\n", encoding="utf-8")
