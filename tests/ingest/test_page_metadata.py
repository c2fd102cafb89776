"""What a page says of itself: its headline, its authors and its site."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from syriasearch.ingest.readers.page_metadata import PageMetadata, read_metadata

HEADLINE = "Committee meets in Geneva"
SITE = '<meta property="og:site_name" content="The Daily Example">'
TITLE = f"<title>{HEADLINE} - The Daily Example</title>"


def metadata(head: str = "", body: str = "", url: str | None = None) -> PageMetadata:
    page = f"<html><head>{head}</head><body>{body}<p>The committee met.</p></body></html>"
    return read_metadata(html.document_fromstring(page), url)


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def linked(**values: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("head", "body", "url"),
    [
        (TITLE + SITE, "", None),
        (f'<meta property="og:title" content="{HEADLINE} | The Daily Example">' + SITE, "", None),
        (TITLE, f"<h1>{HEADLINE}</h1>", None),
        (TITLE, "<h1>The Daily Example</h1>", None),
        (TITLE, f"<h1>The Daily Example</h1><h1>{HEADLINE}</h1>", None),
        (TITLE, "", "https://www.dailyexample.org/1"),
        (TITLE + '<link rel="canonical" href="https://dailyexample.org/1">', "", None),
        (TITLE + '<meta property="og:url" content="https://dailyexample.org/1">', "", None),
        (TITLE + meta("twitter:site", "@DailyExample"), "", None),
        (TITLE + meta("application-name", "Daily Example"), "", None),
        (TITLE + linked(publisher={"name": "The Daily Example"}), "", None),
        (TITLE + linked(**{"@type": "WebSite", "name": "The Daily Example"}), "", None),
        (TITLE + linked(headline=HEADLINE), "", None),
        (TITLE + meta("twitter:title", HEADLINE), "", None),
        ("<title>The Daily Example</title>" + SITE, f"<h1>{HEADLINE}</h1>", None),
        (meta("twitter:title", "nan") + TITLE + SITE, "", None),
        (
            f"<title>{HEADLINE} | World | The Daily Example</title>" + SITE,
            f"<h1>{HEADLINE}</h1>",
            None,
        ),
        (f"<title>The Daily Example: {HEADLINE}</title>" + SITE, "", None),
    ],
)
def test_the_headline_is_without_the_site(head: str, body: str, url: str | None) -> None:
    assert metadata(head, body, url).title == HEADLINE


@pytest.mark.parametrize(
    "title",
    ["Aleppo - a city divided", 'Assad: "we will win"', "Idlib | what next?", "حلب – مدينة منقسمة"],
)
def test_a_page_keeps_its_whole_headline(title: str) -> None:
    assert metadata(f"<title>{title}</title>").title == title
    assert metadata(f"<title>{title} | The Daily Example</title>" + SITE).title == title


def test_a_longer_headline_on_the_page_is_the_title() -> None:
    head = '<meta property="og:title" content="Aleppo">'
    assert metadata(head, "<h1>Aleppo - a city divided</h1>").title == "Aleppo - a city divided"


@pytest.mark.parametrize(
    "head",
    [
        linked(headline=HEADLINE) + "<title>Talks on a constitution | The Daily Example</title>",
        linked(headline=HEADLINE) + meta("og:title", "Talks on a constitution"),
        f'<meta property="og:title" content="{HEADLINE} – DE – 13.06.2018">'
        + meta("dc.publisher", "DE"),
        f"<title>{HEADLINE} | World | The Daily Example</title>" + SITE,
        f"<title>{HEADLINE} | Vienna | The Daily Example</title>"
        + SITE
        + meta("article:section", "Vienna"),
        f"<title>{HEADLINE} * The Daily Example * by Ida Berg</title>" + SITE,
        f"<title>{HEADLINE}｜The Daily Example</title>" + SITE,
        linked(headline="Committee meets in…") + meta("og:title", HEADLINE),
    ],
)
def test_the_headline_of_an_article_is_its_title(head: str) -> None:
    assert metadata(head).title == HEADLINE


def test_a_headline_that_is_shown_comes_before_one_for_search_engines() -> None:
    head = linked(headline="Talks on a constitution in Geneva begin") + TITLE
    assert metadata(head, f"<h1>{HEADLINE}</h1>").title == HEADLINE


OWN = {"headline": HEADLINE, "url": "https://example.org/a", "author": {"name": "Ida Berg"}}
OTHER = {
    "headline": "Bread and flour in Hama",
    "url": "https://example.org/b",
    "author": {"name": "Omar Haddad"},
}


@pytest.mark.parametrize(
    "head",
    [linked(**OTHER) + linked(**OWN), linked(**OWN) + linked(**OTHER)],
)
def test_the_page_s_own_article_of_several_counts(head: str) -> None:
    found = metadata(head, url="https://example.org/a")
    assert (found.title, found.authors) == (HEADLINE, ("Ida Berg",))


def test_another_article_alone_says_nothing_of_the_page() -> None:
    found = metadata(TITLE + SITE + linked(**OTHER), url="https://example.org/a")
    assert (found.title, found.authors) == (HEADLINE, ())


@pytest.mark.parametrize(
    ("head", "url", "source"),
    [
        (SITE, None, "The Daily Example"),
        (SITE, "https://web.archive.org/web/2018/https://example.org/a", "The Daily Example"),
        ('<meta property="og:site_name" content="hero\'s">', None, "hero's"),
        (linked(publisher={"name": "The Daily Example"}), None, "The Daily Example"),
        (linked(publisher={"@id": "#p"}) + linked(**{"@id": "#p", "@type": "X", "name": "Wire"}),
         None, "Wire"),
        ('<meta property="og:site_name" content="https://twitter.com/example">',
         "https://www.example.org/a", "example.org"),
        (meta("article:publisher", "https://www.facebook.com/example"), None, None),
        (meta("twitter:site", "@example"), "https://example.org/a", "example.org"),
        (meta("og:site_name", "archive.is"), "https://archive.is/AbCdE", None),
        ("", "https://t.me/s/example", None),
        ("<title>U.S. - Russia deal</title>", None, None),
        (f"<title>{HEADLINE} | Daily Life</title>", None, None),
    ],
)  # fmt: skip
def test_the_source_is_the_name_of_the_site(head: str, url: str | None, source: str | None) -> None:
    assert metadata(head, url=url).source == source


def test_a_page_that_names_only_its_site_has_no_title() -> None:
    assert metadata("<title>The Daily Example</title>" + SITE).title is None


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("US &amp; Russia: &#8216;no deal&#8217;", "US & Russia: ‘no deal’"),
        ("US &amp;amp; Russia: &amp;#8216;no deal&amp;#8217;", "US & Russia: ‘no deal’"),
        ("How to write &amp;lt;b&amp;gt;", "How to write &lt;b&gt;"),
        ("How to write &lt;b&gt;", "How to write <b>"),
    ],
)
def test_references_in_a_title_are_decoded(written: str, title: str) -> None:
    assert metadata(f"<title>{written}</title>").title == title


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (meta("byl", "By TOBY BERG, LENA KAPELL and OMAR PEER"), "",
         "TOBY BERG; LENA KAPELL; OMAR PEER"),
        (meta("author", "Tyler G. Jones"), "", "Tyler G. Jones"),
        (meta("author", "J.K. Rowling"), "", "J.K. Rowling"),
        (meta("author", "Dr. Rania Qasim"), "", "Dr. Rania Qasim"),
        (meta("author", "Omar Haddad, Jr."), "", "Omar Haddad Jr."),
        (meta("author", "Jude Law"), "", "Jude Law"),
        (meta("author", "omar haddad"), "", "omar haddad"),
        (meta("author", "Haddad, Omar"), "", "Haddad, Omar"),
        (meta("citation_author", "Haddad, Omar") + meta("citation_author", "Berg, Ida"), "",
         "Haddad, Omar; Berg, Ida"),
        (meta("author", "عمر حداد، سارة قاسم"), "", "عمر حداد; سارة قاسم"),
        (meta("author", "The Associated Press"), "", "The Associated Press"),
        (meta("author", "admin"), '<p class="byline">By Ida Berg</p>', "Ida Berg"),
        (meta("author", "The Daily Example") + SITE, '<p class="byline">By Ida Berg</p>',
         "Ida Berg"),
        (meta("author", "The Daily Example") + SITE, "", "The Daily Example"),
        (meta("article:author", "https://example.org/ida") + meta("author", "Ida Berg"), "",
         "Ida Berg"),
        (linked(author={"@type": "Person", "name": "J.K. Rowling"}), "", "J.K. Rowling"),
        (linked(author=[{"name": "Ida Berg"}, {"name": "Omar Haddad"}]), "",
         "Ida Berg; Omar Haddad"),
        (linked(author={"givenName": "Ida", "familyName": "Berg"}), "", "Ida Berg"),
        (linked(author="Ida Berg"), "", "Ida Berg"),
        (linked(author={"@type": "Organization", "name": "The Associated Press"}), "",
         "The Associated Press"),
        (linked(author={"name": ["Ida Berg"]}), "", "Ida Berg"),
        ("", '<p>By <a rel="author">Ida Berg</a> and <a rel="author">Omar Haddad</a></p>',
         "Ida Berg; Omar Haddad"),
        ("", '<p itemprop="author"><span itemprop="name">Ida Berg</span></p>', "Ida Berg"),
        ("", '<p class="byline">By Ida Berg, Reuters correspondent</p>', "Ida Berg"),
        ("", '<p class="articleByline">By Ida Berg <time>4 March 2018</time></p>', "Ida Berg"),
        ("", '<p class="c-byline__author">By Ida Berg | 4 March 2018</p>', "Ida Berg"),
        ("", '<p class="byline">بقلم: عمر حداد وسارة قاسم</p>', "عمر حداد; سارة قاسم"),
        ("", '<p class="author">Ida Berg is a reporter who has written for years.</p>', ""),
        ("", '<div id="comments"><b class="author">Ida Berg</b></div>', ""),
        ("", '<aside><b class="author">Ida Berg</b></aside>', ""),
        ("", '<div class="related-posts"><b class="author">Ida Berg</b></div>', ""),
        (meta("author", "nan"), "", ""),
        (linked(author={"@type": "Person", "name": "Sweida"}), "", "Sweida"),
        (linked(author=[{"name": "dpa"}, {"@type": "Person", "name": "DE-Redaktion"}]), "",
         "dpa; DE-Redaktion"),
        (linked(author=[{"name": "Sophie Foster"}, {"name": "Sophie-Foster"}]), "",
         "Sophie Foster"),
        (linked(author=[{"name": "The Daily Example"}, {"name": "Ida Berg"}]) + SITE, "",
         "Ida Berg"),
        (linked(author={"@id": "#1"}) + linked(**{"@id": "#1", "name": "Ida Berg"}), "",
         "Ida Berg"),
        ("", '<p class="autor">Von Ida Berg</p>', "Ida Berg"),
        ("", '<p>By <a href="/authors/ida-berg">Ida Berg</a></p>', "Ida Berg"),
        ("", "<ul><li><strong>Autorin</strong> Ida Berg</li></ul>", "Ida Berg"),
        ("", "<dl><dt>الكاتب:</dt><dd>عمر حداد</dd></dl>", "عمر حداد"),
        ("", '<p class="author">Twitter Facebook</p>', ""),
        (meta("author", "신현주 기자"), "", "신현주"),
    ],
)  # fmt: skip
def test_the_authors_of_a_page(head: str, body: str, authors: str) -> None:
    assert "; ".join(metadata(head, body).authors) == authors


@pytest.mark.parametrize(
    "data",
    ["{", "[]", "null", "1", '{"@type": 1}', '{"@graph": [1, null, {"@type": ["NewsArticle"]}]}',
     '{"@type": "NewsArticle", "author": [[["x"]]], "publisher": [], "headline": {}}',
     "[" * 5000, '{"@type": "NewsArticle", "author": {"name": {"name": {"name": 1}}},}'],
)  # fmt: skip
def test_any_json_in_a_page_is_read(data: str) -> None:
    head = f'<script type="application/ld+json">{data}</script>{TITLE}'
    assert metadata(head + SITE).title == HEADLINE


def test_json_in_a_comment_is_read() -> None:
    script = linked(author="Ida Berg").replace('json">', 'json">//<![CDATA[\n')
    assert metadata(script.replace("</script>", "\n//]]></script>")).authors == ("Ida Berg",)


@given(st.text(), st.text(), st.text())
def test_any_page_has_metadata(title: str, author: str, site: str) -> None:
    tree = html.document_fromstring(
        "<html><head><title>x</title></head><body><h1>x</h1></body></html>"
    )
    for name, value in (("og:title", title), ("author", author), ("og:site_name", site)):
        if all(ord(each) > 31 and not 0xD800 <= ord(each) <= 0xDFFF for each in value):
            value = value.replace("\ufffe", "").replace("\uffff", "").replace("\x7f", "")
            tree.find("head").append(html.Element("meta", name=name, content=value))
    assert read_metadata(tree).title != ""
