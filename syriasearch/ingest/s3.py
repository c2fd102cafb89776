"""Sources in S3 buckets (`s3://bucket/folder`).

boto3, the extra `s3`, finds credentials and the service's address as other tools do: in
AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_ENDPOINT_URL_S3 and the files that `aws configure` writes.
Without credentials, requests are anonymous.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple, cast

from ..errors import SourceError
from ..errors.faults import import_extra

SCHEME = "s3://"
_WILD = "*?["


class BucketPath(PurePosixPath):
    """A path in a bucket: the bucket's name, and a key or a prefix of keys."""

    @property
    def address(self) -> str:
        """The path as an s3:// address."""
        return f"{SCHEME}{self}"


class Object(NamedTuple):
    """A bucket's metadata of an object."""

    bucket: str
    key: str
    size: int
    """The size in bytes."""
    modified: int
    """The time of the last change, in nanoseconds since 1970."""
    tag: str
    """The ETag, which changes with the content."""

    @property
    def is_plain(self) -> bool:
        """Whether its key is a valid path: without empty parts, `.` and `..`."""
        return not {"", ".", ".."}.intersection(self.key.split("/"))

    @property
    def path(self) -> BucketPath:
        """Its path."""
        return BucketPath(self.bucket, self.key)

    @property
    def opener(self) -> Callable[[], BinaryIO]:
        """A function that opens it for reading, once, in any process. It raises OSError."""
        return partial(_opened, self.bucket, self.key)


def find(source: str) -> list[BucketPath]:
    """Return the paths that a source names in a bucket: an object, a folder, or all matches.

    A source may be a pattern, in which `*` matches slashes too. Raises SourceError if nothing is
    found, or the request fails.
    """
    bucket, _, key = source.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise SourceError(f"{source!r} names no bucket: write s3://bucket/folder")
    if any(each in key for each in _WILD):
        steady = min(key.index(each) for each in _WILD if each in key)
        some = _listed(bucket, key[:steady])
        found = [
            each.path
            for each in some
            if each.is_plain and fnmatchcase(each.key, key) and not _hidden(each)
        ]
    else:
        path = BucketPath(bucket, key)
        found = [path] if next(objects(path), None) else []
    if not found:
        raise SourceError(f"there is no {source!r}: name an object or a folder of a bucket")
    return found


def _hidden(found: Object) -> bool:
    return any(part.startswith(".") for part in found.path.parts)


def objects(path: BucketPath) -> Iterator[Object]:
    """Yield the object with a path, or those of a folder, sorted by key.

    Raises SourceError if the request fails.
    """
    bucket, key = path.parts[0], "/".join(path.parts[1:])
    if key:
        first = next(_listed(bucket, key), None)
        if first and first.key == key:
            yield first
            return
    yield from _listed(bucket, f"{key}/" if key else "")


def exists(path: BucketPath) -> bool:
    """Return whether an object exists. Raises SourceError if the request fails."""
    found = next(objects(path), None)
    return found is not None and found.path == path


def _listed(bucket: str, beginning: str) -> Iterator[Object]:
    with _told_plainly(f"{SCHEME}{bucket}/{beginning}"):
        pages = _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=beginning)
        for page in pages:
            for each in page.get("Contents", ()):
                # A key that ends in a slash represents a folder, and has no content.
                if not each["Key"].endswith("/"):
                    modified = int(each["LastModified"].timestamp() * 1_000_000_000)
                    yield Object(bucket, each["Key"], each["Size"], modified, each["ETag"])


def _opened(bucket: str, key: str) -> BinaryIO:
    with _told_as_of_a_file():
        body = _client().get_object(Bucket=bucket, Key=key)["Body"]
    return cast(BinaryIO, io.BufferedReader(_Body(body), 1 << 20))


class _Body(io.RawIOBase):
    """The body of an object, with the errors of a file."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _told_as_of_a_file():
            data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()


@lru_cache(maxsize=1)
def _client() -> Any:
    boto3 = import_extra("boto3", "buckets are read with boto3")
    from botocore import UNSIGNED
    from botocore.config import Config

    session = boto3.session.Session()
    anybody = session.get_credentials() is None
    settings = {"signature_version": UNSIGNED} if anybody else {}
    region = session.region_name or "us-east-1"
    return session.client("s3", region_name=region, config=Config(**settings))


@contextmanager
def _told_plainly(address: str) -> Iterator[None]:
    _client()  # reports first if boto3 is not installed
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise SourceError(f"{address} cannot be read: {_line(error)}") from error


@contextmanager
def _told_as_of_a_file() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(errno.EIO, _line(error)) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
