"""Datasette as a test asks it: either version, with what it is to allow."""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

VOID = {"input", "link", "meta", "br", "img"}


def make_datasette(*paths: Path, allow: dict[str, Any] | None = None, **settings: Any) -> Any:
    """Return a Datasette of some databases; `allow` is what metadata or configuration says."""
    app = pytest.importorskip("datasette.app", reason="Datasette is not installed")
    about = {"databases": allow or {}}
    told = {"config": about} if hasattr(app.Datasette, "allowed") else {"metadata": about}
    return app.Datasette([str(path) for path in paths], settings=settings, **told)


class Site:
    """A Datasette, asked without a server, in one event loop."""

    def __init__(self, datasette: Any) -> None:
        self.datasette = datasette
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(datasette.invoke_startup())

    def get(self, path: str, actor: str | None = None, **options: Any) -> Any:
        """Return the answer to a request."""
        return self.loop.run_until_complete(self.answer(path, actor, **options))

    async def answer(self, path: str, actor: str | None = None, **options: Any) -> Any:
        if actor:
            signed = self.datasette.sign({"a": {"id": actor}}, "actor")
            options["cookies"] = {"ds_actor": signed}
        return await self.datasette.client.get(path, **options)

    def page(self, path: str, status: int = 200) -> Page:
        """Return a page, read."""
        response = self.get(path)
        assert response.status_code == status, response.text
        return Page(response.text)

    def close(self) -> None:
        self.loop.close()


class Page(HTMLParser):
    """A page's elements, with their attributes and the text in each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[list[str]] = []
        self._open: list[tuple[str, int]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append([])
        if tag not in VOID:
            self._open.append((tag, len(self.elements) - 1))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, at in self._open:
            self.texts[at].append(data)

    def find(self, tag: str, **wanted: str) -> list[tuple[dict[str, str], str]]:
        """Return attributes and text of the elements of a kind; `class_` is one of its classes."""
        kind = wanted.pop("class_", None)
        return [
            (attributes, " ".join("".join(text).split()))
            for (name, attributes), text in zip(self.elements, self.texts, strict=True)
            if name == tag
            and (kind is None or kind in attributes.get("class", "").split())
            and all(attributes.get(key) == value for key, value in wanted.items())
        ]

    def texts_of(self, tag: str, **wanted: str) -> list[str]:
        return [text for _, text in self.find(tag, **wanted)]

    @property
    def text(self) -> str:
        return " ".join(self.texts_of("main"))

    def link(self, text: str) -> str:
        """Return where the only link with a text leads."""
        (href,) = {each["href"] for each, told in self.find("a") if told == text}
        return href
