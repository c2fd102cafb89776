"""Exports of Europresse in its older and its newer form: an article in each document."""

import pytest
from formats import documents, messages

NUMBER = "news·20180307·JEX·0q1503_1256056"


def article(**fields: str) -> str:
    values = {
        "source": '<div><span class="DocPublicationName">Journal Exemple, no. 12 </span></div>',
        "header": "International, mardi 6 mars 2018, p. 16",
        "title": '<div class="titreArticle"><p class="titreArticleVisu">Titre</p></div>',
        "author": "<div>Claire Aubert</div>",
        "text": "<div class='docOcurrContainer'><p>Un <mark>mot</mark>.</p><p>Deux.</p></div>",
        "number": f"<p>Numéro de document : {NUMBER}</p>",
    } | fields
    return f"""<article> <header> {values["source"]}
<div><span class="DocHeader">{values["header"]}</span></div> <div><p>MONDE</p></div>
{values["title"]} {values["author"]} </header> <section> <div class="DocText">
{values["text"]} </div> </section> <aside><div><b>Note(s) : </b></div></aside>
<footer> <small>© 2018 Exemple. Tous droits réservés.</small> {values["number"]}
<div id="divPubliC"> <div> <span>Date d'émission : <b>2019-07-04</b></span> </div></div>
</footer> </article>"""


def page(*articles: str) -> str:
    return (
        f"<!DOCTYPE html><html><head><title></title></head><body>{' '.join(articles)}</body></html>"
    )


def test_each_document_is_an_article(made) -> None:
    first, second = made("a.html", page(article(), article(number="")))
    assert (first.title, first.author, first.source, first.date, first.anchor) == (
        "Titre",
        "Claire Aubert",
        "Journal Exemple",
        "2018-03-06",
        NUMBER,
    )
    assert first.text == "Un mot.\n\nDeux."
    assert (second.anchor, second.positional) == ("2", True)


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("mardi 6 mars 2018", "2018-03-06"),
        ("Spécial 11 septembre 2001, mardi 6 mars 2018, p. 4", "2018-03-06"),
        ("Politique, jeudi 1er mars 2018 - 10:15 UTC", "2018-03-01"),
        ("Tuesday, March 6, 2018 13887 mots, p. 819(40)", "March 6, 2018"),
        ("International, Tuesday, March 6, 2018, p. 16", "March 6, 2018"),
        ("Politik, Dienstag, 6. März 2018, S. 4", "2018-03-06"),
        ("martes 6 marzo 2018", "2018-03-06"),
        ("no date", None),
    ],
)
def test_the_date_is_in_the_line_below_the_source(made, header: str, day: str | None) -> None:
    (only,) = made("a.html", page(article(header=header)))
    assert day == only.date or (day and only.date and day in only.date)


@pytest.mark.parametrize(
    ("fields", "author"),
    [
        ({}, "Claire Aubert"),
        ({"author": ""}, None),
        ({"author": '<div class="docAuthors">Nour Sabbagh</div>'}, "Nour Sabbagh"),
        ({"author": '<p class="sm-margin-bottomNews">Nour Sabbagh</p>'}, "Nour Sabbagh"),
        ({"author": "<div>Une longue phrase qui ouvre le texte, et qui finit.</div>"}, None),
    ],
)
def test_the_author_is_below_the_title(made, fields: dict[str, str], author: str | None) -> None:
    (only,) = made("a.html", page(article(**fields)))
    assert only.author == author


@pytest.mark.parametrize(
    ("fields", "paragraphs"),
    [
        ({"text": "<p>Un.</p>"}, ["Un."]),
        ({"text": "<p>Un.</p> </div> </div>"}, ["Un."]),
        ({"author": "<div>Une phrase qui ouvre le texte.</div>"}, 3),
        ({"title": '<p class="titreArticleVisu grandTitre">Titre</p>'}, 2),
        ({"title": '<p class="x titreArticleVisu rdp__articletitle">Titre</p>'}, 2),
    ],
)
def test_the_text_is_that_of_the_section(made, fields: dict[str, str], paragraphs) -> None:
    (only,) = made("a.html", page(article(**fields)))
    found = only.text.split("\n\n")
    assert only.title == "Titre"
    assert found == paragraphs or len(found) == paragraphs


def test_a_document_without_text_is_a_problem_and_the_others_come(made) -> None:
    items = made("a.html", page(article(text=""), article()))
    assert messages(items) == ["article 1 has no text: it may have to be downloaded"]
    assert len(documents(items)) == 1


OLD = """<table><tr><td><table id="tbHeaderImages"><tr><td><img src="a.gif"><br></td></tr></table>\
<span class="DocPublicationName">Journal Exemple</span><br><span class="DocHeader">Monde, </span>\
<span class="DocHeader">jeudi </span><span class="DocHeader">5 octobre 2017</span><br><br>\
<span class="TitreArticleVisu">Un <span style="color:red">mot</span></span><br><br>{author}\
{text}<p></p><b><i>© 2017 Exemple. Tous droits réservés.</i></b><p></p>Numéro de document : \
news·20171005·JEX·2040056000<br><table><tr><td align="center">Date d'émission : <b>2018-10-05</b>\
</td></tr></table></td></tr></table><p>"""
BYLINE = "Claire Aubert<br><p></p>"


@pytest.mark.parametrize(
    ("author", "text", "paragraphs"),
    [
        (BYLINE, "Un.<p></p>Deux.", ["Un.", "Deux."]),
        ("", "Un.<p></p>Deux.", ["Un.", "Deux."]),
        (BYLINE, '<font style="x">Un.</font> Deux.', ["Un. Deux."]),
        ("", "Un titre intermédiaire", ["Un titre intermédiaire"]),
    ],
)
def test_each_table_of_the_older_form_is_an_article(
    made, author: str, text: str, paragraphs
) -> None:
    content = OLD.format(author=author, text=text)
    first, second = made("a.html", f"<html><body>{content}{content}</body></html>")
    assert (first.title, first.source, first.date) == ("Un mot", "Journal Exemple", "2017-10-05")
    assert first.author == ("Claire Aubert" if author else None)
    assert first.text.split("\n\n") == paragraphs
    assert second.anchor == "news·20171005·JEX·2040056000~2"
