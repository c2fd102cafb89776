"""Odd inputs: one thing again and again, and the files of each format to put it into."""

from __future__ import annotations

import base64
import json
import plistlib
import sys
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from office import docx, docx_parts, epub, ods, odt, package, row, xlsx

KINDS: dict[str, str] = {
    **{f"letter {letter!r}": letter for letter in ("a", "A", "1", "ا", "é", "中", "😀", "_")},
    **{f"sign {sign!r}": sign for sign in "<>[](){}\"'“‘’/\\|.,:;!?-–&#%*=+~^$@`"},
    **{f"space {space!r}": space for space in ("\n", "\r", "\r\n", " ", "\t", "\u00a0", "\v")},
    **{f"mark {mark!r}": mark for mark in ("\u0301", "\u0316\u0301", "\u064e", "ـ", "\u200d")},
    **{f"space after {word!r}": f"{word} " for word in ("a", "A", "Al", "al-", "الله", "1", ".")},
    "capital words": "Aaa Bbb ",
    "a name": "Bashar al-Assad ",
    "a name alone": "Assad ",
    "an Arabic name": "بشار الأسد ",
    "an Arabic name alone": "الأسد ",
    "an Arabic place": "في مدينة حلب ",
    "names with and": "Assad and Putin and ",
    "titles": "Mr. ",
    "initials": "A. B. ",
    "short sentences": "Aa. ",
    "short Arabic sentences": "قال. ",
    "lines of a letter": "a\n",
    "paragraphs of a letter": "a\n\n",
    "bylines": "By Mara Lind\n",
    "By": "By ",
    "dates": "4 March 2018 ",
    "lines of dates": "4 March 2018\n",
    "lines of labels": "Title: a\n",
    "documents": "Document 1 of 2\n\nTitle\n\n",
    "hyphens between letters": "a-",
    "dots between letters": "a.",
    "glued sentences": "aaa.Bbb",
    "slashes between letters": "a/",
    "apostrophes between letters": "a'",
    "addresses": "http://a.b/ ",
    "a long address": "http://a.b/a",
    "mail addresses": "a@b.c ",
    "equals and digits": "=C3=A9",
    "garbled": "â€™",
    "garbled Arabic": "Ø§Ù„",
    "references": "&amp;",
    "unfinished references": "&#",
    "comments": "<!-- a -->",
    "unfinished comments": "<!--",
    "declarations": "<!DOCTYPE a>",
    "sections": "<![CDATA[a]]>",
    "unfinished sections": "<![CDATA[",
    "instructions": "<?a?>",
    "unfinished instructions": "<?",
    "paragraph tags": "<p>a",
    "nested tags": "<div>",
    "nested bold": "<b>",
    "nested spans": "<span>a",
    "nested quotations": "<blockquote>a",
    "nested lists": "<ul><li>a",
    "nested tables": "<table><tr><td>",
    "forms": "<form><input>",
    "buttons": "<button>a</button>",
    "unfinished buttons": "<button>",
    "hidden": "<div hidden>a</div>",
    "unfinished hidden": "<div hidden>",
    "scripts": "<script>a</script>",
    "unfinished scripts": "<script>",
    "styles": "<style>a</style>",
    "ends": "</p>",
    "breaks": "<br>",
    "attributes": "<a b",
    "links": '<a href="http://a.b">a</a>',
    "images": "<img src=a>",
    "meta": '<meta property="og:title" content="a">',
    "json-ld": '<script type="application/ld+json">{"@type":"NewsArticle"}</script>',
    "times": '<time datetime="2018-03-04">a</time>',
    "articles": "<article>a</article>",
    "quoted attributes": '<a b="',
    "objects": '{"a":',
    "lists": "[",
    "pairs": '"a",',
    "bars": "a|b|",
    "commas": "a,b,",
    "quotes in quotes": '""',
    "underlines": "---\n",
    "headings": "# a\n",
    "list items": "- a\n",
    "nested list items": "> ",
    "emphasis": "*a",
    "Markdown links": "[a](",
    "backslashes": "\\a",
    "times of messages": "12:00 a\n",
    "subtitles": "00:00:01.000 --> 00:00:02.000\na\n\n",
    "senders": "From a@b.c\n",
    "headers": "Subject: a\n",
    "groups of rtf": "{\\rtf1 ",
    "controls of rtf": "\\par ",
    "ris": "TY  - NEWS\nAB  - a\nER  - \n",
}


