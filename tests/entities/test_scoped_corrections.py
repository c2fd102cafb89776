"""Corrections of one mention, one article, or one spelling in one source."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Archive, ArticleNotFoundError, CorrectionScope, OptionError
from syriasearch.entities.editing.correction_scope import find_occurrences, locate

Folder = Callable[..., Path]
ZAHRAN = "zahran-alloush"
HILL = (
    "Alloush on the hill\n\n"
    "Zahran Alloush led Jaysh al-Islam. Alloush said in Douma that the army had lost.\n\n"
    "Shells fell on Alloush near Latakia on Monday. Then Alloush was quiet.\n"
)
OTHER = "In Douma\n\nZahran Alloush spoke in Douma. Alloush left.\n"
WIRE = "---\nsource: {}\n---\n# {}\n\nZahran Alloush of Jaysh al-Islam. Alloush said so.\n"


@pytest.fixture
def news(archive: Archive, folder: Folder) -> Archive:
    archive.ingest(folder({"hill.txt": HILL, "other.txt": OTHER}))
    return archive


def named(archive: Archive, article: str = "alloush-on-the-hill", slug: str = ZAHRAN) -> list[str]:
    """Return the names of an entity in an article, each with the number of its paragraph."""
    text = archive.article(article)
    return [
        f"{each.position} {mention.surface}"
        for each in text.paragraphs
        for mention in each.mentions
        if mention.entity.slug == slug
    ]


ALL = ["0 Alloush", "1 Zahran Alloush", "1 Alloush", "2 Alloush", "2 Alloush"]


def test_one_mention_is_not_him(news: Archive) -> None:
    assert named(news) == ALL
    news.corrections.is_not(ZAHRAN, "Alloush", article="alloush-on-the-hill", occurrence=4)
    assert named(news) == ALL[:-1]
    assert news.entity(ZAHRAN).mentions == 6
    assert news.check() == ()


def test_json_numbers_the_occurrences_of_each_mention(news: Archive) -> None:
    paragraphs = news.article("alloush-on-the-hill").to_dict()["paragraphs"]
    numbers = [
        (each["surface"], each["occurrence"])
        for paragraph in paragraphs
        for each in paragraph["mentions"]
        if each["entity"]["slug"] == ZAHRAN
    ]
    # The third Alloush is part of Zahran Alloush: it is counted, but no mention of its own.
    assert numbers == [
        *(("Alloush", 1), ("Zahran Alloush", 1), ("Alloush", 3), ("Alloush", 4), ("Alloush", 5)),
    ]


def test_an_article_is_not_about_him(news: Archive) -> None:
    made = news.corrections.is_not(ZAHRAN, article="in-douma")
    assert str(made) == "not zahran-alloush, in in-douma"
    assert named(news, "in-douma") == []
    assert named(news) == ALL
    assert [hit.article.slug for hit in news.search(f"entity:{ZAHRAN}").hits] == [
        "alloush-on-the-hill"
    ]


def test_a_spelling_in_an_article_is_not_him(news: Archive) -> None:
    news.corrections.is_not(ZAHRAN, "ALLOUSH", article="alloush-on")
    assert named(news) == ["1 Zahran Alloush"]


def test_a_spelling_in_a_source_is_not_him(archive: Archive, folder: Folder) -> None:
    files = {f"{each}.md": WIRE.format(each, f"From {each}") for each in ("SANA", "AFP")}
    archive.ingest(folder(files))
    archive.corrections.is_not(ZAHRAN, "Alloush", source="SANA")
    assert named(archive, "from-sana") == ["1 Zahran Alloush"]
    assert named(archive, "from-afp") == ["1 Zahran Alloush", "1 Alloush"]
    archive.ingest(folder({"more.md": WIRE.format("SANA", "More")}))
    assert named(archive, "more") == ["1 Zahran Alloush"]
    assert archive.check() == ()


def test_what_is_not_his_can_be_said_to_be_anothers(news: Archive) -> None:
    place = {"article": "alloush-on-the-hill", "occurrence": 4}
    news.corrections.is_not(ZAHRAN, "Alloush", **place, to="Mount Alloush", type="place")
    assert named(news, slug="mount-alloush") == ["2 Alloush"]
    news.corrections.split(ZAHRAN, article="in-douma", to="Mount Alloush")
    assert named(news, "in-douma", "mount-alloush") == ["1 Zahran Alloush", "1 Alloush"]
    assert news.search("", entity="mount alloush").total == 2
    # What is another's in some articles only is no name of that one.
    assert news.search("", entity="Alloush").total == 1


def test_search_by_name_follows(news: Archive) -> None:
    news.corrections.is_not(ZAHRAN, article="in-douma")
    page = news.search("Zahran Alloush", match="all", facets=["entity"])
    counts = {each.value: each.count for each in page.facets[0].values}
    assert counts.get(ZAHRAN) == 1
    profile = news.entity(ZAHRAN)
    assert (profile.articles, profile.mentions) == (1, 5)
    assert "in-douma" not in [hit.article.slug for hit in profile.latest]
    nodes = {each.entity.slug: each.articles for each in news.network().nodes}
    assert nodes[ZAHRAN] == 1
    assert news.timeline(f"entity:{ZAHRAN}").undated == (1,)


EDITS = {
    "the same": lambda text: text,
    "another paragraph first": lambda text: text.replace("hill\n", "hill\n\nAlloush is here.\n", 1),
    "paragraphs in another order": lambda text: "\n\n".join(
        [text.split("\n\n")[each] for each in (0, 2, 1)]
    ),
    "other words after it": lambda text: text.replace("shelled on Monday", "bombed on Sunday"),
    "a word before it": lambda text: text.replace("Shells fell", "Many shells fell"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_one_mention_is_recognized_in_an_edited_article(
    news: Archive, folder: Folder, edit: Callable[[str], str]
) -> None:
    news.corrections.is_not(ZAHRAN, "Alloush", article="alloush-on-the-hill", occurrence=4)
    news.ingest(folder({"hill.txt": edit(HILL)}))
    (text,) = [
        each.text
        for each in news.article("alloush-on-the-hill").paragraphs
        if "Latakia" in each.text
    ]
    spans = [
        mention.start
        for each in news.article("alloush-on-the-hill").paragraphs
        for mention in each.mentions
        if each.text == text and mention.entity.slug == ZAHRAN
    ]
    assert spans == [text.rindex("Alloush")]
    assert news.corrections.unsure() == ()
    assert news.check() == ()


def test_if_it_is_unsure_which_mention_is_meant_none_so_spelt_counts(
    news: Archive, folder: Folder
) -> None:
    place = {"article": "alloush-on-the-hill", "occurrence": 4}
    news.corrections.is_not(ZAHRAN, "Alloush", **place, to="Mount Alloush", type="place")
    old = "Shells fell on Alloush near Latakia on Monday."
    news.ingest(folder({"hill.txt": HILL.replace(old, "Rebels fled from Alloush to the sea.")}))
    assert named(news) == ["1 Zahran Alloush"]
    assert named(news, slug="mount-alloush") == []
    assert [each.id for each in news.corrections.unsure()] == [1]
    assert news.check() == ()


def test_a_copy_of_the_article_follows(archive: Archive, folder: Folder) -> None:
    long = HILL + "\n" + " ".join(f"word{each}" for each in range(40)) + "\n"
    archive.ingest(folder({"hill.txt": long, "copy.txt": long.replace("word7 ", "")}))
    archive.corrections.is_not(ZAHRAN, "Alloush", article="alloush-on-the-hill", occurrence=4)
    assert named(archive, "alloush-on-the-hill-2") == ALL[:-1]
    archive.ingest(folder({"later.txt": long}))
    assert named(archive, "alloush-on-the-hill-3") == ALL[:-1]
    archive.corrections.undo()
    for number in ("", "-2", "-3"):
        assert named(archive, f"alloush-on-the-hill{number}") == ALL


def test_a_renamed_file_is_the_same_article(news: Archive, folder: Folder) -> None:
    news.corrections.is_not(ZAHRAN, article="in-douma")
    (folder({}) / "other.txt").rename(folder({}) / "renamed.txt")
    news.ingest(folder({}), prune=True)
    (article,) = [
        hit.article for hit in news.search("Douma").hits if hit.article.path == "renamed.txt"
    ]
    assert named(news, article.slug) == []


def test_reindex_keeps_it(news: Archive) -> None:
    news.corrections.is_not(ZAHRAN, "Alloush", article="alloush-on-the-hill", occurrence=4)
    news.corrections.is_not(ZAHRAN, article="in-douma")
    news.reindex()
    assert named(news) == ALL[:-1]
    assert named(news, "in-douma") == []


def test_it_is_kept_through_a_merge_and_its_undoing(news: Archive) -> None:
    news.corrections.is_not(ZAHRAN, article="in-douma")
    news.corrections.merge(ZAHRAN, "jaysh-al-islam")
    assert named(news, "in-douma", "jaysh-al-islam") == []
    news.corrections.is_not("jaysh-al-islam", "Alloush", article="alloush-on-the-hill")
    assert named(news, slug="jaysh-al-islam") == ["1 Zahran Alloush", "1 Jaysh al-Islam"]
    news.corrections.undo(2)
    assert named(news) == ALL
    assert named(news, "in-douma") == []
    assert news.check() == ()


def test_what_goes_to_another_goes_on_with_that_one(news: Archive) -> None:
    news.corrections.split(ZAHRAN, article="in-douma", to="Mount Alloush", type="place")
    news.corrections.merge("mount-alloush", "douma")
    assert named(news, "in-douma", "douma").count("1 Zahran Alloush") == 1
    news.corrections.undo()
    assert named(news, "in-douma", "mount-alloush") == ["1 Zahran Alloush", "1 Alloush"]
    with pytest.raises(OptionError, match="cannot be split to itself"):
        news.corrections.split(ZAHRAN, article="alloush-on-the-hill", to=ZAHRAN)


def test_the_history_says_where(news: Archive) -> None:
    news.corrections.is_not(ZAHRAN, "Alloush", article="alloush-on-the-hill", occurrence=4)
    news.corrections.is_not(ZAHRAN, article="in-douma", to="douma")
    first, second = news.corrections.history()
    assert str(first) == "not zahran-alloush, in alloush-on-the-hill: Alloush, occurrence 4"
    assert str(second) == "not zahran-alloush, but douma, in in-douma"
    scope = first.to_dict()["scope"]
    assert (scope["before"], scope["after"][0]) == (["shells", "fell", "on"], "near")
    assert json.loads(json.dumps(second.to_dict()))["scope"]["articles"] == ["in-douma"]


REFUSED = [
    (("nobody",), {"article": "in-douma"}, "there is no entity 'nobody'"),
    ((ZAHRAN,), {}, "say where that is not the entity: in an article, or in a source"),
    ((ZAHRAN,), {"article": "in-douma", "source": "SANA"}, "an article has one source"),
    ((ZAHRAN,), {"source": "SANA"}, "a source needs a spelling"),
    ((ZAHRAN, "Alloush"), {"source": "SANA"}, "no article has the source 'SANA'"),
    ((ZAHRAN, "Alloush"), {"source": "Wire"}, "no article of Wire names zahran-alloush"),
    ((ZAHRAN, "Alloush"), {"source": "wir"}, "no article has the source 'wir'; did you mean Wire?"),
    (("sochi", "Allush"), {"source": "Wire"}, "sochi is never spelt 'Allush' in articles of Wire"),
    (("sochi",), {"article": "in-douma"}, "in-douma does not name sochi"),
    ((ZAHRAN, "Allush"), {"article": "in-douma"}, "zahran-alloush is never spelt 'Allush' in in-d"),
    ((ZAHRAN, "Alloush"), {"occurrence": 1, "source": "Wire"}, "an occurrence is counted in an"),
    ((ZAHRAN,), {"article": "in-douma", "occurrence": 1}, "an occurrence is that of a spelling"),
    (
        (ZAHRAN, "Alloush"),
        {"article": "in-douma", "occurrence": 9},
        "occurrence 9 of 'Alloush' in in-douma is no mention of zahran-alloush: of its 2 "
        "occurrences those are: 2",
    ),
    (
        (ZAHRAN, "alloush"),
        {"article": "in-douma", "occurrence": 1},
        "zahran-alloush is never spelt",
    ),
    (
        (ZAHRAN, "Alloush"),
        {"article": "in-douma", "occurrence": 0},
        "occurrence takes a whole numb",
    ),
    ((ZAHRAN, "Alloush"), {"article": "in-douma", "occurrence": True}, "occurrence takes a whole"),
    ((ZAHRAN,), {"article": 3}, "article takes a text, not 3"),
    ((ZAHRAN,), {"article": "in-douma", "type": "place"}, "a type is that of a new entity"),
    (
        (ZAHRAN,),
        {"article": "in-douma", "to": "Nobody At All"},
        "there is no entity 'Nobody At All'",
    ),
    ((ZAHRAN,), {"article": "in-douma", "to": ZAHRAN}, "zahran-alloush cannot be split to itself"),
]


@pytest.mark.parametrize(("arguments", "options", "message"), REFUSED, ids=str)
def test_what_cannot_be_is_refused(
    news: Archive, folder: Folder, arguments: tuple, options: dict, message: str
) -> None:
    wire = "---\nsource: Wire\n---\n# Quiet\n\nIt was quiet in Sochi.\n"
    news.ingest(folder({"wire.md": wire}))
    with pytest.raises(OptionError) as caught:
        news.corrections.is_not(*arguments, **options)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert news.corrections.history() == ()


def test_an_article_is_given_by_its_slug_or_its_beginning(news: Archive) -> None:
    for slug, message in (
        ("nothing", "there is no article 'nothing'"),
        ("", "there is no article"),
    ):
        with pytest.raises(ArticleNotFoundError, match=message):
            news.corrections.is_not(ZAHRAN, article=slug)


def test_twice_the_same_is_refused_by_its_number(news: Archive) -> None:
    for options in ({"article": "in-douma"}, {"article": "alloush-on-the-hill", "occurrence": 4}):
        spelling = ["Alloush"] if "occurrence" in options else []
        number = news.corrections.is_not(ZAHRAN, *spelling, **options).id
        with pytest.raises(OptionError, match=f", since correction {number}"):
            news.corrections.is_not(ZAHRAN, *spelling, **options)


def test_a_correction_of_one_article_writes_just_that(news: Archive, sql: Callable) -> None:
    news.corrections.is_not(ZAHRAN, article="in-douma")
    counts = sql(news, "SELECT length(articles) / 4, length(deleted) / 4 FROM segments ORDER BY id")
    assert counts == [(2, 1), (1, 0)]


TEXTS = st.lists(
    st.lists(
        st.sampled_from(["Alloush", "the", "hill", "said", "of", "علوش", "army."]), max_size=12
    ).map(" ".join),
    min_size=1,
    max_size=4,
)


@given(TEXTS, st.data())
def test_an_occurrence_is_recognized_where_it_is(texts: list[str], data: st.DataObject) -> None:
    occurrences = list(find_occurrences(texts, "Alloush"))
    if not occurrences:
        return
    chosen = data.draw(st.sampled_from(occurrences))
    scope = CorrectionScope(occurrence=chosen.number, before=chosen.before, after=chosen.after)
    assert locate(scope, "Alloush", texts) == (chosen,)
    moved = locate(scope, "Alloush", data.draw(st.permutations(texts)))
    assert moved is not None
    assert {(each.before, each.after) for each in moved} == {(chosen.before, chosen.after)}


@pytest.mark.parametrize("spelling", ["", "nowhere"])
def test_what_is_not_there_is_unsure(spelling: str) -> None:
    scope = CorrectionScope(occurrence=1, before=("the",), after=("of",))
    assert locate(scope, spelling, ["Alloush said", ""]) is None


def test_corrections_are_undone_in_edited_articles(news: Archive, folder: Folder) -> None:
    news.corrections.is_not(ZAHRAN, "Alloush", article="alloush-on-the-hill", occurrence=4)
    news.corrections.split(ZAHRAN, article="in-douma", to="Mount Alloush", type="place")
    news.ingest(folder({"hill.txt": HILL + "\nAlloush, again.\n", "other.txt": OTHER + "\nSo.\n"}))
    news.reindex()
    news.corrections.undo(1)
    news.corrections.undo(2)
    assert named(news) == [*ALL, "3 Alloush"]
    assert named(news, "in-douma") == ["1 Zahran Alloush", "1 Alloush"]
    assert news.check() == ()
