"""The user's cache: what is kept, and what happens to it."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from syriasearch.text import user_cache
from syriasearch.text.user_cache import MAX_FILES, cache_folder, cached

CONTENT = {"one": "نص".encode(), "two": b"", "three": b"line\nline"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "syriasearch"


@pytest.fixture
def made() -> list[int]:
    """One element for each time that the content was made."""
    return []


@pytest.fixture
def read(made: list[int]) -> Callable[..., object]:
    def make() -> dict[str, bytes]:
        made.append(1)
        return CONTENT

    return lambda content=b"": cached("test", content, make)


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_what_was_made_is_read_again(folder: Path, made: list[int], read) -> None:
    assert read() == read() == CONTENT
    assert len(made) == 1


def test_each_content_has_a_file_of_its_own(folder: Path, made: list[int], read) -> None:
    read(b"a"), read(b"b"), read(b"a")
    assert len(made) == len(list(folder.iterdir())) == 2


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda whole: b"",
    "cut short": lambda whole: whole[:-1],
    "cut in its first line": lambda whole: whole[:30],
    "longer": lambda whole: whole + b"x",
    "one letter changed": lambda whole: whole.replace(b"line", b"lime", 1),
    "something else": lambda whole: b"\x80\x04\x95 no cache",
    "of another version of the format": lambda whole: whole.replace(b"cache 1", b"cache 0", 1),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_made_again(folder: Path, made: list[int], read, damage: str) -> None:
    read()
    path = only_file(folder)
    whole = path.read_bytes()
    path.write_bytes(DAMAGES[damage](whole))
    assert read() == CONTENT
    assert only_file(folder).read_bytes() == whole
    assert len(made) == 2


def test_a_file_under_the_name_of_another_is_made_again(
    folder: Path, made: list[int], read
) -> None:
    read(b"a")
    first = only_file(folder)
    read(b"b")
    (second,) = set(folder.iterdir()) - {first}
    second.write_bytes(first.read_bytes())
    assert read(b"b") == CONTENT
    assert len(made) == 3


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owners there")
def test_a_file_of_another_user_is_not_read(
    folder: Path, made: list[int], read, monkeypatch: pytest.MonkeyPatch
) -> None:
    read()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    read()
    assert len(made) == 2


def test_the_folder_is_the_users_alone(folder: Path, read) -> None:
    read()
    assert sys.platform == "win32" or folder.stat().st_mode & 0o777 == 0o700


def a_file(folder: Path) -> None:
    folder.write_text("")


def a_file_above(folder: Path) -> None:
    folder.parent.rmdir()
    folder.parent.write_text("")


def a_folder_in_place(folder: Path) -> None:
    path = user_cache._path("test", b"", user_cache.SOURCES)
    assert path
    path.mkdir(parents=True)


@pytest.mark.parametrize("obstacle", [a_file, a_file_above, a_folder_in_place])
def test_without_a_place_nothing_is_kept(
    folder: Path, made: list[int], read, obstacle: Callable[[Path], None]
) -> None:
    obstacle(folder)
    assert read() == read() == CONTENT
    assert len(made) == 2


def test_on_a_full_disk_nothing_is_left(
    folder: Path, read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert read() == CONTENT
    assert not list(folder.iterdir())


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", fail)
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() is None
    assert cached("test", b"", lambda: CONTENT) == CONTENT


def test_a_relative_folder_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert cache_folder() is None


def test_another_version_of_the_package_has_files_of_its_own(
    folder: Path, made: list[int], read, monkeypatch: pytest.MonkeyPatch
) -> None:
    read()
    with monkeypatch.context() as patched:
        patched.setattr(user_cache, "_digest", lambda sources: b"another version")
        read()
    read()
    assert len(made) == len(list(folder.iterdir())) == 2


def test_files_that_were_not_read_for_long_are_deleted(folder: Path, read) -> None:
    for number in range(MAX_FILES + 4):
        read(str(number).encode())
        for path in folder.iterdir():
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))
    assert len(list(folder.iterdir())) == MAX_FILES


def _read_often(folder: str) -> bool:
    os.environ["XDG_CACHE_HOME"] = folder
    return all(cached("test", b"", lambda: CONTENT) == CONTENT for _ in range(50))


def test_processes_may_write_at_once(tmp_path: Path) -> None:
    with get_context("spawn").Pool(2) as pool:
        assert all(pool.map(_read_often, [str(tmp_path)] * 4))
    only_file(tmp_path / "syriasearch")


def test_threads_may_write_at_once(folder: Path, read) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(each == CONTENT for each in pool.map(lambda _: read(), range(64)))
    only_file(folder)