Frame = Callable[[str], bytes]
"""Puts a text into a file of a format."""


def raw(template: str) -> Frame:
    """Return a frame that has a text as it is at each `@`."""
    return lambda text: template.replace("@", text).encode("utf-8", "replace")


def in_json(template: str) -> Frame:
    """Return a frame that has a text as a string of JSON at each `@`."""
    return lambda text: template.replace("@", json.dumps(text)).encode()


def in_xml(template: str) -> Frame:
    """Return a frame that has a text escaped at each `@`."""
    return lambda text: template.replace("@", escape(text)).encode("utf-8", "replace")


def _clean(text: str) -> str:
    """Return a text without what no XML can have."""
    return text.replace("\v", " ")


def write_pdf(stream: str, info: str = "/Title (A title)") -> bytes:
    """Return a PDF of one page with a content stream, and entries of its information."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {info} >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 7\n0000000000 65535 f \n{table}"
    out += f"trailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF"
    return out.encode("latin-1", "replace")


def _in_brackets(text: str) -> str:
    return text.replace("\\", "/").replace("(", "[").replace(")", "]").replace("\n", " ")


def _webarchive(text: str) -> bytes:
    page = f"<html><head><title>A title</title></head><body><p>{text}</p></body></html>"
    resource = {
        "WebResourceURL": f"https://example.org/{text[:1000]}",
        "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-8",
        "WebResourceData": page.encode("utf-8", "replace"),
    }
    return plistlib.dumps({"WebMainResource": resource, "WebSubresources": []})


def _mhtml(text: str) -> bytes:
    page = f"<html><head><title>A</title></head><body>{text}</body></html>".encode(
        "utf-8", "replace"
    )
    return (
        b"From: <Saved by Blink>\nSnapshot-Content-Location: https://example.org/a\n"
        b'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n'
        b"--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n"
        b"Content-Location: https://example.org/a\n\n" + base64.encodebytes(page) + b"\n--b--\n"
    )


_PAGE = "<html><head><title>A</title></head><body>@</body></html>"
_HTTP = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def _warc(text: str) -> bytes:
    body = (_HTTP + _PAGE.replace("@", text)).encode("utf-8", "replace")
    return (
        (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.b/\r\n"
            "WARC-Date: 2018-03-04T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
            f"Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        + body
        + b"\r\n\r\n"
    )


def _rtf_unicode(text: str) -> bytes:
    data = text.encode("utf-16-le", "surrogatepass")
    codes = (int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))
    return ("{\\rtf1 " + "".join(f"\\u{code}?" for code in codes) + "}").encode()


def _rtf_bytes(text: str) -> bytes:
    data = text.encode("cp1256", "replace")
    return ("{\\rtf1\\ansicpg1256 " + "".join(f"\\'{each:02x}" for each in data) + "}").encode()


FRAMES: dict[str, tuple[Frame, ...]] = {
    "html": (
        raw("<html><head><title>A title</title></head><body><p>@</p></body></html>"),
        raw("<html><head>@</head><body><p>A text that is long enough.</p></body></html>"),
        raw("@<html><body><p>A text.</p></body></html>"),
        raw(
            '<html><head><title>@</title><meta name="author" content="@">'
            '<meta name="date" content="@">'
            "</head><body><h1>@</h1><p>A text.</p></body></html>"
        ),
    ),
    "feed": (
        raw(
            "<rss><channel><title>A</title><item><title>B</title><description>@</description></item></channel></rss>"
        ),
        raw(
            "<rss><channel><title>@</title><item><title>@</title><pubDate>@</pubDate><author>@</author><description>a</description></item></channel></rss>"
        ),
        raw("<rss>@<channel><item><description>a</description></item></channel></rss>"),
        in_xml(
            "<rss><channel><title>A</title><item><title>@</title><pubDate>@</pubDate><author>@</author><description>@</description></item></channel></rss>"
        ),
        lambda text: (
            "<rss><channel>"
            + "".join(
                f"<item><description>{escape(each)}</description></item>"
                for each in text.split(" ")
            )
            + "</channel></rss>"
        ).encode("utf-8", "replace"),
        raw(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry>"
            "<title>A</title><content type='html'>@</content></entry></feed>"
        ),
    ),
    "text": (
        raw("@"),
        raw("---\ntitle: @\n---\nA text\n"),
        raw("---\n@\n---\nA text\n"),
        raw("A title\n@"),
    ),
    "markdown": (
        raw("@"),
        raw("---\n@\n---\n\nA text\n"),
    ),
    "json": (
        raw('{"title": "A", "text": "@"}'),
        raw('{"title": "@", "author": "@", "date": "@"}'),
        raw("@"),
        in_json('{"title": "A", "text": @}'),
        in_json('{"title": @, "author": @, "date": @, "source": @, "url": @, "text": "a"}'),
        in_json('[{"title": "A", "text": @}, {"title": @, "text": "a"}]'),
        lambda text: json.dumps(
            [{"title": each, "text": each} for each in text.split(" ")]
        ).encode(),
        lambda text: json.dumps(
            dict.fromkeys(text.split(" "), "a") | {f"k{at}": "a" for at in range(len(text) // 20)}
        ).encode(),
    ),
    "jsonl": (
        raw('{"title": "A", "text": "@"}\n'),
        raw("@"),
        in_json('{"title": "A", "text": @}\n'),
        lambda text: "".join(
            json.dumps({"title": each, "text": each}) + "\n" for each in text.split(" ")
        ).encode(),
    ),
    "csv": (
        raw("title,text\nA,@\n"),
        raw("@"),
        raw('"@",text\nA,B\n'),
        lambda text: ("title,text\n" + "".join(f"A,{each}\n" for each in text.split(" "))).encode(
            "utf-8", "replace"
        ),
    ),
    "mail": (
        raw("From: a@b.c\nSubject: A\nDate: Mon, 5 Mar 2018 10:00:00 +0000\n\n@"),
        raw("From: @\nSubject: @\nDate: @\nTo: @\n\nA text\n"),
        raw("From a@b.c Mon Mar  5 10:00:00 2018\nSubject: A\n\n@"),
        raw("From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n<html><body>@</body></html>"),
        raw('From: a@b.c\nContent-Type: multipart/mixed; boundary="@"\n\n@'),
        _mhtml,
        raw("From: a@b.c\nSubject: =?utf-8?q?@?=\nDate: Mon, 5 Mar 2018 10:00:00 +0000\n\nA text"),
        raw(
            "From: a@b.c\nContent-Transfer-Encoding: quoted-printable\n"
            "Content-Type: text/plain; charset=utf-8\n\n@"
        ),
        raw("From: a@b.c\nContent-Type: text/plain; @\n\nA text"),
        raw("@\n\nA text"),
    ),
    "subtitles": (
        raw("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n@\n"),
        raw("WEBVTT\n@"),
    ),
    "rtf": (
        raw("{\\rtf1 @}"),
        raw("{\\rtf1 @"),
        _rtf_unicode,
        _rtf_bytes,
        raw("{\\rtf1 {\\fonttbl @}}"),
        raw("{\\rtf1 {\\stylesheet @}{\\info {\\title @}} a}"),
    ),
    "ris": (raw("TY  - NEWS\nTI  - A\nAB  - @\nER  - \n"),),
    "nexis": (
        raw("Document 1 of 2\n\n@\n\nEnd of Document\n"),
        raw("@"),
    ),
    "factiva": (
        raw("HD A\nWC 10 words\nPD 4 March 2018\nSN Reuters\nLP @\nTD @\n"),
        raw("@"),
    ),
    "proquest": (
        raw(
            "____________________________________________________________\n\n"
            "Document 1 of 1\n\nTitle: A\n\nFull text: @\n\n"
        ),
        raw("@"),
    ),
    "europresse": (
        raw("@"),
        raw("<html><body><article>@</article></body></html>"),
    ),
    "telegram": (
        raw('{"name": "A", "messages": [{"id": 1, "type": "message", "text": "@"}]}'),
        in_json('{"name": "A", "messages": [{"id": 1, "type": "message", "text": @}]}'),
    ),
    "tweets": (
        raw('window.YTD.tweets.part0 = [{"tweet": {"full_text": "@"}}]'),
        in_json('window.YTD.tweets.part0 = [{"tweet": {"full_text": @, "id_str": "1"}}]'),
    ),
    "zotero": (raw('<rdf:RDF xmlns:rdf="a" xmlns:z="http://www.zotero.org/namespaces/export#">@'),),
    "wordpress": (
        raw(
            '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>A</title><content:encoded>@</content:encoded></item></channel></rss>'
        ),
        raw('<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>@'),
    ),
    "blogger": (
        raw(
            '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title>'
            '<content type="html">@</content></entry></feed>'
        ),
    ),
    "listing": (raw("@"),),
    "pages": (raw('{"format": "json-pages-1.0"}\n{"url": "http://a.b", "text": "@"}\n'),),
    "unread": (raw("@"),),
    "warc": (
        raw(
            "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.b/\r\n"
            "Content-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n@"
        ),
        raw("WARC/1.0\r\n@"),
        _warc,
    ),
    "bibtex": (raw("@article{a, title={A}, abstract={@}}"), raw("@article{a, @"), raw("@")),
    "docx": (
        lambda text: docx(f"<w:p><w:r><w:t>{escape(_clean(text))}</w:t></w:r></w:p>"),
        lambda text: docx(
            "".join(
                f"<w:p><w:r><w:t>{escape(each)}</w:t></w:r></w:p>"
                for each in _clean(text).split(" ")
            )
        ),
        lambda text: docx(_clean(text)),
        lambda text: docx(*("<w:tbl><w:tr><w:tc>" * (len(text) // 60))),
        lambda text: package(docx_parts() | {"docProps/core.xml": _clean(text)}),
    ),
    "odt": (
        lambda text: odt(f"<text:p>{escape(_clean(text))}</text:p>"),
        lambda text: odt(
            "".join(f"<text:p>{escape(each)}</text:p>" for each in _clean(text).split(" "))
        ),
        lambda text: odt(_clean(text)),
        lambda text: odt("<text:list><text:list-item>" * (len(text) // 60)),
    ),
    "epub": (
        lambda text: epub(
            {"a.xhtml": f"<body><h1>A</h1>{_clean(text)}</body>"}, toc={"a.xhtml": "A"}
        ),
        lambda text: epub(
            {"a.xhtml": "<body><p>A text.</p></body>"}, toc={"a.xhtml": _clean(text)}
        ),
        lambda text: epub({f"{each}.xhtml": "<p>A</p>" for each in range(len(text) // 500)}),
        lambda text: epub(
            {"a.xhtml": "<p>A</p>"},
            toc={f"a.xhtml#{each}": "A" for each in range(len(text) // 100)},
        ),
    ),
    "xlsx": (
        lambda text: xlsx(News=row(1, "title", "text") + row(2, "A", _clean(text))),
        lambda text: xlsx(News=row(1, "title", "text") + _clean(text)),
        lambda text: xlsx(
            News=row(1, "title", "text")
            + "".join(row(at, "A", each) for at, each in enumerate(_clean(text).split(" "), 2))
        ),
        lambda text: xlsx(News=row(1, *_clean(text).split(" ")) + row(2, "A")),
    ),
    "ods": (
        lambda text: ods(
            News=[
                "<table:table-cell><text:p>title</text:p></table:table-cell>",
                f"<table:table-cell><text:p>{escape(_clean(text))}</text:p></table:table-cell>",
            ]
        ),
        lambda text: ods(News=[_clean(text)]),
    ),
    "pdf": (
        lambda text: write_pdf(f"BT /F1 12 Tf 14 TL 50 700 Td ({_in_brackets(text)}) Tj ET"),
        lambda text: write_pdf(
            "BT /F1 12 Tf 14 TL 50 700 Td "
            + " ".join(f"({each}) Tj T*" for each in _in_brackets(text).split(" "))
            + " ET"
        ),
        lambda text: write_pdf(text),
        lambda text: write_pdf(
            "BT /F1 12 Tf 50 700 Td (A text.) Tj ET", f"/Title ({_in_brackets(text)})"
        ),
    ),
    "webarchive": (_webarchive, raw("@")),
}
"""The files of each format, by the name of its reader."""
