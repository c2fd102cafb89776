"""One article: its text, who is named in it, and how it is cited."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Archive, Article, ArticleNotFoundError, OptionError, cite

SLUG = "2018-03-03-delegates-left-the-hall-in-sochi-after-one-day"
ARTICLE = Article(
    1,
    "2018-03-03-a-title",
    "A title: 100% true?",
    "Nadia al-Karim and عمر حداد",
    "Wire & Co",
    "https://example.org/a_b",
    "2018-03-03",
    "en",
    "a.txt",
)


def test_an_article_has_its_whole_text_in_order(corpus: Archive) -> None:
    text = corpus.article(SLUG)
    assert [paragraph.kind for paragraph in text.paragraphs] == [
        *("title", "byline", "body", "body", "body", "heading", "body")
    ]
    assert text.paragraphs[0].text == text.article.title
    assert all(paragraph.highlights == () for paragraph in text.paragraphs)


def test_what_answers_a_query_is_highlighted(corpus: Archive) -> None:
    text = corpus.article(SLUG, query="Jaafari boycott the")
    marked = [
        paragraph.text[slice(*span)]
        for paragraph in text.paragraphs
        for span in paragraph.highlights
    ]
    assert marked == ["Bashar al-Ja’afari", "boycotted", "Jaafari"]


def test_mentions_stand_at_their_offsets(corpus: Archive) -> None:
    text = corpus.article(SLUG)
    for paragraph in text.paragraphs:
        for mention in paragraph.mentions:
            assert paragraph.text[mention.start : mention.end] == mention.surface
    assert text.entities[0].slug == "bashar-al-jaafari"
    assert text.entities[0].mentions == 2


def test_the_beginning_of_a_slug_is_enough(corpus: Archive) -> None:
    assert corpus.article("2018-03-03").article.slug == SLUG


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        ("2018-03", "several articles begin with '2018-03', such as 2018-03-03-delegates"),
        ("nothing", "there is no article 'nothing': `search` finds"),
        ("", "there is no article ''"),
        ("\ud800", "there is no article"),
    ],
)
def test_a_slug_of_none_or_several_is_an_error(corpus: Archive, slug: str, message: str) -> None:
    with pytest.raises(ArticleNotFoundError, match=message):
        corpus.article(slug)


def test_an_article_as_json(corpus: Archive) -> None:
    page = json.loads(json.dumps(corpus.article(SLUG, query="Jaafari").to_dict()))
    assert list(page) == ["version", "article", "paragraphs"]
    paragraph = page["paragraphs"][2]
    assert list(paragraph) == ["id", "position", "kind", "text", "highlights", "mentions"]
    assert paragraph["mentions"][-1]["entity"] == {
        "slug": "bashar-al-jaafari",
        "name": "Bashar al-Jaafari",
        "type": "person",
    }


@pytest.mark.parametrize(
    ("style", "citation"),
    [
        (
            "text",
            "Nadia al-Karim, عمر حداد. “A title: 100% true?” Wire & Co, 2018-03-03."
            " https://example.org/a_b",
        ),
        (
            "bibtex",
            "@article{2018-03-03-a-title,\n"
            "  author = {al-Karim, Nadia and {عمر حداد}},\n"
            "  title = {{A title: 100\\% true?}},\n"
            "  journal = {Wire \\& Co},\n"
            "  entrysubtype = {newspaper},\n"
            "  year = {2018},\n"
            "  month = mar,\n"
            "  date = {2018-03-03},\n"
            "  url = {https://example.org/a_b},\n"
            "  language = {en},\n"
            "}",
        ),
        (
            "ris",
            "TY  - NEWS\nID  - 2018-03-03-a-title\nAU  - al-Karim, Nadia\nAU  - عمر حداد\n"
            "TI  - A title: 100% true?\nT2  - Wire & Co\nPY  - 2018\nDA  - 2018/03/03\n"
            "LA  - en\nUR  - https://example.org/a_b\nER  - ",
        ),
    ],
)
def test_a_citation(style: str, citation: str) -> None:
    assert cite(ARTICLE, style) == citation


def test_a_citation_for_csl_processors() -> None:
    item = json.loads(cite(ARTICLE, "csl", quote="So it is."))
    assert item["type"] == "article-newspaper"
    assert item["author"] == [{"family": "al-Karim", "given": "Nadia"}, {"literal": "عمر حداد"}]
    assert item["issued"] == {"date-parts": [[2018, 3, 3]]}
    assert item["note"] == "“So it is.”"


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(ARTICLE, author=None, source=None, url=None, published=None, title="A title.")
    assert cite(bare) == "“A title.”"
    assert "author" not in cite(bare, "bibtex")
    assert "issued" not in cite(bare, "csl")


@given(st.text(), st.text())
def test_no_text_breaks_out_of_its_field(title: str, quote: str) -> None:
    article = replace(ARTICLE, title=title)
    for line in cite(article, "ris", quote=quote).split("\n"):
        assert line[2:6] == "  - "
    bibtex = cite(article, "bibtex", quote=quote).replace(r"\{", "").replace(r"\}", "")
    assert bibtex.count("{") == bibtex.count("}")
    assert json.loads(cite(article, "csl", quote=quote))["id"] == article.slug


def test_a_style_that_there_is_not() -> None:
    with pytest.raises(OptionError, match="choose among text, bibtex, csl, ris"):
        cite(ARTICLE, "mla")


def test_each_mention_says_why(corpus: Archive) -> None:
    text = corpus.article(SLUG)
    mentions = [each for paragraph in text.paragraphs for each in paragraph.mentions]
    told = {(each.surface, each.reason, each.why) for each in mentions}
    assert ("Sochi", None, "a known name, of nobody else") in told
    assert (
        *("Bashar al-Ja’afari", None),
        "a known name of Bashar al-Jaafari, and of nobody else",
    ) in told


def test_json_has_the_reason_of_each_mention(corpus: Archive) -> None:
    for paragraph in corpus.article(SLUG).to_dict()["paragraphs"]:
        for mention in paragraph["mentions"]:
            assert mention.keys() >= {"recognizer", "reason", "why"}
            assert mention["why"]


def test_a_correction_is_a_reason(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "Talks in Sochi\n\nLavrov went to Sochi."}))
    archive.corrections.split("sergei-lavrov", "Lavrov", to="Another Lavrov", type="person")
    (article,) = archive.search("").hits
    mentions = [
        each
        for paragraph in archive.article(article.article.slug).paragraphs
        for each in paragraph.mentions
    ]
    assert {each.why for each in mentions if each.surface == "Lavrov"} == {
        "by a correction: it was found as Sergei Lavrov"
    }


def test_passages_say_why_a_name_is_one_that_is_asked_for(corpus: Archive) -> None:
    for hit in corpus.search("Jaafari").hits:
        for passage in hit.passages:
            for mention in passage.mentions:
                start = mention.start - passage.snippet.start
                assert passage.snippet.text[start:].startswith(mention.surface)
                assert (mention.entity.slug, bool(mention.why)) == ("bashar-al-jaafari", True)
            if passage.snippet.highlights:
                assert passage.mentions
