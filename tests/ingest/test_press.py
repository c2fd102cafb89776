"""What the readers of press databases have in common."""

import time
from collections import Counter
from pathlib import Path

import pytest
from formats import documents, messages
from test_formats import SAMPLES, sample_file

from syriasearch import Archive
from syriasearch.ingest.readers import factiva
from syriasearch.ingest.readers.press import DATABASES
from syriasearch.ingest.readers.press_dates import readable_date
from syriasearch.ingest.readers.registry import reader_named
from syriasearch.text.word_lists import read_word_lists

NAMES = [database.name.lower() for database in DATABASES]
FILES = {
    sample.name: sample_file(sample) for sample in SAMPLES if sample.name.split("-")[0] in NAMES
}
TEXTS = ("nexis", "factiva-text", "proquest")
RULE = "_" * 60


@pytest.mark.parametrize(
    "text",
    [
        "The first 3 of 5 documents were lost.\n\nText.",
        f"{RULE}\n\nA line.\n",
        "Document 1\n\nText.",
        "HD is high definition.\n\nIN short, TV.",
        "HD\tSD\n1\t2\n",
        "Document ABCD was lost.\n\nText.",
    ],
)
def test_a_text_that_only_looks_so_is_one_article(made, text: str) -> None:
    assert [document.text for document in documents(made("a.txt", text))] == [text]


@pytest.mark.parametrize(
    "body",
    [
        "<article><h1>Talks</h1><p>The ProQuest DocID_ of a talk.</p></article>",
        "<article class='Article'><h1>Factiva</h1><p>Two of them met on Monday.</p></article>",
        "<a name='top'></a><h1>Nexis</h1><p>1 of 10 DOCUMENTS was lost on Monday.</p>",
    ],
)
def test_a_page_on_a_database_is_a_page(made, body: str) -> None:
    content = f"<html><head><title>Talks</title></head><body>{body * 3}</body></html>"
    assert [document.scraped for document in documents(made("a.html", content))] == [True]


def anchors(items: list[object]) -> list[str | None]:
    return [document.anchor for document in documents(items)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n").encode(),
        lambda text: ("\ufeff" + text).encode(),
        lambda text: text.encode("utf-16"),
    ],
    ids=["crlf", "bom", "utf-16"],
)
def test_line_ends_and_byte_order_marks_change_nothing(made, name: str, change) -> None:
    content = FILES[name].read_bytes()
    if name == "factiva-xml" and b"encoding" in content:
        content = content.replace(b' encoding="utf-8"', b"")
    text = content.decode("utf-8-sig")
    expected = made(f"a{FILES[name].suffix}", content)
    found = made(f"b{FILES[name].suffix}", change(text))
    assert [each.text for each in documents(found)] == [each.text for each in documents(expected)]
    assert anchors(found) == anchors(expected)


@pytest.mark.parametrize("name", FILES)
def test_a_format_is_known_whatever_the_name_of_the_file(made, name: str) -> None:
    content = FILES[name].read_bytes()
    expected = anchors(made(f"a{FILES[name].suffix}", content))
    assert all(anchors(made(other, content)) == expected for other in ("a", "a.dat", "a.csv"))


@pytest.mark.parametrize("encoding", ["cp1252", "cp1256"])
def test_a_page_is_in_the_charset_that_it_names(made, encoding: str) -> None:
    word = {"cp1252": "Café", "cp1256": "قافلة"}[encoding]
    content = FILES["factiva-html"].read_text("utf-8").split("<span></span><div id=")[1]
    content = content.replace("harset=UTF-8", f"harset={encoding}").replace("Bakery", word)
    page = f'<html><meta charset="{encoding}"><title>Factiva</title><div id={content}</html>'
    (only,) = documents(made("a.html", page.encode(encoding)))
    assert only.title == f"{word} in Harasta opens again"


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_off_keeps_the_articles_above_the_cut(made, name: str) -> None:
    content = FILES[name].read_bytes()
    whole = anchors(made("a", content))
    for size in range(0, len(content), 501):
        found = anchors(made("a", content[:size], named=True))
        assert found[:-1] == whole[: len(found) - 1] or len(found) <= 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", [b"A text.", b"<html><p>A page.</p></html>", b"<a/>", b""])
