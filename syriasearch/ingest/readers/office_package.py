"""Packages of office documents and books: zip files with XML in them.

No part is unpacked to disk or read whole: XML is parsed piece by piece by expat, which builds no
tree. Entities that a file declares, DTDs, links to other files, macros and embedded objects are
never followed. The size of what is unpacked is limited for all parts together, that of a tag, the
depth and the number of names for each one.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Generator, Iterator, Mapping
from typing import BinaryIO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from ...text.patterns import regex
from .base import Problem, UnreadableError
from .compression import BROKEN_ZIP, Budget, Stream
from .spool import seekable

MAX_TAG_BYTES = 2**22
"""The maximum size of a tag, which the parser holds in memory."""
MAX_PART_BYTES = 2**25
"""The maximum size of a part whose contents are held in memory, such as styles and links."""
MAX_DEPTH = 1000
MAX_NAMES = 50_000
"""The maximum number of names of elements and attributes, which the parser remembers."""
_CHUNK = 2**16
_MANIFEST = 2**20
_ODF = "application/vnd.oasis.opendocument."
_MAIN_TYPE = regex(
    r"application/vnd\.(ms-excel\.sheet\.binary|(?:openxmlformats-officedocument\.|ms-)\w+)"
    r"[\w.-]{0,60}\.main\b"
)
"""The type of the main part of an Office package."""
_TYPES = {
    "openxmlformats-officedocument.wordprocessingml": "docx",
    "ms-word": "docx",
    "openxmlformats-officedocument.spreadsheetml": "xlsx",
    "ms-excel": "xlsx",
    "ms-excel.sheet.binary": "office",
    "openxmlformats-officedocument.presentationml": "office",
    "ms-powerpoint": "office",
}
_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "office"}
"""The kind of a package by the usual folder of its parts."""


def package_kind(stream: BinaryIO) -> str | None:
    """Return the format of a package, None for any other zip file; in whatever order its parts are.

    The stream is left at its beginning.
    """
    try:
        stream.seek(0)
        with ZipFile(stream) as package:
            return _kind_of(package)
    except (*BROKEN_ZIP, MemoryError):
        return None
    finally:
        stream.seek(0)


def _kind_of(package: ZipFile) -> str | None:
    parts = _parts(package)

    def beginning(name: str) -> str:
        with package.open(parts[name]) as part:
            return part.read(_CHUNK).decode("latin-1").strip()

    if "mimetype" in parts:
        kind = beginning("mimetype")
        if kind == "application/epub+zip":
            return "epub"
        if kind.startswith(_ODF):
            return _kind_of_odf(kind)
    if "meta-inf/container.xml" in parts:
        return "epub"
    if "[content_types].xml" in parts:
        main = _MAIN_TYPE.search(beginning("[content_types].xml"))
        name = main[1] if main else ""
        folders = (kind for part in parts for at, kind in _FOLDERS.items() if part.startswith(at))
        return _TYPES.get(name) or next(folders, None)
    if "content.xml" in parts and "meta-inf/manifest.xml" in parts:
        return _kind_of_odf(_ODF + beginning("meta-inf/manifest.xml").partition(_ODF)[2])
    return "office" if any(part.endswith(".iwa") for part in parts) else None


def _parts(package: ZipFile) -> dict[str, ZipInfo]:
    """Return the members of a package by their names, in which case and slashes vary."""
    return {_key(name): info for name, info in package.NameToInfo.items()}


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _kind_of_odf(kind: str) -> str:
    kinds = {"text": "odt", "spreadsheet": "ods"}
    return next((named for at, named in kinds.items() if kind.startswith(_ODF + at)), "office")


class Elements:
    """A handler of the elements of a part: it passes over everything, for others to derive from."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element; names are without their namespaces."""

    def end(self, name: str) -> None:
        """End an element."""

    def data(self, text: str) -> None:
        """Take a piece of text."""


