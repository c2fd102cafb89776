"""A reader of dispatches: `%% number | date | source`, a title, and paragraphs."""

import re

from syriasearch import Document

DISPATCH = re.compile(r"^%% (.+) \| (.+) \| (.+)\n(.+)\n((?:(?!%% ).*\n?)*)", re.MULTILINE)


class DispatchReader:
    name, suffixes = "dispatches", (".dispatches",)

    def claims(self, head):
        return head.startswith(b"%% ")

    def read(self, file):
        with file.open() as stream:
            text = stream.read().decode("utf-8", "replace")
        for number, date, source, title, body in DISPATCH.findall(text):
            yield Document(body, title=title, date=date, source=source, anchor=number)