def test_a_file_that_is_no_export_is_reported(made, name: str, content: bytes) -> None:
    items = made("a", content, reader=reader_named(name))
    assert messages(items) and not documents(items)
    assert messages(items)[0] == f"holds no articles in the format {name}: name another, or none"


@pytest.mark.parametrize("name", FILES)
def test_an_id_twice_replaces_nothing(made, name: str) -> None:
    content = FILES[name].read_text("utf-8")
    if name in ("factiva-xml", *TEXTS):
        return
    found = anchors(made("a", f"{content}\n{content}"))
    assert len(found) == 2 * len(set(anchors(made("b", content)))) == len(set(found))


def test_one_more_article_in_a_file_adds_one(tmp_path, archive: Archive) -> None:
    text = FILES["factiva-text"].read_text("utf-8")
    first, second, rest = text.split("\f")
    path = tmp_path / "a.txt"
    path.write_text(first + "\f" + rest)
    archive.ingest(path)
    path.write_text(f"{second}\f{first}\f{rest}")
    report = archive.ingest(path)
    assert (report.added, report.unchanged, report.updated) == (1, 1, 0)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_sent_by_mail_is_read_by_article(made, name: str) -> None:
    head = b"From: a@example.org\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    content = FILES[name].read_bytes()
    assert anchors(made("a.eml", head + content)) == anchors(made("a.txt", content))


@pytest.mark.parametrize(
    "content",
    [
        '<html><a name="DOC_ID_1_0">' + "<div>" * 100_000,
        '<html><a name="DOC_ID_1_0">' * 20_000,
        "<html>DocPublicationName itreArticle" + "<article DocPublicationName>" * 20_000,
        '<html><div class="article enArticle">' + "<td><b>HD" * 50_000,
        '<html>ProQuest<a name="DocID_1">' + "<p><strong>Author:</strong>" * 50_000,
        "1 of 2 DOCUMENTS\n" + " " * 1_000_000 + "\n" + "A:\n\n" * 100_000,
        f"{RULE}\nDocument 1 of 2\n" + "Full text: a\n\nTitle: b\n\n" * 50_000,
        "HD a\nLP\nTD\n" + "HD a\nLP b\n" * 50_000,
        "1 of 1 DOCUMENTS\n\n" + "1 word\n1 May 2018\n" * 50_000,
    ],
    ids=range(9),
)
def test_hostile_exports_are_read_in_proportional_time(made, content: str) -> None:
    started = time.process_time()
    made("a", content)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("29 décembre 2011", "2011-12-29"),
        ("27. Februar 2012", "2012-02-27"),
        ("1er août 2012", "2012-08-01"),
        ("5 de mayo de 2018", "2018-05-05"),
        ("5 maggio 2018", "2018-05-05"),
        ("9 de março de 2018", "2018-03-09"),
        ("3 mei 2018", "2018-05-03"),
        ("3 Ağustos 2018", "2018-08-03"),
        ("7 сентября 2018", "2018-09-07"),
        ("7 września 2018", "2018-09-07"),
        ("2018年10月7日 17:04", "2018-10-07"),
        ("2018년 10월 7일", "2018-10-07"),
        ("mars 14, 2006", "2006-03-14"),
        ("14 March 2006", "14 March 2006"),
        ("3/4/2018", "3/4/2018"),
        ("١٤ آذار ٢٠١٨", "١٤ آذار ٢٠١٨"),
    ],
)
def test_months_have_their_names_in_many_languages(written: str, day: str) -> None:
    assert readable_date(written) == day


@pytest.mark.parametrize("name", ["press_labels.txt", "press_months.txt"])
def test_no_name_is_twice_in_a_list(name: str) -> None:
    lists = read_word_lists(Path(factiva.__file__).parent / "data" / name)
    names = Counter((section.split()[0], each) for section, each in _pairs(lists, name))
    assert [each for each, count in names.items() if count > 1] == []


def _pairs(lists: dict[str, list[str]], name: str) -> list[tuple[str, str]]:
    # Months have their number as a section, databases theirs before that of the field.
    one = {section: "month" if name.endswith("months.txt") else section for section in lists}
    return [(one[section], each) for section, names in lists.items() for each in names]
