"""The page on which a reader says that an entity is not the one an article names.

It is shown instead of the article, at `?who=ENTITY`, with every mention of the entity and why it is
taken for it. An actor who may write gets a form; anybody else, the commands to copy.
"""

from __future__ import annotations

import re
import shlex
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from datasette import Response

from .. import (
    Archive,
    ArticleText,
    Correction,
    EntityNotFoundError,
    Mention,
    OptionError,
    Paragraph,
    Snippet,
)
from .archives import ask, change
from .escaping import shown
from .permissions import may_correct
from .render import render
from .search_form import SearchForm
from .urls import Addresses

MAX_MENTIONS = 60
_AROUND = 90
"""The number of characters shown before and after a mention."""
_MENTION = re.compile(r"(\d{1,7}) (.+)", re.DOTALL)


class Place(NamedTuple):
    """A mention of the entity, as the page shows it."""

    mention: Mention
    position: int
    snippet: Snippet
    occurrence: int
    command: str


async def show(
    datasette: Any, request: Any, database: Any, text: ArticleText, who: str
) -> Response:
    """Show the mentions of an entity in an article, or carry out what the form says."""
    if request.method == "POST":
        return await _correct(datasette, request, database, text, who)
    places = _places(text, who)
    history = await ask(database, lambda archive: archive.corrections.history())
    made = [each for each in history if not each.undone_at and _concerns(each, text, who)]
    if not places and not made:
        message = f"This article does not name {shown(who)[:200]}."
        return await _problem(datasette, request, database, message, 404)
    article = text.article
    name = places[0].mention.entity.name if places else await _name(database, who)
    spellings = list(dict.fromkeys(each.mention.surface for each in places))
    context = {
        "search": SearchForm(),
        "article": article,
        "name": name,
        "who": who,
        "here": places[:MAX_MENTIONS],
        "count": len(places),
        "spellings": spellings[:10],
        "made": made,
        "may_correct": await may_correct(datasette, request.actor, database),
        "may_undo": await may_correct(datasette, request.actor, database, undo=True),
        "everywhere": _command(who, "--article", article.slug),
        "of_source": [
            _command(who, each, "--source", article.source or "") for each in spellings[:10]
        ],
    }
    response = await render(datasette, request, database.name, "who.html", context)
    # Browsers tell the origin of a form only on pages that let them.
    response.headers = {**response.headers, "referrer-policy": "same-origin"}
    return response


async def _name(database: Any, who: str) -> str:
    """Return the name of an entity that the article does not name any more, or its slug."""
    try:
        profile = await ask(database, lambda archive: archive.entity(who, limit=0, neighbours=0), 2)
    except EntityNotFoundError:
        return who
    return profile.entity.name


def _places(text: ArticleText, who: str) -> list[Place]:
    numbers = text.occurrences()
    return [
        Place(
            mention,
            paragraph.position,
            _snippet(paragraph, mention),
            number := numbers.get((paragraph.position, mention.start, mention.surface), 0),
            _command(
                *(who, mention.surface, "--article", text.article.slug),
                *("--occurrence", str(number)),
            ),
        )
        for paragraph in text.paragraphs
        for mention in paragraph.mentions
        if mention.entity.slug == who
    ]


def _snippet(paragraph: Paragraph, mention: Mention) -> Snippet:
    first, last = max(0, mention.start - _AROUND), mention.end + _AROUND
    # Words are not cut, if they are not very long.
    first = (paragraph.text.find(" ", first, mention.start) + 1 or first) if first else 0
    space = paragraph.text.rfind(" ", mention.end, last)
    last = space if space > 0 and last < len(paragraph.text) else last
    return Snippet(
        paragraph.text[first:last],
        ((mention.start - first, mention.end - first),),
        cut_before=first > 0,
        cut_after=last < len(paragraph.text),
        start=first,
    )


def _command(*arguments: str) -> str:
    return shown(shlex.join(["syriasearch", "entity", "not", *arguments]))


def _concerns(correction: Correction, text: ArticleText, who: str) -> bool:
    """Tell whether a correction says that an entity is not in an article, or in its source."""
    scope, article = correction.scope, text.article
    if scope is None or correction.entity != who:
        return False
    of_source = scope.source is not None and scope.source == article.source
    return of_source or article.slug in scope.articles


async def _correct(
    datasette: Any, request: Any, database: Any, text: ArticleText, who: str
) -> Response:
    """Carry out a correction, or undo one, and show the page again."""
    body = (await request.post_body()).decode("utf-8", "replace")
    form = dict(parse_qsl(body, keep_blank_values=True))
    undone = form.get("undo", "")
    if not await may_correct(datasette, request.actor, database, undo=bool(undone)):
        message = "You may not correct this archive here: the page has the commands that do it."
        return await _problem(datasette, request, database, message, 403)
    slug = text.article.slug
    owner = {"to": form.get("is", "").strip() or None, "type": form.get("type") or None}
    what, _, value = form.get("not", "").partition(":")
    found = _MENTION.fullmatch(value)

    def correct(archive: Archive) -> Correction:
        if undone:
            if not (undone.isascii() and undone.isdigit() and len(undone) < 10):
                raise OptionError(f"undo takes the number of a correction, not {undone!r}")
            return archive.corrections.undo(int(undone))
        if what == "article":
            return archive.corrections.is_not(who, article=slug, **owner)
        if what == "source":
            return archive.corrections.is_not(who, value, source=text.article.source, **owner)
        if what == "mention" and found:
            number, surface = int(found[1]), found[2]
            return archive.corrections.is_not(
                who, surface, article=slug, occurrence=number, **owner
            )
        raise OptionError("choose which names are not this one")

    try:
        await change(database, correct)
    except (OptionError, EntityNotFoundError) as error:
        # It may have been corrected otherwise since the page was shown.
        return await _problem(datasette, request, database, shown(str(error)), 409)
    to = Addresses(datasette, database.name).article(slug, who=who)
    return Response.redirect(to, status=303)


async def _problem(
    datasette: Any, request: Any, database: Any, message: str, status: int
) -> Response:
    context = {"search": SearchForm(), "message": message, "position": None, "searchable": True}
    return await render(datasette, request, database.name, "problem.html", context, status)
