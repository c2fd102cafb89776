"""Exports of Blogger: an article in each post that the blog shows."""

import pytest
from formats import documents, messages

KIND = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{}'/>"
POST = """<entry><id>tag:blogger.com,1999:blog-1.post-{id}</id>
<published>2018-01-27T23:30:00.000+02:00</published><updated>2019-01-01T00:00:00Z</updated>{kind}
<title type='text'>Convoy reaches Dara</title>
<content type='html'>&lt;p&gt;The convoy &amp;amp; its drivers arrived.&lt;/p&gt;</content>
<link rel='self' href='https://www.blogger.com/feeds/1/posts/default/2'/>
<link rel='alternate' type='text/html' href='https://example.blogspot.com/a.html'/>
<author><name>Omar Haddad</name><email>noreply@blogger.com</email></author>{more}</entry>
"""
TAKEOUT = "<blogger:type>{}</blogger:type><blogger:status>{}</blogger:status>"


def export(*entries: str) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?><?xml-stylesheet href='a.css'?>\n"
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://www.w3.org/2007/app'"
        " xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        f"<id>tag:blogger.com,1999:blog-1</id><title>Sample Blog</title>{''.join(entries)}</feed>"
    )


def post(kind: str = KIND.format("post"), more: str = "", id: int = 7) -> str:
    return POST.format(kind=kind, more=more, id=id)


@pytest.mark.parametrize("kind", [KIND.format("post"), TAKEOUT.format("POST", "LIVE"), ""])
def test_a_post_has_the_fields_that_the_blog_shows(made, kind: str) -> None:
    (article,) = made("blog.xml", export(post(kind)))
    assert (article.title, article.author, article.source, article.url, article.date) == (
        "Convoy reaches Dara", "Omar Haddad", "Sample Blog", "https://example.blogspot.com/a.html",
        "2018-01-27T23:30:00.000+02:00",
    )  # fmt: skip
    assert article.anchor == "tag:blogger.com,1999:blog-1.post-7"
    assert (article.text, article.markup) == (
        "<p>The convoy &amp; its drivers arrived.</p>",
        "html",
    )


@pytest.mark.parametrize(
    ("entry", "notes"),
    [
        (post(KIND.format("comment")), []),
        (post(KIND.format("template")), []),
        (post(KIND.format("settings")), []),
        (post(TAKEOUT.format("COMMENT", "LIVE")), []),
        (post(KIND.format("page")), ["1 page"]),
        (post(more="<app:control><app:draft>yes</app:draft></app:control>"), ["1 draft"]),
        (post(TAKEOUT.format("POST", "DRAFT")), ["1 draft"]),
        (post(more="<blogger:trashed>2020-01-01T00:00:00Z</blogger:trashed>"), ["1 trashed"]),
    ],
)
def test_what_is_no_published_post_is_left_out(made, entry: str, notes: list[str]) -> None:
    items = made("blog.xml", export(entry, post(id=8)))
    assert [article.anchor[-1] for article in documents(items)] == ["8"]
    found = [message.partition("as an article: ")[2] for message in messages(items)]
    assert found == notes


def test_an_empty_mark_of_trash_is_none(made) -> None:
    assert documents(made("blog.xml", export(post(more="<blogger:trashed/>"))))


def test_an_export_without_posts_says_so(made) -> None:
    assert messages(made("blog.xml", export(post(KIND.format("comment"))))) == [
        "is an export of Blogger without posts: leave it out"
    ]


def test_a_post_of_pictures_is_no_failure(made) -> None:
    entry = post().replace("The convoy &amp;amp; its drivers arrived.", "")
    items = made("blog.xml", export(entry))
    assert [item.lost for item in items] == [False]


def test_an_export_that_is_cut_off_keeps_what_is_whole(made) -> None:
    items = made("feed.atom", export(post(), post(id=8))[:-100])
    assert len(documents(items)) == 1
    assert messages(items) == ["ends within record 2: get it again, or the rest is lost"]


def test_comments_in_an_entry_are_no_fields(made) -> None:
    assert documents(made("blog.xml", export(post(more="<!-- a -->"))))
