"""Reader of WordPress exports (WXR): an article in each post and page that was published.

An export is an RSS feed with all that a site holds. Drafts, and what needs a password, are left
out, as are menus, attachments and other content that is no article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...text.language import language_of
from ...text.patterns import regex
from ...text.word_lists import read_sections
from . import feed
from .base import Document, Problem, SourceFile, free_anchor, summary_note
from .character_references import decode_references
from .charset import head_text
from .field_values import MAX_FIELD, without_tags
from .nulls import is_null_author, is_null_date
from .xml_records import end_of_blog, local_name, read_elements, text_of

_MARK = regex(r"wordpress\.org/export/|<wp:wxr_version>")
_CAPTION = regex(r"\[(?:wp_)?caption\b([^\[\]]{0,2000})\]", re.IGNORECASE)
_CAPTION_END = regex(r"\[/(?:wp_)?caption\]", re.IGNORECASE)
_TAG = regex(r"(</?([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]{0,5000}>)")
_EMBEDDED = regex(
    r"\[(?P<name>embed|audio|video|youtube|vimeo|playlist|soundcloud)\b[^\[\]]{0,500}\]"
    r"\s{0,20}(?:https?://[^\s\[\]<>]{1,2000})?\s{0,20}\[/(?P=name)\]",
    re.IGNORECASE,
)
_EMBEDDED_BLOCK = regex(r"__wrapper\">\s{0,20}(https?://[^\s\[\]<>]{1,2000})")
"""A film or a recording at an address, by a shortcode or in a block."""
_CAPTION_FIELD = regex(r"\bcaption=([\"'])(.*?)\1", re.DOTALL)
_SHORTCODE = regex(
    r"\[(?P<open>\[?)(?P<end>/?)(?P<name>[a-z][\w-]{0,60})"
    r"(?P<rest>(?:[\s=/:](?:[^\[\]\"']|\"[^\"]{0,1000}\"|'[^']{0,1000}'){0,1000})?)\](?P<close>\]?)",
    re.IGNORECASE,
)
_LINE_END = regex(r"(?:(?<![ \t])[ \t]+)?\n\s*")
_NESTED = ("comment", "postmeta", "category")
"""Elements of a post that are there many times, and hold no text of it."""
_NO_POST = "no post"
"""The reason to leave out a menu, a picture, a setting."""
_WORD = regex(r"\w")


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    lists = read_sections(Path(__file__).parent / "data" / "wordpress.txt")
    return {name: frozenset(" ".join(lines).split()) for name, lines in lists.items()}


def claims(head: bytes) -> bool:
    """Return whether a file begins like an export of WordPress."""
    return feed.claims(head) and _MARK.search(head_text(head)) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the posts and pages that the site shows, in constant memory."""
    site = _Site()
    is_damaged = False
    with file.open() as stream:
        for item in read_elements(stream, "item"):
            if isinstance(item, Problem):
                is_damaged = True
                yield item
                continue
            for element in item.before.iter():
                site.add(element)
            yield from site.documents(item.element, item.number)
    found = bool(site.anchors) or is_damaged
    yield from end_of_blog("WordPress", "site", site.left_out, found=found)


