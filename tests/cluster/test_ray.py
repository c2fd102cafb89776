"""An archive in shards: its file, its pieces, and who writes it. Without Ray, but for the last."""

import os
import pickle
import socket
import subprocess
import sys
import threading
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT

from syriasearch import (
    ArchiveError,
    Cluster,
    EntityNotFoundError,
    OptionError,
    QuerySyntaxError,
)
from syriasearch.cli import main
from syriasearch.cluster.configuration import (
    new_configuration,
    read_configuration,
    shard_of,
    write_configuration,
)
from syriasearch.cluster.ray_connection import check_address, insecurity, is_loopback
from three_nodes import namespaced

ONE = '[[shards]]\npath = "a.db"\n'


def test_articles_spread_over_all_shards() -> None:
    counts = Counter(shard_of(f"news.jsonl#{number}", 4) for number in range(4000))
    assert all(900 < count < 1100 for count in counts.values())


def test_a_cluster_file_that_is_written_reads_the_same(tmp_path: Path) -> None:
    made = new_configuration(tmp_path / 'a "b" ü.toml', "127.0.0.1:6379", 3)
    write_configuration(made)
    assert read_configuration(made.path) == made


@pytest.mark.parametrize(("name", "shards"), [("x.db", 2), ("x.toml", 0), ("x.toml", 10_000)])
def test_a_new_cluster_file_is_named_and_counted_as_it_can_be(name: str, shards: int) -> None:
    with pytest.raises(OptionError):
        new_configuration(Path(name), "local", shards)


@pytest.mark.parametrize("address", ["ray://a:1", "nowhere", "a:b", ":6379", "a:70000", "a:０"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(OptionError, match="is no address"):
        check_address(address)


def test_an_address_where_something_else_answers_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(100)
                peer.sendall(b"HTTP/1.0 400 Bad request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ArchiveError, match="is not Ray"):
            check_address(f"127.0.0.1:{server.getsockname()[1]}")
        thread.join()


def test_a_cluster_on_this_machine_alone_has_nothing_to_start(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(ONE)
    with pytest.raises(OptionError, match="host:port"):
        Cluster(tmp_path / "x.toml").start()


def test_an_address_where_nothing_answers_is_told() -> None:
    with pytest.raises(ArchiveError, match="no Ray cluster answers"):
        check_address("127.0.0.1:1")


class FakeRay:
    """Tells which nodes there are, as Ray does."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    def nodes(self) -> list[dict[str, object]]:
        return [{"NodeManagerAddress": each, "Alive": True} for each in self._addresses]


@pytest.mark.parametrize(
    ("addresses", "variables", "is_told"),
    [
        (["127.0.0.1", "::1"], {}, False),
        (["127.0.0.1", "10.0.0.7"], {}, True),
        (["10.0.0.7"], {"RAY_AUTH_MODE": "token"}, False),
        (["10.0.0.7"], {"RAY_USE_TLS": "1"}, False),
        (["10.0.0.7"], {"RAY_AUTH_MODE": "disabled", "RAY_USE_TLS": "0"}, True),
    ],
)
def test_a_cluster_that_anybody_may_use_is_warned_of(
    addresses: list[str],
    variables: dict[str, str],
    is_told: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("RAY_AUTH_MODE", "RAY_USE_TLS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("10.0.0.7" in (insecurity(FakeRay(*addresses)) or "")) is is_told


@pytest.mark.parametrize(
    ("host", "told"), [("127.0.0.3", True), ("localhost", True), ("0.0.0.0", False), ("a", False)]
)
def test_what_only_this_machine_reaches_is_known(host: str, told: bool) -> None:
    assert is_loopback(host) is told


@pytest.mark.parametrize(
    "error", [QuerySyntaxError("a:b", "no", 2), EntityNotFoundError("no", "x", ("y",))]
)
def test_an_error_comes_whole_from_another_process(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_shards_are_not_counted_anew(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(ONE)
    with pytest.raises(OptionError, match="has 1 shards, not 2"):
        Cluster(tmp_path / "x.toml").ingest(ROOT / "seeds", shards=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--shards", "2"], "--shards needs --cluster"),
        (["--cluster", "local", "--dry-run"], "are for one machine"),
        (["--cluster", "local", "--processes", "0"], "are for one machine"),
        (["--cluster", "nowhere", "--db", "x.toml"], "is no address"),
        (["--cluster", "local", "--db", "x.db"], "is named .toml"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    options: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["ingest", str(ROOT / "seeds"), *options])
    assert result.exit_code == 2
    assert message in result.output


def test_ray_is_not_imported_before_a_cluster_is_reached() -> None:
    modules = "sys, syriasearch.cluster.filling.run, syriasearch.cluster.serving"
    code = f"import {modules}; print('ray' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "False\n"


needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
needs_namespaces = pytest.mark.skipif(
    namespaced() is None, reason="unshare may make no network namespace here"
)


def run(script: str, *options: str) -> None:
    result = subprocess.run(
        [sys.executable, ROOT / script, *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "benchmarks")},
    )
    assert result.returncode == 0, result.stdout + result.stderr


@needs_ray
@needs_namespaces
@pytest.mark.slow
def test_a_cluster_tells_and_keeps_what_one_machine_does() -> None:
    run("tests/ray_runs.py")


@needs_ray
@needs_namespaces
@pytest.mark.slow
def test_a_node_may_end_while_a_cluster_ingests_and_while_it_answers() -> None:
    run("benchmarks/cluster.py", "--shards", "2", "--seconds", "1")
