"""Posts of X (Twitter), as its archives and its programming interfaces write them.

The field `source` of a post is the program that it was written with; its links lead through t.co.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

_WRAPPERS = ("tweet", "noteTweet", "legacy")
_OF_ARTICLES = frozenset(("title", "headline"))
_SIGNS = frozenset(
    "full_text id_str edit_history_tweet_ids author_id public_metrics retweet_count"
    " favorite_count in_reply_to_user_id".split()
)
"""The keys that tell a post from other records with a text and a time of creation."""


def post_of(values: Mapping[Any, Any]) -> dict[str, Any] | None:
    """Return the fields of a post as those of an article, None for another record."""
    for wrapper in _WRAPPERS:
        inner = values.get(wrapper)
        if isinstance(inner, dict) and len(values) <= 2:
            values = {**{key: held for key, held in values.items() if key != wrapper}, **inner}
    if isinstance(values.get("core"), dict) and "noteTweetId" in values:
        note = values["core"]
        return _fields(values, values["noteTweetId"], values.get("createdAt"), _text(note))
    if "created_at" not in values or _SIGNS.isdisjoint(values) or _OF_ARTICLES & values.keys():
        return None
    if not isinstance(values.get("full_text") or values.get("text"), str):
        return None
    number = values.get("id_str") or values.get("id")
    return _fields(values, number, values["created_at"], _whole_text(values))


def _fields(values: Mapping[Any, Any], number: Any, date: Any, text: str) -> dict[str, Any]:
    user = values.get("user")
    name = (user.get("name") or user.get("screen_name")) if isinstance(user, dict) else None
    is_numbered = str(number or "").isdigit()
    lang = values.get("lang")
    return {
        "id": number,
        "text": text,
        "author": name,
        "url": f"https://twitter.com/i/web/status/{number}" if is_numbered else None,
        "date": date,
        "lang": None if lang in ("und", "qme", "zxx") else lang,
    }


def _whole_text(values: Mapping[Any, Any]) -> str:
    """Return the text of a post: of a long one not the excerpt, of a shared one all of it."""
    shared = values.get("retweeted_status")
    if isinstance(shared, dict) and isinstance(shared.get("full_text") or shared.get("text"), str):
        user = shared.get("user")
        name = user.get("screen_name") if isinstance(user, dict) else None
        if name:
            return f"RT @{name}: {_whole_text(shared)}"
    for key in ("note_tweet", "extended_tweet"):
        longer = values.get(key)
        while isinstance(longer, dict) and isinstance(
            inner := longer.get("note_tweet_results") or longer.get("result"), dict
        ):
            longer = inner
        if isinstance(longer, dict) and (text := _text({**values, "full_text": None, **longer})):
            return text
    return _text(values)


def _text(values: Mapping[Any, Any]) -> str:
    text = values.get("full_text") or values.get("text")
    if not isinstance(text, str):
        return ""
    for short, link in _links(values):
        text = text.replace(short, link)
    return unescape(text)


def _links(values: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Yield the short links of a post, and where they lead."""
    for key in ("entities", "extended_entities", "entity_set"):
        entities = values.get(key)
        for links in entities.values() if isinstance(entities, dict) else ():
            yield from _pairs(links)
    yield from _pairs(values.get("urls"))


def _pairs(links: object) -> Iterator[tuple[str, str]]:
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict):
            short = link.get("url") or link.get("shortUrl")
            whole = link.get("expanded_url") or link.get("expandedUrl")
            if isinstance(short, str) and isinstance(whole, str) and "t.co/" in short:
                yield short, whole


def posts_with_authors(value: Mapping[str, Any]) -> list[Any] | None:
    """Return the posts of an answer of X's interface, version 2, with their authors.

    None for anything else.
    """
    posts, included = value.get("data"), value.get("includes")
    if isinstance(posts, dict):
        posts = [posts]
    if not isinstance(posts, list) or not posts or not isinstance(included, dict):
        return None
    if not all(isinstance(post, dict) and isinstance(post.get("text"), str) for post in posts):
        return None
    users = included.get("users")
    by_id = {
        user.get("id"): user
        for user in (users if isinstance(users, list) else ())
        if isinstance(user, dict) and isinstance(user.get("id"), str)
    }
    return [{"user": by_id.get(str(post.get("author_id"))), **post} for post in posts]
