"""Corrections on the page of an article, in either version of Datasette."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browsing import Page, Site, make_datasette

from syriasearch import Archive, ArchiveReadOnlyError

pytest.importorskip("datasette.app", reason="Datasette is not installed")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

HILL = (
    "---\nsource: Wire < b\n---\n# The hill\n\n"
    "Zahran Alloush led Jaysh al-Islam. Alloush said in Douma that the army had lost.\n\n"
    "Shells fell on Alloush near Latakia on Monday.\n"
)
PAGE = "/news/-/article/the-hill?who=zahran-alloush"
EDITORS = {"news": {"permissions": {"insert-row": {"id": "ed"}, "update-row": {"id": "ed"}}}}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("origin")
    (folder / "hill.md").write_text(HILL)
    with Archive(folder / "news.db") as archive:
        archive.ingest(folder / "hill.md")
    return folder / "news.db"


@pytest.fixture
def path(origin: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(origin, tmp_path / "news.db"))


@pytest.fixture
def site(path: Path) -> Iterator[Site]:
    made = Site(make_datasette(path, allow=EDITORS))
    yield made
    made.close()


def post(site: Site, form: dict[str, str], actor: str | None = "ed", page: str = PAGE) -> object:
    """Send the form of a page, as a browser does that has loaded it."""

    async def answer() -> object:
        cookies = {}
        if actor:
            cookies["ds_actor"] = site.datasette.sign({"a": {"id": actor}}, "actor")
        shown = await site.datasette.client.get(page, cookies=cookies)
        token = re.search(r'name="csrftoken" value="([^"]+)"', shown.text)
        if token:
            cookies |= dict(shown.cookies)
            form["csrftoken"] = token[1]
        return await site.datasette.client.post(
            page,
            content=urlencode(form),
            cookies=cookies,
            headers={"content-type": "application/x-www-form-urlencoded"},
        )

    return site.loop.run_until_complete(answer())


def surfaces(path: Path) -> list[str]:
    with Archive(path, readonly=True) as archive:
        paragraphs = archive.article("the-hill").paragraphs
        mentions = [mention for each in paragraphs for mention in each.mentions]
    return [each.surface for each in mentions if each.entity.slug == "zahran-alloush"]


def test_an_article_leads_to_the_page_of_each_name(site: Site) -> None:
    page = site.page("/news/-/article/the-hill")
    assert page.find("a", href="?who=zahran-alloush", class_="ask")


def test_the_page_shows_each_mention_and_why(site: Site) -> None:
    page = Page(site.get(PAGE, "ed").text)
    assert page.texts_of("h1") == ["Is this Zahran Alloush?"]
    assert page.texts_of("mark") == ["Zahran Alloush", "Alloush", "Alloush"]
    assert [each["value"] for each, _ in page.find("button", name="not")] == [
        *("mention:1 Zahran Alloush", "mention:2 Alloush", "mention:3 Alloush", "article:"),
        *("source:Zahran Alloush", "source:Alloush"),
    ]
    assert not page.find("script", src="") or all(
        each.get("src") for each, _ in page.find("script")
    )


def test_who_may_not_write_gets_the_commands(site: Site) -> None:
    page = Page(site.get(PAGE).text)
    assert not page.find("button", name="not")
    assert page.texts_of("code")[1:] == [
        "syriasearch entity not zahran-alloush 'Zahran Alloush' --article the-hill --occurrence 1",
        "syriasearch entity not zahran-alloush Alloush --article the-hill --occurrence 2",
        "syriasearch entity not zahran-alloush Alloush --article the-hill --occurrence 3",
        "syriasearch entity not zahran-alloush --article the-hill",
        "syriasearch entity not zahran-alloush 'Zahran Alloush' --source 'Wire < b'",
        "syriasearch entity not zahran-alloush Alloush --source 'Wire < b'",
    ]


CORRECTIONS = [
    ({"not": "mention:3 Alloush"}, ["Zahran Alloush", "Alloush"]),
    ({"not": "article:"}, []),
    ({"not": "source:Alloush"}, ["Zahran Alloush"]),
    ({"not": "article:", "is": "Jaysh al-Islam"}, []),
    ({"not": "mention:3 Alloush", "is": "Mount X", "type": "place"}, ["Zahran Alloush", "Alloush"]),
]


@pytest.mark.parametrize(("form", "left"), CORRECTIONS, ids=str)
def test_a_button_corrects_and_another_undoes_it(
    site: Site, path: Path, form: dict[str, str], left: list[str]
) -> None:
    answer = post(site, dict(form))
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert surfaces(path) == left
    page = Page(site.get(PAGE, "ed").text)
    assert [each["value"] for each, _ in page.find("button", name="undo")] == ["1"]
    assert post(site, {"undo": "1"}).status_code == 303
    assert surfaces(path) == ["Zahran Alloush", "Alloush", "Alloush"]


REFUSED = [
    (
        {"not": "mention:9 Alloush"},
        "ed",
        409,
        "occurrence 9 of 'Alloush' in the-hill is no mention",
    ),
    ({"not": "mention:Alloush"}, "ed", 409, "choose which names are not this one"),
    ({"not": "everything"}, "ed", 409, "choose which names"),
    ({}, "ed", 409, "choose which names"),
    ({"not": "article:", "is": "Nobody At All"}, "ed", 409, "there is no entity 'Nobody At All'"),
    (
        {"not": "article:", "is": "X Y", "type": "rock"},
        "ed",
        409,
        "type takes person, organization",
    ),
    ({"undo": "7"}, "ed", 409, "there is no correction 7"),
    ({"undo": "x"}, "ed", 409, "undo takes the number of a correction"),
    ({"not": "article:"}, "somebody", 403, "You may not correct this archive here"),
    ({"undo": "1"}, "somebody", 403, "You may not correct this archive here"),
    ({"not": "article:"}, None, 403, "You may not correct this archive here"),
]


@pytest.mark.parametrize(("form", "actor", "status", "told"), REFUSED, ids=str)
def test_what_cannot_be_is_a_page_that_says_why(
    site: Site, path: Path, form: dict[str, str], actor: str | None, status: int, told: str
) -> None:
    answer = post(site, dict(form), actor)
    assert answer.status_code == status
    assert told in Page(answer.text).text
    assert len(surfaces(path)) == 3


def test_a_form_that_is_older_than_a_merge_says_so(site: Site, path: Path) -> None:
    with Archive(path) as archive:
        archive.corrections.merge("zahran-alloush", "jaysh-al-islam")
    answer = post(site, {"not": "article:"})
    assert answer.status_code == 409
    assert "counts for jaysh-al-islam since correction 1" in Page(answer.text).text


def test_twice_the_same_says_so(site: Site) -> None:
    assert post(site, {"not": "article:"}).status_code == 303
    answer = post(site, {"not": "article:"})
    assert answer.status_code == 409
    assert "does not name zahran-alloush, since correction 1" in Page(answer.text).text


def test_a_form_from_elsewhere_is_refused(site: Site, path: Path) -> None:
    signed = site.datasette.sign({"a": {"id": "ed"}}, "actor")
    answer = site.loop.run_until_complete(
        site.datasette.client.post(
            PAGE,
            content="not=article:",
            cookies={"ds_actor": signed},
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "origin": "https://example.org",
            },
        )
    )
    assert answer.status_code == 403
    assert len(surfaces(path)) == 3


def test_the_form_says_where_it_comes_from(site: Site) -> None:
    assert site.get(PAGE, "ed").headers["referrer-policy"] == "same-origin"
    assert site.get("/news/-/article/the-hill").headers["referrer-policy"] == "no-referrer"


def test_who_is_not_named_has_no_page(site: Site) -> None:
    assert site.get("/news/-/article/the-hill?who=nobody-at-all").status_code == 404
    assert site.get("/news/-/article/nothing?who=douma").status_code == 404


def test_an_immutable_archive_is_not_written(path: Path) -> None:
    from datasette.app import Datasette

    told = "config" if hasattr(Datasette, "allowed") else "metadata"
    made = Site(Datasette(immutables=[str(path)], **{told: {"databases": EDITORS}}))
    try:
        assert not Page(made.get(PAGE, "ed").text).find("button", name="not")
        assert post(made, {"not": "article:"}).status_code == 403
    finally:
        made.close()


def test_an_archive_that_cannot_be_written_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from syriasearch.datasette_plugin import corrections_page

    async def refuse(*_: object) -> None:
        raise ArchiveReadOnlyError("news.db cannot be written")

    monkeypatch.setattr(corrections_page, "change", refuse)
    answer = post(site, {"not": "article:"})
    assert answer.status_code == 403
    assert "The file of this archive cannot be written here." in Page(answer.text).text


def test_the_page_of_an_entity_leads_to_the_names_in_each_article(site: Site) -> None:
    page = site.page("/news/-/entity/zahran-alloush")
    assert page.link("not this person?") == PAGE


def test_an_archive_that_is_being_written_is_for_later(site: Site, path: Path) -> None:
    with Archive(path) as archive, archive._batch():
        answer = post(site, {"not": "article:"})
    assert answer.status_code == 503
    assert len(surfaces(path)) == 3