class Package:
    """A package that is open for reading."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        stream = seekable(stream)
        size = stream.seek(0, os.SEEK_END)
        if not size:
            raise UnreadableError("is empty: leave it out, or fill it")
        try:
            self._zip = ZipFile(stream)
        except (*BROKEN_ZIP, MemoryError) as error:
            raise UnreadableError(
                f"is a damaged {name} file ({error}): get it again, or save its text"
            ) from error
        self._parts = _parts(self._zip)
        self._budget = Budget(size)
        self.problems: list[Problem] = []
        """The damaged parts, each once."""

    def has(self, part: str) -> bool:
        """Return whether it has a part."""
        return _key(part) in self._parts

    def feed(self, part: str, handler: Elements) -> Iterator[None]:
        """Parse a part, and yield after each piece of it; nothing if there is no such part.

        A part that is damaged ends where it is, which becomes a problem.
        """
        info = self._parts.get(_key(part))
        if info is None:
            return
        failure = yield from self._parse(info, handler)
        if failure:
            self.problems.append(Problem(f"its part {part} {failure}: what precedes was read"))

    def parse(self, part: str, handler: Elements) -> None:
        """Parse a part that is held in memory; of a longer one what precedes the limit."""
        for pieces, _ in enumerate(self.feed(part, handler), start=1):
            if pieces * _CHUNK > MAX_PART_BYTES:
                limit = MAX_PART_BYTES // 2**20
                message = f"its part {part} has over {limit} MiB: what precedes was read"
                self.problems.append(Problem(message, lost=False))
                return

    def read(self, part: str, limit: int) -> bytes:
        """Return a part; empty if there is none, or if it has more than `limit` bytes."""
        info = self._parts.get(_key(part))
        if info is None or info.flag_bits & 1:
            return b""
        with self._open(info) as stream:
            data = stream.buffered().read(limit + 1)
            if stream.failure:
                self.problems.append(Problem(f"its part {part} {stream.failure}"))
        if len(data) > limit:
            message = f"its part {part} has over {limit // 2**20} MiB, and was left out"
            self.problems.append(Problem(message))
            return b""
        return data

    def _open(self, info: ZipInfo) -> Stream:
        try:
            return Stream(self._zip.open(info), self._budget)
        except BROKEN_ZIP as error:
            raise UnreadableError(
                f"is damaged ({error}): get it again, or save its text"
            ) from error

    def _parse(self, info: ZipInfo, handler: Elements) -> Generator[None, None, str | None]:
        if info.flag_bits & 1:
            raise UnreadableError("is encrypted: save it without a password")
        names: dict[str, str] = {}
        parser = None
        fed = 0
        with self._open(info) as stream:
            while True:
                data = stream.read_next(_CHUNK)
                fed += len(data)
                parser = parser or _parser(handler, names, data)
                try:
                    parser.Parse(data, not data and not stream.failure)
                except expat.ExpatError as error:
                    return f"is not valid XML ({error})"
                yield
                if not data:
                    return stream.failure
                if fed - parser.CurrentByteIndex > MAX_TAG_BYTES or len(names) > MAX_NAMES:
                    return f"has a tag of over {MAX_TAG_BYTES // 2**20} MiB, or far too many names"


def _parser(handler: Elements, names: dict[str, str], head: bytes) -> expat.XMLParserType:
    """Return a parser for a handler, which gets names without their namespaces.

    Packages have no other encodings than UTF-8 and UTF-16.
    """
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<") else "utf-8"
    parser = expat.ParserCreate(encoding, intern=names)
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0
    bare: dict[str, str] = {}

    def local(name: str) -> str:
        if name not in bare:
            bare[name] = name.rpartition(":")[2]
        return bare[name]

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise UnreadableError(f"has over {MAX_DEPTH:,} elements in each other: leave it out")
        handler.start(local(name), {local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(local(name))

    def declare(*_: object) -> None:
        raise UnreadableError("declares entities, which no office program does: leave it out")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.data
    parser.EntityDeclHandler = declare
    return parser


class _Relations(Elements):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.links: dict[str, str] = {}
        """The targets outside of the package."""
        self.main = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        target = attributes.get("Target", "")
        if name == "Relationship" and attributes.get("TargetMode") == "External":
            self.links[attributes.get("Id", "")] = target
        elif name == "Relationship":
            self.targets[attributes.get("Id", "")] = target
            if attributes.get("Type", "").endswith("/officeDocument"):
                self.main = target


def main_part(package: Package, usual: str) -> str:
    """Return the name of the main part of an Office package, if it is in it, else the usual one."""
    relations = _Relations()
    package.parse("_rels/.rels", relations)
    name = posixpath.normpath(relations.main.lstrip("/"))
    return name if package.has(name) else usual


def check_odf(package: Package) -> None:
    """Raise UnreadableError for an OpenDocument file that is encrypted, or has no content."""
    if b"encryption-data" in package.read("META-INF/manifest.xml", _MANIFEST):
        raise UnreadableError("is an encrypted document: save it without a password")
    if not package.has("content.xml"):
        raise UnreadableError("is a damaged OpenDocument file, without content: save it again")


def related_parts(package: Package, part: str) -> dict[str, str]:
    """Return the names of the parts to which a part refers, by the ids it has for them."""
    return {
        key: posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
        for key, target in _relations(package, part).targets.items()
    }


def links(package: Package, part: str) -> dict[str, str]:
    """Return the addresses to which a part refers, by the ids it has for them."""
    return _relations(package, part).links


def _relations(package: Package, part: str) -> _Relations:
    folder, name = posixpath.split(part)
    relations = _Relations()
    package.parse(f"{folder}/_rels/{name}.rels", relations)
    return relations
