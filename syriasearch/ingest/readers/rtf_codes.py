"""How RTF is known, and its control words (RTF 1.9.1) that matter for a text."""

from __future__ import annotations

CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "~": "\xa0",
    "_": "-",
    "{": "{",
    "}": "}",
    "\\": "\\",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "rtlmark": "\u200f",
    "ltrmark": "\u200e",
}
SKIPPED = frozenset(
    "colortbl pict nonshppict objdata objclass objname objalias header headerl headerr headerf"
    " footer footerl footerr footerf fldinst listtext pntext sp annotation atnid atnauthor"
    " ftnsep ftnsepc aftnsep aftnsepc ftncn aftncn private xe tc bkmkstart bkmkend template"
    " rxe txe filetbl revtbl listtable listoverridetable rsidtbl generator xmlnstbl themedata"
    " colorschememapping latentstyles datastore datafield".split()
)
"""Destinations whose content is no text; so are all that are marked with a star, but SHOWN."""
SHOWN = frozenset(("shpinst", "shptxt"))
CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""The code page of a font by its character set."""


def claims(head: bytes) -> bool:
    """Return whether a file begins like RTF."""
    return head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{\\rtf")
