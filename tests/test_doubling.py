"""The time that any text takes is bounded by its length: worst inputs, with a ceiling far above.

`benchmarks/doubling.py` measures all steps with all kinds of input.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from syriasearch import fold
from syriasearch.ingest.readers import Reader
from syriasearch.ingest.readers.registry import BUILT_IN

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")

SECONDS = 30
"""The ceiling of CPU time: a step that takes n² steps needs an hour, another one needs a second."""
LENGTH = 300_000
INPUTS = {
    "apostrophes": "'",
    "curly apostrophes": "’",
    "grave accents": "`",
    "garbled quotes": "â€™",
    "marks of two classes": "\u0316\u0301",
    "one letter": "a",
    "one capital": "A",
    "one digit": "1",
    "one Arabic letter": "ا",
    "line breaks": "\n",
    "spaces": " ",
    "brackets": "[",
    "tags": "<p>",
    "nested tags": "<div>",
    "unfinished comments": "<!--",
    "unfinished references": "&#",
    "hyphens": "a-",
    "a name": "Assad ",
    "an Arabic name": "الأسد ",
    "Arabic quarters": "حي الشعار ومخيم اليرموك ",
    "universities of a name": "جامعة محمد الخالدي ",
    "companies": "Coleco Industries Inc. said Coleco ",
    "a family": "Bashar al-Assad. Hafez al-Assad. Assad and ",
    "presidents": "President Obama ",
    "names of things": "the Assad family ",
    "names of others": "Islam Alloush hill ",
    "names in three scripts": "Assad الأسد Путин ",
}
STEPS = {
    "clean": "from syriasearch.ingest.blocks.plain_text import clean as step",
    "fold": "from syriasearch import fold as step",
    "find_mentions": "from syriasearch import find_mentions as step",
    "claims": """
from syriasearch.ingest.readers.registry import BUILT_IN
from syriasearch.ingest.readers.compression import HEAD
def step(text):
    for reader in BUILT_IN:
        reader.claims(text.encode()[:HEAD])
        for start in ("<html>", "<?xml version='1.0'?>", "{", "[", "From: ", "{\\\\rtf1 ", "%PDF"):
            reader.claims((start + text).encode()[:HEAD])
""",
}
_PROGRAM = """
import json, signal, sys
{step}
step("Lavrov in Sochi.")
for name, piece in json.load(sys.stdin).items():
    print(name, flush=True)
    signal.setitimer(signal.ITIMER_PROF, {seconds})
    step((piece * {length})[:{length}])
print("all")
"""


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_one_thing_many_times_takes_no_longer_than_any_text(step: str) -> None:
    program = _PROGRAM.format(step=STEPS[step], seconds=SECONDS, length=LENGTH)
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(INPUTS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != -signal.SIGPROF, f"{step}: {done.stdout.split(chr(10))[-2]}"
    assert done.stdout.endswith("all\n"), done.stderr


READ = """
import signal, sys
from pathlib import Path
from odd_inputs import FRAMES, raw
from syriasearch.ingest.readers import Document, SourceFile
from syriasearch.ingest.readers.registry import reader_named
from syriasearch.ingest.readers.base import readable
path, reader = Path(sys.argv[1]), reader_named(sys.argv[2])
for number, frame in enumerate(FRAMES.get(reader.name, (raw("@"),))):
    pieces = ("a", "<!--", "<![CDATA[", "[", '"', "{", "(", ";", ":", "\\n", " ", "Assad ", "<a b")
    for piece in pieces:
        print(number, repr(piece), flush=True)
        path.write_bytes(frame(piece * (100_000 // len(piece))))
        signal.setitimer(signal.ITIMER_PROF, 20)
        for item in readable(reader.read(SourceFile(path, path.name))):
            if isinstance(item, Document):
                list(item.complete())
print("all")
"""


@pytest.mark.slow
@pytest.mark.parametrize("reader", BUILT_IN, ids=lambda reader: reader.name)
def test_a_file_of_one_thing_takes_no_longer_than_any_file(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / f"input{(reader.suffixes or ('.txt',))[0]}"
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), reader.name],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
    )
    assert done.returncode != -signal.SIGPROF, done.stdout.split("\n")[-2]
    assert done.stdout.endswith("all\n"), done.stderr


@pytest.mark.parametrize("sign", ["'", "’", "`"])
def test_apostrophes_in_a_row_are_folded_as_they_are(sign: str) -> None:
    assert fold(sign * 100_000 + " Ja'afari don''t") == sign * 100_000 + " Jaafari don''t"
