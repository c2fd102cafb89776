"""Zotero RDF: the abstracts of a library's items."""

from pathlib import Path

import pytest
from formats import documents, messages

HEAD = """<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:bib="http://purl.org/net/biblio#">
"""
NEWSPAPER = "<bib:Newspaper><dc:title>Sample Wire</dc:title></bib:Newspaper>"


def item(*fields: str, abstract: str = "The convoy arrived.", about: str = "#item_1") -> str:
    return (
        f'<bib:Article rdf:about="{about}"><z:itemType>newspaperArticle</z:itemType>'
        f"<dc:title>A convoy</dc:title>{''.join(fields)}"
        + (f"<dcterms:abstract>{abstract}</dcterms:abstract>" if abstract else "")
        + "</bib:Article>"
    )


def library(*elements: str) -> str:
    return HEAD + "\n".join(elements) + "\n</rdf:RDF>"


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ("<dc:date>27 January 2018</dc:date>", "date", "27 January 2018"),
        ("<dcterms:dateSubmitted>2020-01-01</dcterms:dateSubmitted>", "date", None),
        ("<z:language>ar</z:language>", "lang", "ar"),
        (f"<dcterms:isPartOf>{NEWSPAPER}</dcterms:isPartOf>", "source", "Sample Wire"),
        (
            f"<dcterms:isPartOf><bib:Part><dcterms:isPartOf>{NEWSPAPER}</dcterms:isPartOf>"
            "<dc:title>World</dc:title></bib:Part></dcterms:isPartOf>",
            "source",
            "Sample Wire",
        ),
        (
            "<dc:publisher><foaf:Organization><foaf:name>An Office</foaf:name>"
            "</foaf:Organization></dc:publisher>",
            "source",
            "An Office",
        ),
        (
            "<dc:identifier><dcterms:URI><rdf:value>https://example.org/1</rdf:value>"
            "</dcterms:URI></dc:identifier>",
            "url",
            "https://example.org/1",
        ),
        ("<dc:identifier>ISSN 1234-5678</dc:identifier>", "url", None),
        (
            "<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Karim</foaf:surname>"
            "<foaf:givenName>Nadia</foaf:givenName></foaf:Person></rdf:li><rdf:li><foaf:Person>"
            "<foaf:surname>Tahan</foaf:surname><foaf:givenname>Omar</foaf:givenname></foaf:Person>"
            "</rdf:li></rdf:Seq></bib:authors>",
            "author",
            "Nadia Karim, Omar Tahan",
        ),
    ],
)
def test_the_fields_of_an_item(made, fields: str, name: str, value: str | None) -> None:
    (document,) = documents(made("library.rdf", library(item(fields))))
    assert getattr(document, name) == value


def test_a_newspaper_with_a_number_is_an_element_of_its_own(made) -> None:
    part = '<dcterms:isPartOf rdf:resource="urn:issn:1234-5678"/>'
    paper = NEWSPAPER.replace("<bib:Newspaper>", '<bib:Newspaper rdf:about="urn:issn:1234-5678">')
    (document,) = documents(made("library.rdf", library(item(part), paper)))
    assert document.source == "Sample Wire"


def test_an_item_without_an_address_has_that_which_it_is_about(made) -> None:
    (document,) = documents(made("a.rdf", library(item(about="https://example.org/1"))))
    assert (document.url, document.anchor) == ("https://example.org/1", "https://example.org/1")


def test_notes_attachments_and_collections_are_no_articles(made) -> None:
    others = (
        '<bib:Memo rdf:about="#item_2"><rdf:value>&lt;p&gt;A note&lt;/p&gt;</rdf:value></bib:Memo>',
        '<z:Attachment rdf:about="#item_3"><z:itemType>attachment</z:itemType></z:Attachment>',
        '<z:Collection rdf:about="#collection_1"><dc:title>All</dc:title></z:Collection>',
    )
    items = made("library.rdf", library(item(), *others))
    assert (len(documents(items)), len(messages(items))) == (1, 1)


def test_items_without_abstracts_are_reported(made) -> None:
    assert messages(made("a.rdf", library(item(abstract=""), item(abstract="")))) == [
        "is a list of 2 records, which lists articles without their text: "
        "ingest the articles themselves"
    ]


def test_a_snapshot_beside_the_library_is_named(made, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    attached = item('<link:link rdf:resource="#item_2"/>', abstract="")
    snapshot = (
        '<z:Attachment rdf:about="#item_2"><rdf:resource rdf:resource="files/2/a.html"/>'
        "</z:Attachment>"
    )
    (note,) = made("library.rdf", library(attached, snapshot))
    assert (note.message, note.lost) == (
        "item 1 has its text in files/2/a.html: ingest that folder",
        False,
    )


def test_a_library_that_is_cut_off_keeps_what_is_whole(made) -> None:
    items = made("library.rdf", library(item(), item(about="#item_2"))[:-60])
    assert len(documents(items)) == 1
    assert "is not valid XML" in messages(items)[-1]


def test_entities_are_not_expanded(made) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    items = made("library.rdf", bomb + library(item(abstract="&b;")))
    assert messages(items) == ["defines entities of its own, which is not read: export it again"]


def test_a_feed_in_rdf_is_a_feed(made) -> None:
    content = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><item><title>One</title>'
        "<description>A text.</description></item></rdf:RDF>"
    )
    (document,) = documents(made("a.rdf", content))
    assert (document.title, document.text) == ("One", "A text.")
