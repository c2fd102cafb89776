"""Which of the dates of a page is that of its publication."""

import pytest

TEXT = "The committee met in Geneva to talk about its members, and it will meet again soon. " * 3


def page(head: str = "", before: str = "", after: str = "") -> str:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>Plan</title>{head}</head>'
        f"<body><h1>Plan</h1>{before}<article><p>{TEXT}</p><p>{TEXT}</p></article>{after}</body></html>"
    )


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


ARTICLE = (
    '{"@type": "NewsArticle", "headline": "Plan", "datePublished": "2018-03-04T23:00:00-05:00"}'
)
OLDER = '{"@type": "NewsArticle", "headline": "Another", "datePublished": "2010-01-01"}'
VIDEO = '{"@type": "VideoObject", "datePublished": "2011-01-01"}'
PAGE = '{"@type": "WebPage", "datePublished": "2010-01-01"}'


@pytest.mark.parametrize(
    "content",
    [
        page(ld(ARTICLE)),
        page(ld(VIDEO) + ld(ARTICLE)),
        page(ld(OLDER) + ld(ARTICLE)),
        page(ld(f'{{"@graph": [{PAGE}, {VIDEO}, {OLDER}, {ARTICLE}]}}')),
        page('<meta property="article:modified_time" content="2018-04-05">' + ld(ARTICLE)),
        page('<meta name="date" content="2018-03-04">' + ld(PAGE)),
        page(before="<time>٤ آذار ٢٠١٨</time>"),
        page(before="<time>الأحد 4 آذار/مارس 2018</time>"),
        page(before='<time datetime="2018-03-04T10:30">yesterday</time>'),
        page(before="<span>Updated March 9, 2018</span><span>Published March 4, 2018</span>"),
        page(before="<p>Updated <time>9 March 2018</time> Published <time>4 March 2018</time></p>"),
        page(before="<p>By Mara Lindqvist | 4 March 2018</p>"),
        page(before='<span class="date">March 4, 2018</span>', after="<footer>2019-05-06</footer>"),
        page(after="<p>Published: 4 March 2018</p>"),
        page('<link rel="canonical" href="https://example.org/2018/03/04/plan">'),
        page(
            ld('{"@type": "NewsArticle", "headline": "Plan", "datePublished": "Updated 2/5/2018"}'),
            before='<time class="entry-date" datetime="2018-03-04">4 March</time>',
        ),
        page(
            before='<p class="posted-on"><time class="updated" datetime="2018-04-05">5 April 2018'
            '</time><time class="published" datetime="2018-03-04">4 March 2018</time></p>'
        ),
        page(
            before='<time class="published" datetime="2018-03-04">4 March 2018</time>'
            '<time class="updated" datetime="2018-04-05">5 April 2018</time>'
        ),
        page(after="<ul><li><strong>Datum</strong> 04.03.2018</li></ul>"),
        page(
            before="<p>By Ida Berg, <time>4 March 2018</time></p>"
            "<p>The congress opens on <time>5 May 2018</time>.</p>"
        ),
    ],
)
def test_the_date_of_publication_of_a_page(made, content: str) -> None:
    assert made("a.html", content)[0].date == "2018-03-04"


@pytest.mark.parametrize(
    "content",
    [
        page(),
        page(ld(VIDEO)),
        page('<meta property="article:modified_time" content="2020-05-05">'),
        page('<meta name="expires" content="2021-01-31">'),
        page('<link rel="canonical" href="https://example.org/2011/03/15-years-of-war">'),
        page(after="<footer>Last build 2019-05-06</footer>"),
        page(after='<div class="comment"><time datetime="2019-07-07">x</time></div>'),
        page(after='<div class="related"><time datetime="2019-07-07">x</time></div>'),
        page('<script>var published = "2031-01-31";</script>'),
        page(before='<span class="updated">Updated March 9, 2018</span>'),
        page(before='<aside class="side"><time>4 March 2018</time></aside>'),
        page(before='<div class="masthead">Sunday, 4 March 2018</div>'),
        page(
            ld('{"@type": "NewsArticle", "headline": "Plan", "datePublished": "Updated 2/5/2018"}')
        ),
        page(before="<p>The congress opens on <time>5 May 2018</time>.</p>"),
        page(
            before='<p>The congress opens on <time datetime="2018-05-05">5 May</time> in Sochi</p>'
        ),
        page(before='<p>Deadline: <time datetime="2018-05-05">5 May 2018</time></p>'),
        page(before="<p>Deadline: 5 May 2018</p>"),
        page(before="<p>Event date: 5 May 2018</p>"),
        page(before="<p>الموعد النهائي: 5 أيار 2018</p>"),
        page(before='<p class="event-date"><time datetime="2018-05-05">5 May 2018</time></p>'),
        page(before="<p>Tel: 01/02/2018</p>"),
        page(
            '<link rel="canonical" href="https://example.org/a">'
            + ld(
                '{"@type": "NewsArticle", "headline": "Bread and flour in Hama",'
                ' "url": "https://example.org/b", "datePublished": "2010-01-01"}'
            )
        ),
        page(after="<p>Published: 4 March 2018</p><p>Published: 5 May 2018</p>"),
    ],
)
def test_a_page_without_a_date_of_publication(made, content: str) -> None:
    assert made("a.html", content)[0].date is None


def test_a_date_of_two_months_is_kept_as_the_page_writes_it(made) -> None:
    assert made("a.html", page(before="<time>03/04/2018</time>"))[0].date == "03/04/2018"
