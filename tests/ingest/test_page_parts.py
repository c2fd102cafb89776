"""Parts of a page that are not its article: hidden ones, boxes of links, bars of archives."""

import pytest

ONE = "The delegations met in Geneva and talked for hours about a constitution, and nothing came."
TWO = "A second round is planned for the spring, said the office of the envoy to reporters there."
OTHER = "A paragraph about nothing at all, which is not to be found by anyone who searches for it."


def page(inside: str = "", before: str = "", after: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>Talks go on</title></head><body>{before}<article>"
        f"<h1>Talks go on</h1><p>{ONE}</p>{inside}<p>{TWO}</p><p>{ONE[:-1]} of them.</p></article>"
        f"{after}</body></html>"
    )


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden",
        'hidden=""',
        'style="display:none"',
        'style="color: red; display : none !important"',
        'style="visibility: hidden"',
        'aria-hidden="true"',
        'class="sr-only"',
        'class="note visually-hidden"',
        'class="screen-reader-text"',
        'class="show-for-sr"',
        'class="d-none"',
        'class="print-only"',
    ],
)
def test_hidden_text_stays_out(made, attribute: str) -> None:
    (article,) = made("a.html", page(f"<p {attribute}>{OTHER}</p>"))
    assert "nothing at all" not in article.text
    assert ONE in article.text


@pytest.mark.parametrize("attribute", ['class="d-none d-md-block"', 'hidden="until-found"', ""])
def test_what_is_shown_on_a_larger_screen_or_on_demand_is_not_hidden(made, attribute: str) -> None:
    assert OTHER in made("a.html", page(f"<p {attribute}>{OTHER}</p>"))[0].text


def test_a_hidden_part_with_nearly_all_of_the_text_is_the_article(made) -> None:
    body = "".join(f"<p>{number}: {OTHER}</p>" for number in range(8))
    content = f'<html><body><p>Subscribe.</p><div aria-hidden="true">{body}</div></body></html>'
    assert OTHER in made("a.html", content)[0].text


def test_a_shadow_root_is_shown_and_other_templates_are_not(made) -> None:
    shown = f'<x-a><template shadowrootmode="open"><p>{OTHER}</p></template></x-a>'
    (article,) = made("a.html", page(f"{shown}<template><p>Another {OTHER}</p></template>"))
    assert OTHER in article.text
    assert "Another" not in article.text


@pytest.mark.parametrize(
    "box",
    [
        '<ul><li><a href="/1">Prices of flour</a></li><li><a href="/2">Bakers return</a></li></ul>',
        '<h3>Related</h3><ul><li>Idlib: <a href="/1">Prices of flour fall</a></li>'
        '<li>Hama: <a href="/2">Bakers return to work</a></li></ul>',
        '<p><a href="/1">Prices of flour fall in the north</a></p>',
        '<a href="/1"><div><h4>Prices of flour fall</h4><p>Bakers return to work.</p></div></a>',
        '<div><h3><a href="/1">Prices of flour fall</a></h3><p>Bakers return to work.</p></div>',
        '<div class="newsletter-box"><p>Bakers return to work, and more in our letters.</p></div>',
        '<div class="authorBio"><p>She writes on how bakers return to work.</p></div>',
    ],
)
def test_links_to_other_articles_and_boxes_stay_out(made, box: str) -> None:
    (article,) = made("a.html", page(box))
    assert "flour" not in article.text
    assert "akers" not in article.text
    assert "Related" not in article.text


@pytest.mark.parametrize(
    "part",
    [
        '<p>She said that <a href="/1">prices of flour fall</a> in all of the north of it.</p>',
        '<h2><a href="#2">Prices of flour</a></h2><p>They fall in all of the north of it.</p>',
    ],
)
def test_links_in_a_sentence_or_within_the_page_stay(made, part: str) -> None:
    assert "flour" in made("a.html", page(part))[0].text


@pytest.mark.parametrize("tag", ["time", "ins"])
def test_the_words_of_a_marked_date_or_insertion_stay(made, tag: str) -> None:
    (article,) = made("a.html", page(f"<p>{OTHER} It ends on <{tag}>5 March</{tag}>, he said.</p>"))
    assert "It ends on 5 March, he said." in article.text


def test_the_bar_of_the_wayback_machine_stays_out(made) -> None:
    bar = '<div id="wm-ipp-base"><p>9 captures from 27 Jan 2018 to 3 Apr 2018</p></div>'
    print_bar = '<div id="wm-ipp-print">The Wayback Machine - https://web.archive.org/</div>'
    (article,) = made("a.html", page(before=bar + print_bar))
    assert article.date is None
    assert "captures" not in article.text
    assert "Wayback" not in article.text


def test_the_bar_of_archive_today_stays_out(made) -> None:
    header = '<div id="HEADER">Saved from <time datetime="2019-05-05">5 May 2019</time></div>'
    content = page(before=header).replace("<article>", '<div id="CONTENT"><article>')
    (article,) = made("a.html", content)
    assert article.date is None
    assert "Saved from" not in article.text


def test_a_notice_that_is_repeated_is_read_once(made) -> None:
    notice = "<p>This content of another site is not available to you.</p>"
    (article,) = made("a.html", page(notice + f"<p>{OTHER}</p>".join([notice] * 3)))
    assert article.text.count("not available to you") == 1
