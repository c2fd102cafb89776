"""Files of many formats, made and read: what tests of readers have in common."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from syriasearch.ingest.readers import Document, PassedOver, Problem, SourceFile
from syriasearch.ingest.readers.detect import read_items

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

BROKEN = Path(__file__).parent / "corpora" / "broken"

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>Convoy reaches Dara | Sample Wire</title>
<meta property="og:site_name" content="Sample Wire"><meta name="author" content="Nadia Karim">
<meta property="article:published_time" content="2018-06-02T09:00:00Z">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Convoy reaches Dara"}
</script><script>var tracker = "do not read me";</script><style>p {color: red}</style></head>
<body><div class="cookie-banner">We use cookies to make this site better. Accept all</div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World news</a></li></ul></nav>
<article><h1>Convoy reaches Dara</h1>
<p>A convoy with flour and medicine reached the town on Saturday, after three days on the road.</p>
<h2>Waiting at the gate</h2>
<p>Drivers said that they had waited at the last checkpoint &amp; slept in their cabins.</p>
<p>Two more convoys will follow next week if the road stays open, an official told the town.</p>
</article><footer>Copyright 2018 Sample Wire. All rights reserved.</footer></body></html>"""

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Sample Wire</title>
<language>en</language><link>https://example.org/</link>
<item><title>Road &amp;amp; rail reopen</title><link>https://example.org/1</link>
<guid>tag:1</guid><pubDate>Sat, 02 Jun 2018 09:00:00 GMT</pubDate><author>Omar Tahan</author>
<description>&lt;p&gt;The road is open.&lt;/p&gt;&lt;p&gt;So is the rail.&lt;/p&gt;
</description></item>
<item><title>Nothing more</title><guid>tag:2</guid></item>
</channel></rss>"""


def read(path: Path, **options: object) -> list[Document | Problem | PassedOver]:
    items: list[Document | Problem | PassedOver] = []
    columns = tuple(options.pop("columns", {}).items())  # type: ignore[attr-defined]
    for item in read_items(SourceFile(path, path.name, columns=columns), **options):  # type: ignore[arg-type]
        items += item.complete() if isinstance(item, Document) else [item]
    return items


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def made(tmp_path: Path):
    """Make a file and read it: `made("a.csv", "title,text…")`."""

    def make(name: str, content: str | bytes, **options: object):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, **options)

    return make


def documents(items: list[object]) -> list[Document]:
    return [item for item in items if isinstance(item, Document)]


def messages(items: list[object]) -> list[str]:
    return [item.message for item in items if isinstance(item, Problem)]