class _Site:
    """The site that was exported, as far as it is known, and what was read of it."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.authors: dict[str, str] = {}
        """Names of authors by their accounts."""
        self.anchors: dict[str, int] = {}
        self.left_out: Counter[str] = Counter()

    def add(self, element: Any) -> None:
        """Note what precedes the posts: the name of the site, and its authors."""
        name = local_name(element)
        if name == "author":
            fields = {local_name(child): text_of(child) for child in element}
            display_name = fields.get("author_display_name", "")
            if "author_login" in fields and display_name:
                self.authors[fields["author_login"]] = display_name
        elif name in ("title", "language", "link"):
            self.fields.setdefault(name, text_of(element))

    def documents(self, item: Any, number: int) -> Iterator[Document | Problem]:
        fields = _fields(item)
        if reason := _left_out(fields):
            self.left_out[reason] += reason != _NO_POST
            return
        html = shown_html(fields.get("encoded", ""))
        is_summary = not _has_words(html)
        if is_summary:
            html = shown_html(fields.get("excerpt", ""))
            if not _has_words(html):
                self.left_out["without text"] += 1
                return
        own_id = fields.get("post_id") or fields.get("guid") or fields.get("link") or ""
        anchor = free_anchor(own_id or str(number), self.anchors)
        if is_summary:
            yield summary_note(f"post {own_id or number}", anchor)
        link = fields.get("link", "")
        yield Document(
            html,
            "html",
            title=without_tags(fields.get("title", ""))[:MAX_FIELD] or None,
            author=self._author(fields.get("creator", "")),
            source=decode_references(self.fields.get("title", ""))[:MAX_FIELD] or None,
            url=link[:MAX_FIELD] if link.startswith("http") else None,
            date=_date(fields),
            lang=language_of(without_tags(html), self.fields.get("language")),
            anchor=anchor,
            positional=not own_id,
            scraped=True,
        )

    def _author(self, account: str) -> str | None:
        name = decode_references(self.authors.get(account, account))[:MAX_FIELD]
        return None if is_null_author(name) else name


def _fields(item: Any) -> dict[str, str]:
    """Return the text of each element of an item by its name, `excerpt:encoded` as excerpt."""
    fields: dict[str, str] = {}
    for child in item:
        name = local_name(child)
        if name == "encoded" and "excerpt" in child.tag:
            name = "excerpt"
        if name and name not in _NESTED and name not in fields:
            fields[name] = text_of(child)
    return fields


def _left_out(fields: Mapping[str, str]) -> str | None:
    """Return why a post is left out: its type, or its status; None if the site shows it."""
    kind = fields.get("post_type") or "post"
    if kind.startswith("wp_") or kind in _lists()["types"]:
        return _NO_POST
    status = fields.get("status") or "publish"
    if status != "publish":
        return status
    return "with a password" if fields.get("post_password") else None


def _date(fields: Mapping[str, str]) -> str | None:
    """Return the day on which a post appeared, where the site is."""
    dates = (fields.get(name, "") for name in ("post_date", "pubDate", "post_date_gmt"))
    return next((date[:MAX_FIELD] for date in dates if date and not is_null_date(date)), None)


def _has_words(html: str) -> bool:
    return _WORD.search(without_tags(html)) is not None


def shown_html(content: str) -> str:
    r"""Return the content of a post as the site shows it: shortcodes resolved, and line breaks.

    Of shortcodes captions are kept, and the text inside of others. Without the comments of the
    block editor around it, a line break is one, and a blank line begins a paragraph.

    >>> shown_html('One [sic].\n\nTwo\n[gallery ids="1"]\n<ul>\n<li>Three')
    'One [sic].<br>Two<br><ul><li>Three'
    """
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    content = _EMBEDDED_BLOCK.sub('__wrapper">', content)
    if "[" in content:
        content = _EMBEDDED.sub("", content)
        *captions, rest = _CAPTION_END.split(content)
        content = "".join([*map(_captioned, captions), rest])
        closed = {name.casefold() for name in re.findall(r"\[/([a-zA-Z][\w-]{0,60})\]", content)}
        content = _SHORTCODE.sub(lambda code: _shortcode(code, closed), content)
    pieces: list[str] = []
    depth = last = 0
    while (start := content.find("<!--", last)) >= 0 and (end := content.find("-->", start)) >= 0:
        text = content[last:start]
        pieces.append(text if depth else _with_breaks(text))
        comment, last = content[start + 4 : end].strip(), end + 3
        if comment.startswith("/wp:"):
            depth = max(0, depth - 1)
        elif comment.startswith("wp:"):
            depth += not comment.endswith("/")
    text = content[last:]
    return "".join([*pieces, text if depth else _with_breaks(text)])


def _captioned(text: str) -> str:
    """Return text that ends where a caption does, with an element for the caption."""
    *_, opened = [None, *_CAPTION.finditer(text)]
    if opened is None:
        return text
    field = _CAPTION_FIELD.search(opened[1])
    caption = field[2] if field else text[opened.end() :]
    return f"{text[: opened.start()]}<figcaption>{caption}</figcaption>"


def _shortcode(code: re.Match[str], closed: set[str]) -> str:
    """Return what remains of a shortcode: nothing; or it all, if it is a word in brackets."""
    name, rest = code["name"].casefold(), code["rest"]
    if code["open"] and code["close"]:
        return code[0][1:-1]  # written twice, brackets are shown
    is_code = code["end"] or name in closed or "=" in rest or name in _lists()["shortcodes"]
    return f"{code['open']}{code['close']}" if is_code else code[0]


def _with_breaks(text: str) -> str:
    """Return text with an element for each line break that is not next to the tag of a block."""
    if "\n" not in text:
        return text
    blocks = _lists()["blocks"]
    pieces: list[str] = []
    last, after_block = 0, False
    for tag in _TAG.finditer(text):
        is_block = tag[2].lower() in blocks
        pieces.append(_breaks(text[last : tag.start()], after=after_block, before=is_block))
        pieces.append(tag[0])
        last, after_block = tag.end(), is_block
    pieces.append(_breaks(text[last:], after=after_block, before=False))
    return "".join(pieces)


def _breaks(text: str, *, after: bool, before: bool) -> str:
    text = text.lstrip() if after else text
    return _LINE_END.sub("<br>", text.rstrip() if before else text)
