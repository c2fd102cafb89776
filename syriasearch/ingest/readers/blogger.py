"""Reader of Blogger's exports: an article in each post that was published.

There are two forms: an Atom feed with the template, settings and comments of the blog, and that
of Google Takeout, whose entries have a type and a status.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ...text.language import language_of
from ...text.patterns import regex
from . import feed
from .base import Document, Problem, SourceFile, free_anchor
from .charset import head_text
from .field_mapping import text_and_markup
from .field_values import MAX_FIELD, without_tags
from .nulls import is_null, is_null_author
from .xml_records import end_of_blog, local_name, read_elements, text_of

_MARK = regex(r"schemas\.google\.com/blogger/20|<id>tag:blogger\.com,1999:blog-")
_KIND = "/blogger/2008/kind#"


def claims(head: bytes) -> bool:
    """Return whether a file begins like an export of Blogger, or a feed of it."""
    return feed.claims(head) and _MARK.search(head_text(head)) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the posts that the blog shows, in constant memory."""
    anchors: dict[str, int] = {}
    left_out: Counter[str] = Counter()
    blog = ""
    is_damaged = False
    with file.open() as stream:
        for entry in read_elements(stream, "entry"):
            if isinstance(entry, Problem):
                is_damaged = True
                yield entry
                continue
            titles = [e for e in entry.before.iter() if local_name(e) == "title"]
            blog = text_of(titles[0])[:MAX_FIELD] if titles else blog
            kind = _kind(entry.element)
            if kind == "post":
                yield from _documents(entry.element, blog, entry.number, anchors)
            else:
                left_out[kind] += 1
    for kind in ("template", "settings", "comment"):
        left_out.pop(kind, None)
    yield from end_of_blog("Blogger", "blog", left_out, found=bool(anchors) or is_damaged)


def _kind(entry: Any) -> str:
    """Return what an entry is: post, if the blog shows it as one; comment, draft, template."""
    kind = "post"  # as in the feed that a blog offers to the public
    for element in entry:
        name = local_name(element)
        if name == "category" and _KIND in (element.get("term") or ""):
            kind = element.get("term").partition(_KIND)[2]
        elif name == "type" and element.text:
            kind = element.text.strip().lower()
        elif name == "trashed" and (element.text or "").strip() not in ("", "false"):
            return "trashed"
    if kind != "post":
        return kind
    statuses = {local_name(element): text_of(element).lower() for element in entry.iter()}
    status = statuses.get("status") or "live"
    is_draft = statuses.get("draft") == "yes" or status == "draft"
    return "draft" if is_draft else "post" if status == "live" else status


def _documents(
    entry: Any, blog: str, number: int, anchors: dict[str, int]
) -> Iterator[Document | Problem]:
    fields = {local_name(element): text_of(element) for element in entry if element.text}
    names = [
        text_of(e)
        for e in entry.iter()
        if local_name(e) == "name" and local_name(e.getparent()) == "author"
    ]
    links = [
        e.get("href") for e in entry if local_name(e) == "link" and e.get("rel") == "alternate"
    ]
    own_id = fields.get("id", "")
    anchor = free_anchor(own_id or str(number), anchors)
    text = fields.get("content") or fields.get("summary") or ""
    if is_null(text) or not re.search(r"\w", without_tags(text)):
        yield Problem(f"entry {number} has no text: it may have to be fetched", anchor, lost=False)
        return
    text, markup = text_and_markup(text)
    author = names[0] if names else ""
    yield Document(
        text,
        markup,
        title=without_tags(fields.get("title", ""))[:MAX_FIELD] or None,
        author=None if is_null_author(author) else author[:MAX_FIELD],
        source=blog or None,
        url=links[0][:MAX_FIELD] if links and links[0] else None,
        date=(fields.get("published") or fields.get("updated") or "")[:MAX_FIELD] or None,
        lang=language_of(without_tags(text), None),
        anchor=anchor,
        positional=not own_id,
        scraped=True,
    )
