"""Books and issues in EPUB: an article in each document of the table of contents."""

import pytest
from formats import documents, messages
from office import epub, epub_parts, package

TEXT = "<p>A convoy with flour reached the town on Saturday.</p>"
METADATA = (
    "<dc:title>Sample Wire [Sat, 27 Jan 2018]</dc:title><dc:creator>Mara Lind</dc:creator>"
    "<dc:language>en</dc:language><dc:date>2018-01-27</dc:date>"
    "<dc:publisher>Sample Media</dc:publisher>"
)
ISSUE = {
    "a.xhtml": f"<body><h1>Convoy arrives</h1>{TEXT}</body>",
    "b.xhtml": "<body><h1>Talks end</h1><p>Nobody spoke to the press.</p></body>",
}
TOC = {"a.xhtml": "Convoy arrives", "b.xhtml#one": "Talks end"}


@pytest.mark.parametrize("version", [2, 3])
def test_each_document_of_the_contents_is_an_article(made, version: int) -> None:
    first, second = made("a.epub", epub(ISSUE, toc=TOC, metadata=METADATA, version=version))
    assert (first.title, first.author, first.source, first.date, first.lang, first.anchor) == (
        "Convoy arrives",
        "Mara Lind",
        "Sample Wire",
        "2018-01-27",
        "en",
        "OEBPS/a.xhtml",
    )
    assert (second.title, second.anchor, second.positional) == ("Talks end", "OEBPS/b.xhtml", False)


def test_a_document_that_the_contents_do_not_name_continues_the_one_before(made) -> None:
    pages = ISSUE | {"a_split_1.xhtml": "<body><p>More of it.</p></body>"}
    spine = ("a.xhtml", "a_split_1.xhtml", "b.xhtml")
    first, second = made("a.epub", epub(pages, toc=TOC, spine=spine))
    assert "More of it." in first.text
    assert second.title == "Talks end"


@pytest.mark.parametrize("version", [2, 3])
def test_a_document_that_may_hold_several_articles_is_told(made, version: int) -> None:
    toc = {f"a.xhtml#{number}": f"Article {number}" for number in range(3)}
    items = made("a.epub", epub(ISSUE, toc={**toc, "b.xhtml": "Talks end"}, version=version))
    assert len(documents(items)) == 2
    assert messages(items) == [
        "OEBPS/a.xhtml holds 3 entries of the table of contents, which were read as one article"
    ]


def test_without_a_table_of_contents_each_document_is_an_article(made) -> None:
    first, second = made("a.epub", epub(ISSUE))
    assert (first.title, second.title) == ("Convoy arrives", "Talks end")


def test_a_book_of_one_document_has_the_title_of_the_book(made) -> None:
    (document,) = made("a.epub", epub({"a.xhtml": f"<body>{TEXT}</body>"}, metadata=METADATA))
    assert (document.title, document.source) == ("Sample Wire [Sat, 27 Jan 2018]", "Sample Media")


@pytest.mark.parametrize(
    "page",
    [
        '<body epub:type="cover"><p>Cover</p></body>',
        '<body><section epub:type="titlepage"><p>Title</p></section></body>',
        '<body><p>Contents</p><a href="a.xhtml">Convoy arrives in the town at last</a></body>',
        '<body><img src="a.jpg"/></body>',
    ],
)
def test_covers_and_lists_of_contents_are_left_out(made, page: str) -> None:
    pages = {"front.xhtml": page, **ISSUE}
    assert len(made("a.epub", epub(pages, toc={"front.xhtml": "Front", **TOC}))) == 2


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ('<dc:date opf:event="modification">2020-01-01</dc:date>', None),
        ('<dc:date opf:event="publication">2018-01-27</dc:date>', "2018-01-27"),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None),
        ('<meta property="dcterms:modified">2020-01-01T00:00:00Z</meta>', None),
    ],
)
def test_the_day_of_a_change_is_not_that_of_publication(
    made, dates: str, found: str | None
) -> None:
    first, _ = made("a.epub", epub(ISSUE, metadata=dates))
    assert first.date == found


@pytest.mark.parametrize(
    ("creators", "found"),
    [
        ("<dc:creator>calibre</dc:creator>", None),
        (
            '<dc:creator opf:role="aut">Mara Lind</dc:creator><dc:creator>Omar Haddad</dc:creator>'
            '<dc:creator opf:role="trl">Ann Two</dc:creator>',
            "Mara Lind, Omar Haddad",
        ),
    ],
)
def test_authors_are_persons_who_wrote_it(made, creators: str, found: str | None) -> None:
    first, _ = made("a.epub", epub(ISSUE, metadata=creators))
    assert first.author == found


def test_the_links_of_calibre_are_no_text_and_tell_the_address(made) -> None:
    above = (
        '<div class="calibre_navbar">| <a href="b.xhtml">Next</a> | <a href="x">Main menu</a></div>'
    )
    below = (
        '<div class="calibre_navbar" data-calibre-rescale="70"><hr/><p>This article was '
        'downloaded by <b>calibre</b> from <a rel="calibre-downloaded-from" href="https://e.org/a?b=1&amp;c=2">'
        "https://e.org/a</a></p><br/></div>"
    )
    pages = {"a.xhtml": f"<body>{above}<h1>Convoy arrives</h1>{TEXT}{below}</body>"}
    (document,) = made("a.epub", epub(pages))
    assert document.url == "https://e.org/a?b=1&c=2"
    assert "calibre" not in document.text and "Main menu" not in document.text


def test_a_book_with_copy_protection_says_so(made) -> None:
    parts = epub_parts(ISSUE)
    parts["META-INF/encryption.xml"] = '<x><EncryptionMethod Algorithm="http://a.org/aes"/></x>'
    assert messages(made("a.epub", package(parts))) == [
        "is a book with copy protection, which cannot be read"
    ]
    fonts = '<x><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></x>'
    assert len(documents(made("a.epub", package(parts | {"META-INF/encryption.xml": fonts})))) == 2


def test_a_broken_document_does_not_stop_the_others(made) -> None:
    data = bytearray(epub(ISSUE, toc=TOC))
    at = data.index(b"OEBPS/a.xhtml") + len("OEBPS/a.xhtml") + 20
    data[at] ^= 0xFF
    items = made("a.epub", bytes(data))
    assert [each.title for each in documents(items)][-1] == "Talks end"
    assert "OEBPS/a.xhtml" in messages(items)[0]


@pytest.mark.parametrize(
    "change",
    [
        {"OEBPS/content.opf": "<package/>"},
        {"META-INF/container.xml": "<"},
        {"OEBPS/a.xhtml": "", "OEBPS/b.xhtml": "<html><body><img/></body></html>"},
    ],
)
def test_a_book_without_documents_says_so(made, change: dict[str, str]) -> None:
    items = made("a.epub", package(epub_parts(ISSUE) | change))
    assert "is a book without a text: leave it out" in messages(items)
