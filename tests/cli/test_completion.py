"""What a shell completes: real shells, asking the real command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from syriasearch import Archive, OptionError
from syriasearch.cli import main


@pytest.mark.parametrize(
    ("kind", "beginning", "values"),
    [
        ("source", "", ["Other Wire", "Sample Wire", "AFP"]),
        ("source", "sam", ["Sample Wire"]),
        ("lang", "a", ["ar"]),
        ("entity", "jaa", ["bashar-al-jaafari"]),
        ("entity", "bashar-al-j", ["bashar-al-jaafari"]),
        ("entity", "الجعفر", ["bashar-al-jaafari"]),
        ("slug", "2018-03-03", ["2018-03-03-delegates-left-the-hall-in-sochi-after-one-day"]),
        ("slug", "zz", []),
    ],
)
def test_values_begin_as_asked(
    corpus: Archive, kind: str, beginning: str, values: list[str]
) -> None:
    assert [each.value for each in corpus.values(kind, beginning)] == values


def test_values_of_a_kind_that_there_is_not(corpus: Archive) -> None:
    with pytest.raises(OptionError, match="there are no values of 'colour': choose among source"):
        corpus.values("colour")


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        (["syriasearch", "exp"], ["export"]),
        (["syriasearch", "search", "x", "--source", "Sa"], ["Sample\\ Wire"]),
        (["syriasearch", "search", "x", "--facet", "so"], ["source"]),
        (["syriasearch", "export", "x", "--entity", "jaa"], ["bashar-al-jaafari"]),
        (["syriasearch", "show", "2018-03-05"], ["2018-03-05-afrin-a-road-reopens"]),
        (["syriasearch", "entity", "jaa"], ["bashar-al-jaafari"]),
        (["syriasearch", "entity", "sho"], ["show"]),
        (["syriasearch", "entity", "show", "الجعفر"], ["bashar-al-jaafari"]),
        (["syriasearch", "entities", "--type", "gr"], ["group"]),
    ],
)
def test_bash_completes(corpus_path: Path, line: list[str], completed: list[str]) -> None:
    assert complete(line, str(corpus_path)) == completed


def test_without_an_archive_commands_complete_still(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none.db")
    assert complete(["syriasearch", "time"], nowhere) == ["timeline"]
    assert complete(["syriasearch", "search", "x", "--source", "A"], nowhere) == []


def complete(line: list[str], db: str) -> list[str]:
    """Let bash source the script, and complete the last word of a line as it does on Tab."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    words = " ".join(f"'{word}'" for word in line)
    code = (
        f"{script}\nsyriasearch() {{ '{sys.executable}' -m syriasearch.cli \"$@\"; }}\n"
        f"COMP_WORDS=({words}); COMP_CWORD={len(line) - 1}\n"
        "_syriasearch_completion syriasearch\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    result = subprocess.run(
        [bash, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "SYRIASEARCH_DB": db},
        timeout=60,
    )
    return list(filter(None, result.stdout.splitlines()))


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_take_their_script(shell: str) -> None:
    script = CliRunner().invoke(main, ["completion", shell]).stdout
    assert "syriasearch" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True, timeout=60)
