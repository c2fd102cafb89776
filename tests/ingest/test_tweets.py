"""Archives of X (Twitter), and what its interfaces write: an article in each post."""

import json
from pathlib import Path

import pytest
from formats import documents, messages

POST = {
    "id_str": "957300000000000000",
    "created_at": "Sat Jan 27 10:00:00 +0000 2018",
    "full_text": "The convoy left &amp; arrived",
    "lang": "en",
    "source": '<a href="https://example.org">An app</a>',
}
LINK = {"url": "https://t.co/abc", "expanded_url": "https://example.org/convoy"}


def archive(*posts: dict[str, object], name: str = "tweets.part0") -> str:
    items = [{"tweet": {**POST, **post}} for post in posts]
    return f"window.YTD.{name} = {json.dumps(items, indent=1)}"


def test_a_post_of_an_archive(made) -> None:
    (post,) = made("tweets.js", archive({}))
    assert (post.text, post.anchor, post.date, post.lang, post.source, post.author, post.url) == (
        "The convoy left & arrived",
        "957300000000000000",
        "Sat Jan 27 10:00:00 +0000 2018",
        "en",
        None,
        None,
        "https://twitter.com/i/web/status/957300000000000000",
    )


@pytest.mark.parametrize(
    "name",
    [
        "tweets.part0",
        "tweets.part12",
        "tweet.part0",
        "deleted_tweets.part0",
        "community_tweet.part0",
    ],
)
def test_the_parts_of_an_archive_with_posts(made, name: str) -> None:
    assert len(documents(made("a.js", archive({}, {"id_str": "2"}, name=name)))) == 2


@pytest.mark.parametrize(
    "content",
    [
        archive({}) + ";\n",
        archive({}).replace("\n", "\r\n"),
        "\ufeff" + archive({}),
        archive({}).replace(" = ", "="),
        "Grailbird.data.tweets_2018_01 = \n " + json.dumps([POST]),
        json.dumps([{"tweet": POST}]),
        json.dumps([POST]),
        json.dumps({"tweets": [{"tweet": POST}]}),
        json.dumps([{"rest_id": "957300000000000000", "legacy": POST}]),
        json.dumps(POST) + "\n",
    ],
)
def test_a_post_however_it_was_saved(made, content: str) -> None:
    (post,) = made("saved.txt", content, named=True)
    assert (post.text, post.anchor) == ("The convoy left & arrived", POST["id_str"])


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"full_text": "See https://t.co/abc.", "entities": {"urls": [LINK], "hashtags": []}},
            "See https://example.org/convoy.",
        ),
        (
            {"full_text": "A picture https://t.co/abc", "extended_entities": {"media": [LINK]}},
            "A picture https://example.org/convoy",
        ),
        ({"full_text": "a &lt; b"}, "a < b"),
        ({"full_text": "وصلت القافلة"}, "وصلت القافلة"),
        ({"full_text": "Cut…", "extended_tweet": {"full_text": "Not cut."}}, "Not cut."),
        ({"full_text": "Cut…", "note_tweet": {"text": "Not cut."}}, "Not cut."),
        (
            {"full_text": "C…", "note_tweet": {"note_tweet_results": {"result": {"text": "All."}}}},
            "All.",
        ),
        (
            {
                "full_text": "RT @wire: The con…",
                "retweeted_status": {
                    "full_text": "The convoy arrived.",
                    "user": {"screen_name": "wire"},
                },
            },
            "RT @wire: The convoy arrived.",
        ),
    ],
)
def test_the_text_of_a_post(made, fields: dict[str, object], text: str) -> None:
    (post,) = made("tweets.js", archive(fields))
    assert post.text == text


def test_a_long_post(made) -> None:
    note = {
        "noteTweetId": "77",
        "createdAt": "2023-02-08T15:12:34.000Z",
        "core": {
            "text": "A long text: https://t.co/abc",
            "urls": [{"shortUrl": "https://t.co/abc", "expandedUrl": "https://example.org/a"}],
        },
    }
    content = f"window.YTD.note_tweet.part0 = {json.dumps([{'noteTweet': note}])}"
    (post,) = made("note-tweet.js", content)
    assert (post.text, post.anchor, post.date) == (
        "A long text: https://example.org/a",
        "77",
        "2023-02-08T15:12:34.000Z",
    )


def test_the_author_is_the_account_beside_the_posts(made, tmp_path: Path) -> None:
    account = {"account": {"username": "samplewire", "accountDisplayName": "Sample Wire"}}
    (tmp_path / "account.js").write_text(f"window.YTD.account.part0 = {json.dumps([account])}")
    assert made("tweets.js", archive({}))[0].author == "Sample Wire"


@pytest.mark.parametrize(
    "content", ["", "window.YTD.account.part0 = [", "window.YTD.x = [{}]", "7"]
)
def test_an_account_that_cannot_be_read_is_no_problem(made, tmp_path: Path, content: str) -> None:
    (tmp_path / "account.js").write_text(content)
    (post,) = made("tweets.js", archive({}))
    assert post.author is None


def test_the_author_is_the_user_of_a_post(made) -> None:
    (post,) = made("a.json", json.dumps([{**POST, "user": {"name": "Nadia Karim"}}]))
    assert post.author == "Nadia Karim"


def test_posts_of_the_second_version_of_the_interface_have_their_authors(made) -> None:
    posts = [
        {"id": "1", "text": "One", "created_at": "2018-01-27T10:00:00.000Z", "author_id": "9"},
        {"id": "2", "text": "Two", "created_at": "2018-01-27T10:00:00.000Z", "author_id": "8"},
    ]
    included = {"users": [{"id": "9", "name": "Nadia Karim"}], "tweets": [{"id": "3", "text": "3"}]}
    answer = json.dumps({"data": posts, "includes": included, "meta": {}})
    for content in (answer, f"{answer}\n{json.dumps({'data': [], 'includes': {}})}\n"):
        found = documents(made("a.jsonl", content))
        assert [(post.anchor, post.author) for post in found] == [("1", "Nadia Karim"), ("2", None)]


def test_a_part_without_posts_is_a_note(made) -> None:
    (note,) = made("note-tweet.js", "window.YTD.note_tweet.part0 = [ ]")
    assert (note.message, note.lost) == (
        "is a part of an X archive without posts: leave it out",
        False,
    )


def test_another_part_of_an_archive_that_is_named_is_no_article(made) -> None:
    assert messages(made("like.js", 'window.YTD.like.part0 = [ {"like": {}} ]')) == [
        "is a part of an X archive without posts: name its tweets.js"
    ]


def test_an_archive_that_is_cut_off_keeps_what_is_whole(made) -> None:
    items = made("tweets.js", archive({}, {"id_str": "2"})[:-40])
    assert len(documents(items)) == 1
    assert "item 2 cannot be read" in messages(items)[0]


def test_ids_that_are_there_twice_are_two_articles(made) -> None:
    found = documents(made("tweets.js", archive({}, {"full_text": "Another."})))
    assert [post.anchor for post in found] == [POST["id_str"], f"{POST['id_str']}~2"]


def test_a_large_archive_is_read_post_by_post(made, monkeypatch) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.json.CHUNK", 100)
    monkeypatch.setattr("syriasearch.ingest.readers.tweets.CHUNK", 100)
    content = archive(*({"id_str": str(number)} for number in range(300)))
    assert len(documents(made("tweets.js", content))) == 300


def test_no_line_of_a_post_is_that_of_a_site(made) -> None:
    assert made("tweets.js", archive({"full_text": "The convoy.\n\nRead more"}))[0].scraped is False
