"""Exports of Telegram Desktop: an article in each message that has a text."""

import json

import pytest
from formats import documents, messages

from syriasearch import Archive
from syriasearch.ingest.readers import Document, Problem, telegram

CHANNEL = {"name": "Sample Wire", "type": "public_channel", "id": 123}
POST = {"id": 7, "type": "message", "date": "2018-01-28T01:30:00", "from": "Sample Wire"}


def export(*posts: dict[str, object], **chat: object) -> str:
    return json.dumps({**CHANNEL, **chat, "messages": [{**POST, **post} for post in posts]})


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ("The convoy arrived.", "The convoy arrived."),
        (["The convoy ", {"type": "bold", "text": "arrived"}, "."], "The convoy arrived."),
        ([{"type": "bold", "text": "Convoy\n\n"}, "It arrived."], "Convoy\n\nIt arrived."),
        (["See ", {"type": "text_link", "text": "here", "href": "https://e.org"}], "See here"),
        (["See ", {"type": "link", "text": "https://e.org"}, "."], "See https://e.org."),
        ([{"type": "hashtag", "text": "#Idlib"}, " today"], "#Idlib today"),
        ([{"type": "mention", "text": "@wire"}, " says"], "@wire says"),
        ([{"type": "custom_emoji", "text": "x", "document_id": "a.webp"}], "x"),
        ([["The ", "convoy"], " arrived"], "The convoy arrived"),
        ("One line\n and another\n\n\nand one", "One line\n\nand another\n\nand one"),
        (["القافلة ", {"type": "italic", "text": "وصلت"}], "القافلة وصلت"),
    ],
)
def test_the_pieces_of_a_message_are_one_text(made, pieces: object, text: str) -> None:
    (post,) = made("result.json", export({"text": pieces}))
    assert post.text == text


def test_a_post_has_the_name_and_the_number_of_its_channel(made) -> None:
    (post,) = made("result.json", export({"text": "The convoy arrived."}))
    assert (post.source, post.author, post.anchor, post.date) == (
        "Sample Wire",
        None,
        "123/7",
        "2018-01-28T01:30:00",
    )


@pytest.mark.parametrize(
    ("fields", "author"),
    [({}, None), ({"from": "Omar Haddad"}, "Omar Haddad"), ({"author": "Editor A"}, "Editor A")],
)
def test_the_author_is_who_signs_or_who_writes_in_a_group(made, fields, author) -> None:
    assert made("a.json", export({"text": "One.", **fields}))[0].author == author


@pytest.mark.parametrize("seconds", ["1517092200", 1517092200])
def test_the_day_is_that_of_the_time_in_utc(made, seconds: object) -> None:
    assert (
        made("a.json", export({"text": "One.", "date_unixtime": seconds}))[0].date == "2018-01-27"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "service", "action": "create_channel", "text": ""},
        {"type": "unsupported"},
        {"photo": "(File not included.)", "text": ""},
        {"text": []},
        {"text": [{"type": "bold"}]},
        {"text": None},
    ],
)
def test_what_has_no_text_is_no_failure(made, fields: dict[str, object]) -> None:
    (post,) = made("result.json", export(fields, {"id": 8, "text": "One."}))
    assert post.anchor == "123/8"


def test_the_chats_of_an_account_are_all_read(made) -> None:
    chats = [
        json.loads(export({"text": f"Text {each}."}, id=each, name=name, type=kind))
        for each, (name, kind) in enumerate(
            [("A", "personal_chat"), (None, "private_supergroup"), ("C", "saved_messages")], start=1
        )
    ]
    del chats[2]["name"]
    account = {
        "about": "Telegram.",
        "contacts": {"list": [{"name": "B"}]},
        "chats": {"list": chats},
    }
    found = documents(made("result.json", json.dumps(account, indent=1)))
    assert [(post.anchor, post.source) for post in found] == [
        ("1/7", "A"), ("2/7", None), ("3/7", None)
    ]  # fmt: skip


def test_a_message_that_quotes_an_export_is_no_chat(made) -> None:
    quoted = export({"text": "Quoted."})
    (post,) = made("result.json", export({"text": quoted}))
    assert post.text == quoted


def test_a_control_character_as_telegram_writes_it_is_a_space(made) -> None:
    content = export({"text": "The convoy|arrived at C:\\x41."}).replace("|", r"\x0B")
    assert made("result.json", content)[0].text == "The convoy arrived at C:\\x41."


def test_a_large_chat_is_read_message_by_message(made, monkeypatch) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.telegram.MAX_ARTICLE_BYTES", 10)
    monkeypatch.setattr("syriasearch.ingest.readers.json.CHUNK", 100)
    posts = [{"id": number, "text": f"Text {number}|"} for number in range(300)]
    found = made("result.json", export(*posts).replace("|", r"\x0B"))
    assert [post.anchor for post in found] == [f"123/{number}" for number in range(300)]


def sorted_keys() -> str:
    """An export as programs write it that sort keys: what a chat is comes after its messages."""
    return json.dumps(json.loads(export({"text": "One.", "from_id": "channel123"})), sort_keys=True)


