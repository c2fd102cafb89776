"""The notebook of the docs, run as it is there."""

import json
from pathlib import Path

import pytest
from conftest import ROOT

NOTEBOOK = ROOT / "docs" / "notebook.ipynb"


def outputs(cells: list[dict]) -> list[str]:
    """Return what cells show as HTML, but for tables of pandas, whose markup varies."""
    shown = [
        "".join(output["data"]["text/html"])
        for cell in cells
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", ())
    ]
    return [html for html in shown if "dataframe" not in html]


@pytest.mark.filterwarnings("default")
def test_the_notebook_runs_and_shows_what_it_shows_in_the_docs(tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    for package in ("ipykernel", "pandas"):
        pytest.importorskip(package, reason=f"{package} is not installed")
    import nbformat

    text = NOTEBOOK.read_text(encoding="utf-8")
    assert "../db/notebook.db" in text
    db = (tmp_path / "x.db").as_posix()
    notebook = nbformat.reads(text.replace("../db/notebook.db", db), as_version=4)
    where = {"metadata": {"path": str(NOTEBOOK.parent)}}
    nbclient.NotebookClient(notebook, timeout=300, resources=where).execute()
    assert outputs(notebook.cells) == outputs(json.loads(text)["cells"])
