"""The pages of an archive as people use them: in Chromium, with keys, a mouse and without scripts.

Debian's Chromium does, `apt-get install chromium`; no browser is downloaded.
"""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browsing import make_datasette
from conftest import CORPORA, ROOT

from syriasearch import Archive

uvicorn = pytest.importorskip("uvicorn", reason="Datasette is not installed")
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
CHROMIUM = shutil.which("chromium")
ROOM = 100_000
SIZES = {"wide": (1280, 900), "tablet": (768, 1024), "phone": (360, 740)}

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def folder_of_archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples that ship with the project, hostile articles, and an archive without any."""
    path = tmp_path_factory.mktemp("browser")
    (path / "nothing").mkdir()
    for name, source in (
        ("news", ROOT / "seeds"),
        ("hostile", CORPORA / "hostile"),
        ("empty", path / "nothing"),
    ):
        with Archive(path / f"{name}.db") as archive:
            archive.ingest(source)
    return path


@contextmanager
def serving(datasette: Any) -> Iterator[str]:
    """Serve a Datasette, and give its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(datasette.app(), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def site(folder_of_archives: Path) -> Iterator[str]:
    """A server of these archives, by its address."""
    with serving(make_datasette(*sorted(folder_of_archives.glob("*.db")))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        opened = started.chromium.launch(
            executable_path=CHROMIUM, args=[*arguments, "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Open a page; what it asks of elsewhere, and what goes wrong in it, fails the test."""
    wrong: list[str] = []
    contexts: list[Any] = []

    def start(path: str, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda request: request.url.startswith(site) or wrong.append(request.url),
        )
        page.on(
            "console",
            lambda told: told.type in ("error", "warning") and wrong.append(told.text),
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto(site + path)
        return page

    yield start
    for context in contexts:
        context.close()
    assert wrong == []


def follow(link: Any) -> None:
    """Click on something, and wait for the page that it leads to."""
    with link.page.expect_navigation():
        link.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_reader_corrects_a_name_and_undoes_it(
    browser: Any, tmp_path: Path, scripts: bool
) -> None:
    with Archive(tmp_path / "news.db") as archive:
        archive.ingest(ROOT / "seeds" / "2018-01-27-vienna-opposition-boycott.md")
    editors = {"insert-row": {"id": "root"}, "update-row": {"id": "root"}}
    datasette = make_datasette(tmp_path / "news.db", allow={"news": {"permissions": editors}})
    cookie = datasette.sign({"a": {"id": "root"}}, "actor")
    with serving(datasette) as address:
        context = browser.new_context(java_script_enabled=scripts)
        context.add_cookies([{"name": "ds_actor", "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(address + PAGES["article"])
        follow(page.get_by_role("link", name="Sochi: wrong?"))
        before = page.get_by_role("button", name="Not here").count()
        follow(page.get_by_role("button", name="Not here").first)
        assert page.get_by_role("button", name="Not here").count() == before - 1
        follow(page.get_by_role("button", name="Nowhere in this article"))
        assert "does not name Sochi any more" in page.locator("main").inner_text()
        for _ in range(2):
            follow(page.get_by_role("button", name="Undo").first)
        assert page.get_by_role("button", name="Not here").count() == before
        context.close()


def titles(page: Any) -> list[str]:
    return [each.strip() for each in page.locator(".hit h2").all_inner_texts()]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_search_narrow_page_open_and_go_back(open_page: Callable[..., Any], scripts: bool) -> None:
    page = open_page("/news/-/search", java_script_enabled=scripts)
    page.locator("#q").fill("UN")
    follow(page.get_by_role("button", name="Search"))
    assert page.get_by_role("status").inner_text().startswith("15 articles")
    first = titles(page)
    follow(page.get_by_role("link", name="Next →"))
    assert len(titles(page)) == 5
    assert not {*first} & {*titles(page)}
    page.go_back()
    assert titles(page) == first
    follow(page.locator(".facet").get_by_role("link", name="Sochi"))
    narrowed = titles(page)
    assert page.get_by_role("status").inner_text().startswith("11 articles")
    follow(page.get_by_role("link", name=narrowed[0], exact=True))
    assert page.get_by_role("heading", level=1).inner_text() == narrowed[0]
    assert page.locator("mark").count()
    page.go_back()
    assert titles(page) == narrowed
    follow(page.get_by_role("link", name=": remove"))
    assert titles(page) == first


def test_a_link_is_shared(open_page: Callable[..., Any], site: str) -> None:
    page = open_page("/news/-/search")
    page.locator("#q").fill("Sochi boycott")
    page.get_by_label("From", exact=True).fill("2018-01-01")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{site}/news/-/search?q=Sochi+boycott&after=2018-01-01"
    other = open_page(page.url.removeprefix(site))
    assert titles(other) == titles(page)
    follow(other.get_by_role("link", name="Permalink"))
    assert other.url == page.url
    assert other.locator("#q").input_value() == "Sochi boycott"


def test_who_is_named_is_followed(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search?q=Jaafari")
    page.locator(".rest summary").first.click()
    follow(page.locator(".chip", has_text="Bashar al-Jaafari").first)
    assert page.get_by_role("heading", level=1).inner_text().startswith("Bashar al-Jaafari")
    follow(page.locator(".facet a.place", has_text="Sochi").first)
    assert page.locator("svg.map circle.centre").count() == 1
    follow(page.get_by_role("link", name="articles that name both").first)
    assert page.locator(".narrowed li").count() == 2
    assert titles(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_switch_marks_every_name(open_page: Callable[..., Any], scripts: bool) -> None:
    page = open_page(PAGES["article"], java_script_enabled=scripts)
    again = page.locator(".body .again").first
    colour = "each => getComputedStyle(each).textDecorationColor"
    assert again.evaluate(colour) == "rgba(0, 0, 0, 0)"
    again.hover()
    assert again.evaluate(colour) != "rgba(0, 0, 0, 0)"
    page.mouse.move(0, 0)
    page.get_by_label("Mark every name").check()
    assert again.evaluate(colour) != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_map_opens_what_lies_close_together(open_page: Callable[..., Any], scripts: bool) -> None:
    page = open_page("/news/-/map?box=-180,-50,180,70", java_script_enabled=scripts)
    spots = page.locator(".map circle").count()
    follow(page.locator(".map .cluster").first)
    assert "box=" in page.url
    assert page.locator(".map circle").count() > 1
    follow(page.get_by_role("link", name="The whole map"))
    assert page.locator(".map circle").count() > spots


def test_somebody_is_found_by_a_letter(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGES["entities"])
    follow(page.get_by_role("link", name="ج", exact=True))
    page.get_by_label("Type").select_option("People")
    follow(page.get_by_role("button", name="Show"))
    follow(page.get_by_role("link", name="الجعفري"))
    assert page.get_by_role("heading", level=1).inner_text().startswith("Bashar al-Jaafari")


def test_arabic_reads_from_the_right(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search")
    page.locator("#q").fill("معارضة")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("getComputedStyle(document.getElementById('q')).direction") == "rtl"
    title = page.locator(".hit h2[lang=ar]").first
    assert title.evaluate("each => getComputedStyle(each).direction") == "rtl"
    passage = page.locator(".passage[lang=ar]", has=page.locator("mark")).first
    assert passage.evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert "معارض" in passage.locator("mark").first.inner_text()
    english = open_page("/news/-/search?q=boycott").locator(".hit h2[lang=en]").first
    assert english.evaluate("each => getComputedStyle(each).direction") == "ltr"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/empty/-/search", "This archive has no articles yet."),
        ("/empty/-/search?q=Sochi", "No article matches this search."),
        ("/news/-/search?q=xyzzyx", "No article matches this search."),
    ],
)
def test_nothing_is_told(open_page: Callable[..., Any], path: str, told: str) -> None:
    page = open_page(path)
    assert page.get_by_role("status").inner_text() == told
    assert titles(page) == []


def test_a_slip_of_the_pen_is_mended(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search?q=boycxtt+Sochi")
    follow(page.get_by_role("link", name="boycott").first)
    assert page.locator("#q").input_value() == "boycott Sochi"
    assert titles(page)


# The search box, filters and saved searches


def test_a_name_is_completed_by_keyboard(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search")
    box = page.get_by_role("combobox", name="Search the news")
    box.press_sequentially("boycott Jaaf")
    option = page.get_by_role("option", name="Bashar al-Jaafari")
    option.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert_accessible(page)
    page.keyboard.press("Enter")
    assert box.input_value() == "boycott Bashar al-Jaafari "
    assert box.get_attribute("aria-expanded") == "false"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert titles(page)


def test_escape_closes_the_names_and_keeps_what_is_typed(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search")
    box = page.get_by_role("combobox", name="Search the news")
    box.press_sequentially("Soch")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert box.input_value() == "Soch"


def test_ten_examples_explain_how_to_ask(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search")
    page.get_by_text("How to ask").click()
    examples = page.locator(".syntax dt a")
    assert examples.count() == 10
    follow(page.get_by_role("link", name="Geneva OR Astana"))
    assert page.get_by_role("combobox", name="Search the news").input_value() == "Geneva OR Astana"
    assert titles(page)


def test_five_hits_fit_the_screen_of_a_laptop(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search?q=Sochi+talks", viewport={"width": 1280, "height": 800})
    fifth = page.locator(".hit").nth(4).bounding_box()
    assert fifth["y"] + fifth["height"] <= 800
    assert page.locator(".hit").first.locator(".passage:visible").count() <= 2
    page.locator(".rest summary").first.click()
    assert page.locator(".hit").first.get_by_role("link", name="Related").is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_facet_has_ten_values_and_a_box_for_others(
    open_page: Callable[..., Any], scripts: bool
) -> None:
    page = open_page("/news/-/search?q=Sochi", java_script_enabled=scripts)
    facet = page.locator(".narrow section", has_text="People, groups and places")
    assert facet.locator("li").count() == 10
    facet.get_by_label("Find a name").fill("Jaafari")
    follow(facet.get_by_role("button", name="Add"))
    assert page.locator(".narrowed li").count() == 1
    assert titles(page)


def test_dates_are_picked(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search?q=talks&after=2018")
    assert page.get_by_label("From", exact=True).get_attribute("type") == "date"
    assert page.get_by_label("From", exact=True).input_value() == "2018-01-01"
    page.get_by_label("Before", exact=True).fill("2018-02-01")
    follow(page.get_by_role("button", name="Apply"))
    assert page.locator(".narrowed li").count() == 2


def test_the_overview_shows_time_and_network(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search?q=Sochi")
    follow(page.get_by_role("link", name="Network and timeline"))
    assert page.locator("svg.bars").count() == 1
    assert page.locator("svg.ring circle").count() > 5
    follow(page.get_by_role("link", name="articles that name both").first)
    assert page.locator(".narrowed li").count() == 2
    assert titles(page)


# Keys, and the brush


def test_keys_go_to_the_query_and_from_hit_to_hit(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search?q=talks")
    focused = "document.activeElement.innerText || document.activeElement.id"
    found = titles(page)
    for key, expected in (("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == found[expected]
    page.keyboard.press("/")
    assert page.evaluate(focused) == "q"
    page.keyboard.type("j/k")
    assert page.locator("#q").input_value() == "j/k"
    page.keyboard.press("Escape")
    assert page.evaluate(focused) != "q"


def test_the_first_tab_skips_to_the_content(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search?q=talks")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("each => each === document.activeElement")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_what_has_the_focus_is_seen(open_page: Callable[..., Any]) -> None:
    page = open_page("/news/-/search?q=talks")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style == ["solid", "3px"]


def test_a_bar_is_clicked_and_several_are_brushed(open_page: Callable[..., Any], site: str) -> None:
    page = open_page("/news/-/search?q=talks")
    total = len(titles(page))
    box = page.locator(".bars").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 25, steps=4)
    assert page.locator(".bars .chosen").count() > 2
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 25, steps=4)
    with page.expect_navigation(url="**after=*before=*"):
        page.mouse.up()
    assert page.get_by_label("From", exact=True).input_value() > "2015-01-01"
    brushed = page.locator(".narrowed li").count()
    assert brushed == 2
    assert 0 < len(titles(page)) <= total
    bar = page.locator(".bars a", has=page.locator("path:not(.space)")).last
    follow(bar)
    assert titles(page)


# How it looks


def assert_accessible(page: Any) -> None:
    violations = axe.Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in violations] == []


PAGES = {
    "search": "/news/-/search?q=Sochi+boycott",
    "narrowed": "/news/-/search?q=talks&entity=sochi&after=2015&page=1",
    "everything": "/news/-/search",
    "overview": "/news/-/search/overview?q=Sochi",
    "saved": "/news/-/search/saved?q=Sochi",
    "arabic": f"/news/-/search?q={quote('معارضة')}",
    "nothing": "/news/-/search?q=xyzzyx",
    "long": "/news/-/search?q=" + quote(" OR ".join(["Sochi", "Geneva", "Astana"] * 20)),
    "problem": "/news/-/search?q=after:x",
    "article": "/news/-/article/2018-01-27-syrian-opposition-to-boycott-sochi-congress?q=Sochi",
    "who": "/news/-/article/2018-01-27-syrian-opposition-to-boycott-sochi-congress?who=sochi",
    "related": "/news/-/related/2018-01-27-syrian-opposition-to-boycott-sochi-congress",
    "entity": "/news/-/entity/sochi",
    "entities": "/news/-/entities",
    "letter": f"/news/-/entities?initial={quote('س')}",
    "map": "/news/-/map?q=Sochi",
    "archives": "/-/search",
    "hostile": "/hostile/-/search?q=mirage",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [name for name in PAGES if name != "problem"])
def test_a_page_is_accessible(open_page: Callable[..., Any], name: str, scheme: str) -> None:
    page = open_page(PAGES[name], color_scheme=scheme)
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (int(background.strip("rgb()").split(",")[0]) < 128) == (scheme == "dark")
    for folded in page.locator("details").all():
        folded.evaluate("each => { each.open = true; }")
    assert_accessible(page)


def test_a_problem_is_accessible(browser: Any, site: str) -> None:
    # Chromium tells of its status as an error, which `open_page` would not have.
    context = browser.new_context()
    page = context.new_page()
    page.goto(site + PAGES["problem"])
    assert_accessible(page)
    context.close()


def test_a_highlight_inside_a_word_leaves_no_gap(open_page: Callable[..., Any]) -> None:
    mark = open_page(PAGES["search"]).locator("mark").first
    assert mark.evaluate("each => getComputedStyle(each).padding") == "0px"


@pytest.mark.parametrize(("name", "wide"), [("overview", ".ring"), ("entity", ".circle")])
def test_a_phone_has_a_network_of_its_own(
    open_page: Callable[..., Any], name: str, wide: str
) -> None:
    page = open_page(PAGES[name], viewport={"width": 360, "height": 740})
    assert page.locator(".arcs").is_visible()
    assert not page.locator(wide).is_visible()
    text = page.locator(".arcs text").first
    assert text.bounding_box()["height"] >= 11


def test_rings_of_the_map_open_by_keyboard(open_page: Callable[..., Any]) -> None:
    page = open_page(PAGES["map"])
    ring = page.locator(".map .cluster").first
    page.locator(".summary a").focus()
    page.keyboard.press("Tab")
    assert ring.evaluate("each => each === document.activeElement")
    with page.expect_navigation(url="**box=*"):
        page.keyboard.press("Enter")


@pytest.mark.parametrize("size", SIZES)
def test_names_in_two_scripts_are_not_broken(open_page: Callable[..., Any], size: str) -> None:
    width, height = SIZES[size]
    page = open_page(PAGES["letter"], viewport={"width": width, "height": height})
    heights = page.locator(".in-both a").evaluate_all("all => all.map(each => each.offsetHeight)")
    assert max(heights) < 60


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name",
    "search overview saved arabic long article who entity entities map hostile".split(),
)
def test_a_page_fits_the_screen(open_page: Callable[..., Any], name: str, size: str) -> None:
    width, height = SIZES[size]
    page = open_page(PAGES[name], viewport={"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16


@pytest.mark.parametrize("name", [name for name in PAGES if name != "problem"])
def test_a_page_with_all_that_it_fetches_is_small(browser: Any, site: str, name: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto(site + PAGES[name], wait_until="networkidle")
    context.close()
    assert all(url.startswith(site) for url in sizes)
    assert sum(sizes.values()) < ROOM


# What was scraped


def test_hostile_articles_run_nothing(
    open_page: Callable[..., Any], folder_of_archives: Path
) -> None:
    page = open_page("/hostile/-/search?q=mirage")
    with Archive(folder_of_archives / "hostile.db", readonly=True) as archive:
        slugs = [hit.article.slug for hit in archive.hits("")]
    for slug in slugs:
        page.goto(page.url.partition("/hostile")[0] + f"/hostile/-/article/{slug}?q=mirage")
        assert page.locator("main script, main img, main iframe, main object").count() == 0
        assert page.evaluate("document.cookie") == ""


def test_a_policy_stops_what_would_get_through(browser: Any, site: str) -> None:
    """Were something to get through after all, the browser would not run it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/hostile/-/search?q=mirage")
    page.evaluate(
        """() => {
            const inside = document.createElement('div');
            inside.innerHTML = '<img src="x" onerror="window.ran = 1">';
            document.body.append(inside);
            const script = document.createElement('script');
            script.textContent = 'window.ran = 2';
            document.body.append(script);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    context.close()


def test_a_title_that_turns_around_leaves_its_neighbours_alone(
    open_page: Callable[..., Any],
) -> None:
    page = open_page("/hostile/-/search?q=reads+backwards")
    assert titles(page)[0].split() == "egarim a reads backwards".split()
    text = page.locator(".hit").first.inner_text()
    assert not any(character in text for character in "\u202e\u202d\u2066\u2067")