def account(chat: object, **options: int) -> str:
    chats = {"about": "Left.", "list": [chat]}
    return json.dumps({"about": "Telegram", "chats": {"list": []}, "left_chats": chats}, **options)


@pytest.mark.parametrize(
    "content",
    [
        sorted_keys(),
        export({"text": "One."}, username="sample_wire", members=7),
        export({"text": "One."}).replace("\n", "\r\n"),
        "\ufeff" + export({"text": "One."}),
        account(json.loads(export({"text": "One."}))),
        account(json.loads(export({"text": "One."})), indent=1),
    ],
)
def test_exports_in_other_order(made, content: str) -> None:
    (post,) = documents(made("result.json", content))
    assert (post.anchor, post.source, post.text) == ("123/7", "Sample Wire", "One.")


@pytest.mark.parametrize("keys", [{"username": "sample_wire"}, {}])
def test_a_large_account_is_read_chat_by_chat(made, monkeypatch, keys) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.telegram.MAX_ARTICLE_BYTES", 10)
    chats = [
        json.loads(export({"text": f"Text {each}."}, id=each, name=f"Wire {each}", **keys))
        for each in range(3)
    ]
    for chat in chats:
        chat["messages"] = chat.pop("messages")
    found = documents(
        made("result.json", json.dumps({"about": "Telegram", "chats": {"list": chats}}))
    )
    assert [(post.anchor, post.source) for post in found] == [
        ("0/7", "Wire 0"), ("1/7", "Wire 1"), ("2/7", "Wire 2")
    ]  # fmt: skip


def test_a_message_whose_text_is_only_in_its_entities(made) -> None:
    pieces = [{"type": "plain", "text": "One "}, {"type": "bold", "text": "two"}]
    assert made("result.json", export({"text_entities": pieces}))[0].text == "One two"


@pytest.mark.parametrize(
    "content",
    [
        '{"messages": [{"role": "user", "content": "a"}]}',
        '{"messages": [{"sender_name": "A", "content": "a", "timestamp_ms": 1}]}',
        '[{"messages": "none", "text": "The convoy arrived."}]',
    ],
)
def test_other_messages_are_not_of_telegram(content: str) -> None:
    assert not telegram.claims(content.encode())


def test_an_export_that_is_cut_off_keeps_what_is_whole(made) -> None:
    content = export({"text": "One."}, {"id": 8, "text": "Two."})
    items = made("result.json", content[:-20])
    assert [post.text for post in documents(items)] == ["One."]
    assert "item 2 cannot be read" in messages(items)[0]


def test_an_export_without_texts_says_so(made) -> None:
    assert messages(made("result.json", export())) == [
        "is a Telegram export without texts: leave it out"
    ]


def test_posts_are_ingested_once(tmp_path, archive: Archive) -> None:
    path = tmp_path / "result.json"
    path.write_text(export({"text": "The convoy arrived."}))
    archive.ingest(path)
    path.write_text(export({"text": "The convoy arrived."}, {"id": 8, "text": "Two more left."}))
    report = archive.ingest(path)
    assert (report.added, report.unchanged) == (1, 1)


def test_a_name_with_a_broken_character_ends_nothing(made) -> None:
    content = export({"text": "One."}).replace("Sample", "Sam\nple", 1)[:-2]
    assert [post.text for post in documents(made("result.json", content))] == ["One."]


@pytest.mark.parametrize(
    "article",
    [
        {"title": "Leaked", "text": "The convoy.", "messages": [{"from_id": "a", "text": "One"}]},
        {"text": "The convoy.", "messages": [{"type": "message", "text": "One"}]},
    ],
)
@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [value, value]])
def test_an_article_with_messages_is_an_article(made, article, wrap) -> None:
    assert {each.text for each in made("a.json", json.dumps(wrap(article)))} == {"The convoy."}


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_messages_by_themselves_are_articles(made, name: str) -> None:
    post = {**POST, "from_id": "channel1", "text": ["The ", {"type": "bold", "text": "convoy"}]}
    posts = [{**post, "type": "service", "text": ""}, post]
    lines = "\n".join(map(json.dumps, posts)) if name == "a.jsonl" else json.dumps(posts)
    (article,) = made(name, lines)
    assert (article.text, article.anchor) == ("The convoy", "7")


@pytest.mark.parametrize("charset", ["cp1256", "utf-16"])
def test_an_export_in_another_charset_is_read(made, charset: str) -> None:
    text = "قالت المعارضة السورية إنها ستقاطع المؤتمر"
    raw = json.dumps({**CHANNEL, "messages": [{**POST, "text": text}]}, ensure_ascii=False)
    assert made("result.json", raw.encode(charset))[0].text == text


@pytest.mark.parametrize("broken", [0, 50, 99])
def test_of_a_hundred_messages_the_broken_one_is_lost(made, broken: int) -> None:
    posts = [{"id": number, "text": f"Report {number}"} for number in range(100)]
    raw = export(*posts).replace(f'"Report {broken}"', f'"Report {broken}')
    found = made("result.json", raw)
    assert sum(isinstance(each, Document) for each in found) == 99
    assert sum(isinstance(each, Problem) for each in found) == 1
