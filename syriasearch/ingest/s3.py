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
from pathlib import PurePath, PurePosixPath
from typing import Any, BinaryIO, NamedTuple, cast

from ..errors import SourceError
from ..errors.faults import import_extra
from ..text.patterns import regex
from .readers.compression import RawStream

SCHEME = "s3://"
_WILDCARD = regex(r"[*?[]")


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
        return partial(_open, self.bucket, self.key)


def find_objects(source: str) -> list[BucketPath]:
    """Return the paths that a source names in a bucket: an object, a folder, or all matches.

    A source may be a pattern, in which `*` matches slashes too. Raises SourceError if nothing is
    found, or the request fails.
    """
    bucket, _, key = source.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise SourceError(f"{source!r} names no bucket: write s3://bucket/folder")
    if wildcard := _WILDCARD.search(key):
        found = [
            each.path
            for each in _list(bucket, key[: wildcard.start()])
            if each.is_plain and fnmatchcase(each.key, key) and not is_hidden(each.path)
        ]
    else:
        path = BucketPath(bucket, key)
        found = [path] if next(objects(path), None) else []
    if not found:
        raise SourceError(f"there is no {source!r}: name an object or a folder of a bucket")
    return found


def is_hidden(path: PurePath) -> bool:
    """Return whether a part of a path begins with a dot."""
    return any(part.startswith(".") for part in path.parts)


def objects(path: BucketPath) -> Iterator[Object]:
    """Yield the object with a path, or those of a folder, sorted by key.

    Raises SourceError if the request fails.
    """
    bucket, key = path.parts[0], "/".join(path.parts[1:])
    if key:
        first = next(_list(bucket, key), None)
        if first and first.key == key:
            yield first
            return
    yield from _list(bucket, f"{key}/" if key else "")


def exists(path: BucketPath) -> bool:
    """Return whether an object exists. Raises SourceError if the request fails."""
    found = next(objects(path), None)
    return found is not None and found.path == path


def _list(bucket: str, prefix: str) -> Iterator[Object]:
    message = f"{SCHEME}{bucket}/{prefix} cannot be read: "
    with _botocore_errors_as(lambda reason: SourceError(message + reason)):
        pages = _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for found in page.get("Contents", ()):
                # A key that ends in a slash represents a folder, and has no content.
                if not found["Key"].endswith("/"):
                    modified = int(found["LastModified"].timestamp() * 1_000_000_000)
                    yield Object(bucket, found["Key"], found["Size"], modified, found["ETag"])


def _open(bucket: str, key: str) -> BinaryIO:
    with _botocore_errors_as(partial(OSError, errno.EIO)):
        body = _client().get_object(Bucket=bucket, Key=key)["Body"]
    return cast(BinaryIO, io.BufferedReader(_Body(body), 1 << 20))


class _Body(RawStream):
    """The body of an object, with the errors of a file."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read_next(self, size: int) -> bytes:
        with _botocore_errors_as(partial(OSError, errno.EIO)):
            data: bytes = self._body.read(size)
        return data

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
    is_anonymous = session.get_credentials() is None
    config = Config(signature_version=UNSIGNED) if is_anonymous else Config()
    return session.client("s3", region_name=session.region_name or "us-east-1", config=config)


@contextmanager
def _botocore_errors_as(make_error: Callable[[str], Exception]) -> Iterator[None]:
    _client()  # raises OptionError if boto3 is not installed
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise make_error(" ".join(str(error).split())[:200]) from error
