"""What a person says of entities is kept, followed everywhere, and undone without a trace."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syriasearch import Archive, ArchiveError, ArchiveReadOnlyError, Correction, OptionError

Folder = Callable[..., Path]

FIRST = {
    "talks.txt": "Talks in Sochi\n\nBashar al-Jaafari met Sergei Lavrov and Staffan de Mistura.\n\n"
    "Jaafari said that the Kremlin's man, Mr. Lavrov, had agreed in Geneva.",
    "snc.txt": "The SNC says no\n\nThe SNC will not come to Sochi, said Nasr al-Hariri.\n\n"
    "General Hamid al-Rifai came. Rifai left.",
    "arabic.txt": "محادثات سوتشي\n\nقال الجعفري إن لافروف وافق. وقال دي ميستورا إن الهيئة العليا",
}
WIRE = {
    "wire.md": "---\nsource: Wire\n---\n# He leaves\n\nLavrov left Sochi, Jaafari the Kremlin.\n\n"
    "Lavrov had met Lavrov."
}
SECOND = {
    "more.txt": "Lavrov again\n\nThe Kremlin's man came to Geneva, and de Mistura to Sochi.\n\n"
    "General Hamid Al Rifai did not, nor did Colonel Munir Halabi. Halabi said so.",
    "rain.txt": "It rained in Homs\n\nAl-Jaafari, the envoy of the SNC, was wet. So was Hariri.",
}


def rows(path: Path) -> Counter[tuple]:
    """Return all that an archive says of who is named, without ids and slugs of articles."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            'SELECT articles.path, position, start, "end", surface, owner.slug, found.slug,'
            " recognizer, reason FROM mentions JOIN paragraphs ON paragraphs.id = paragraph_id"
            " JOIN articles ON articles.id = article_id"
            " LEFT JOIN entities AS owner ON owner.id = entity_id"
            " LEFT JOIN entities AS found ON found.id = found_id"
        ).fetchall()
        found += connection.execute(
            "SELECT slug, name, type, description, wikidata, since, until, follows, origin,"
            " found_name FROM entities"
        ).fetchall()
        found += connection.execute(
            "SELECT alias, lang, key, owner.slug, found.slug, correction_id IS NULL FROM aliases"
            " LEFT JOIN entities AS owner ON owner.id = entity_id"
            " LEFT JOIN entities AS found ON found.id = found_id"
        ).fetchall()
    return Counter(found)


@pytest.fixture
def news(archive: Archive, folder: Folder) -> Archive:
    archive.ingest(folder(FIRST))
    return archive


def total(archive: Archive, query: str = "", **options: str) -> int:
    return archive.search(query, match="all", **options).total


def entities(archive: Archive, slug: str = "talks-in-sochi") -> dict[str, int]:
    return {each.slug: each.mentions for each in archive.article(slug).entities}


def test_a_merged_entity_counts_for_the_other(news: Archive) -> None:
    before = entities(news)
    made = news.corrections.merge("staffan-de-mistura", "Sergei Lavrov")
    assert (made.action, made.entity, made.other) == (
        "merge",
        "staffan-de-mistura",
        "sergei-lavrov",
    )
    after = entities(news)
    assert "staffan-de-mistura" not in after
    assert after["sergei-lavrov"] == before["sergei-lavrov"] + before["staffan-de-mistura"]
    assert news.check() == ()


@pytest.mark.parametrize("name", ["Staffan de Mistura", "staffan-de-mistura", "Lavrov", "لافروف"])
def test_a_merged_entity_is_found_by_the_names_of_both(news: Archive, name: str) -> None:
    news.corrections.merge("staffan-de-mistura", "sergei-lavrov")
    assert total(news, entity=name) == 2
    assert total(news, f'entity:"{name}"') == 2


def test_facets_and_completion_follow(news: Archive) -> None:
    news.corrections.merge("staffan-de-mistura", "sergei-lavrov")
    (facet,) = news.search("", facets=("entity",)).facets
    assert {each.value for each in facet.values} >= {"sergei-lavrov"}
    assert "staffan-de-mistura" not in {each.value for each in facet.values}
    assert [each.value for each in news.values("entity", "staffan")] == ["sergei-lavrov"]


def test_a_chain_of_merges_leads_to_its_end(news: Archive) -> None:
    news.corrections.merge("geneva", "kremlin")
    news.corrections.merge("kremlin", "sochi")
    assert {"geneva", "kremlin"} & entities(news).keys() == set()
    assert entities(news)["sochi"] == 3
    news.corrections.undo(1)
    assert entities(news)["geneva"] == 1
    assert entities(news)["sochi"] == 2


def test_what_is_merged_into_a_merged_entity_goes_on_with_it(news: Archive) -> None:
    news.corrections.merge("kremlin", "sochi")
    assert news.corrections.merge("geneva", "kremlin").other == "sochi"


def test_a_name_of_both_counts_once_after_a_merge(news: Archive) -> None:
    assert entities(news, "the-snc")["syrian-national-council"] == 2
    news.corrections.merge("syrian-national-coalition", "syrian-national-council")
    assert entities(news, "the-snc")["syrian-national-council"] == 2
    news.corrections.merge("syrian-negotiations-commission", "syrian-national-council")
    assert entities(news, "the-snc")["syrian-national-council"] == 2
    assert news.check() == ()


def test_a_split_takes_the_mentions_that_are_spelt_so(news: Archive) -> None:
    made = news.corrections.split(
        "bashar-al-jaafari", "jaafari", to="Ibrahim Jaafari", type="person"
    )
    assert made.other == "ibrahim-jaafari"
    found = entities(news)
    assert (found["bashar-al-jaafari"], found["ibrahim-jaafari"]) == (1, 1)
    assert total(news, entity="Ibrahim Jaafari") == 1
    assert total(news, entity="bashar-al-jaafari") == 2
    assert news.check() == ()


def test_a_split_can_lead_to_an_entity_that_there_is(news: Archive) -> None:
    news.corrections.split("bashar-al-jaafari", "الجعفري", to="Zahir al-Jaafari", type="person")
    news.corrections.split("bashar-al-jaafari", "Jaafari", to="zahir-al-jaafari")
    assert entities(news)["zahir-al-jaafari"] == 1
    assert total(news, entity="zahir-al-jaafari") == 2


def test_a_renamed_entity_is_found_by_both_names(news: Archive) -> None:
    news.corrections.rename("Lavrov", "Sergey Viktorovich")
    names = {each.slug: each.name for each in news.article("talks-in-sochi").entities}
    assert names["sergei-lavrov"] == "Sergey Viktorovich"
    for name in ("Sergey Viktorovich", "Sergei Lavrov", "sergei-lavrov"):
        assert total(news, entity=name) == 2
    news.corrections.rename("sergei-lavrov", "The Minister")
    news.corrections.undo()
    names = {each.slug: each.name for each in news.article("talks-in-sochi").entities}
    assert names["sergei-lavrov"] == "Sergey Viktorovich"


def test_a_hidden_entity_is_named_nowhere_and_found_by_no_name(news: Archive) -> None:
    news.corrections.hide("sergei-lavrov")
    assert "sergei-lavrov" not in entities(news)
    for name in ("sergei-lavrov", "Lavrov", "لافروف"):
        assert total(news, entity=name) == 0
    assert news.search("Lavrov", explain=True).explanation == ("lavrov: lavrov",) or total(
        news, "Lavrov"
    )
    (facet,) = news.search("", facets=("entity",)).facets
    assert "sergei-lavrov" not in {each.value for each in facet.values}
    assert news.check() == ()


def test_an_added_alias_is_a_mention_wherever_it_stands(news: Archive) -> None:
    news.corrections.add_alias("sergei-lavrov", "Kremlin’s man")
    assert entities(news)["sergei-lavrov"] == 3
    assert "kremlin" not in entities(news), "the longest name wins"
    assert total(news, entity="the Kremlins man") in (0, 2)
    assert news.check() == ()


def test_an_added_alias_in_arabic_is_found_with_what_is_written_to_it(
    archive: Archive, folder: Folder
) -> None:
    text = "خبر\n\nاجتمعت الصخرة الزرقاء. وقال للصخرة الزرقاء والصخرة الزرقاء. صخرة زرقاء"
    archive.ingest(folder({**FIRST, "a.txt": text}))
    archive.corrections.add_alias("sochi", "الصخرة الزرقاء")
    (hit,) = [each for each in archive.search("", limit=9).hits if each.article.path == "a.txt"]
    assert entities(archive, hit.article.slug) == {"sochi": 3}


def test_an_alias_of_an_entity_that_a_split_made_is_found(news: Archive, folder: Folder) -> None:
    news.corrections.split("bashar-al-jaafari", "Jaafari", to="Ibrahim Jaafari", type="person")
    news.corrections.add_alias("ibrahim-jaafari", "agreed")
    assert entities(news)["ibrahim-jaafari"] == 2
    news.ingest(folder({"b.txt": "Who else agreed?"}))
    assert total(news, entity="ibrahim-jaafari") == 2
    with pytest.raises(OptionError, match="needs ibrahim-jaafari, which 1 made"):
        news.corrections.undo(1)


def test_an_entity_that_nobody_names_yet_can_be_spoken_of(news: Archive, folder: Folder) -> None:
    news.corrections.merge("sochi", "homs")
    assert total(news, entity="homs") == 3
    news.corrections.hide("Idlib")
    news.ingest(folder({"b.txt": "Idlib was quiet, and Homs too."}))
    assert (total(news, entity="homs"), total(news, entity="idlib")) == (4, 0)


def test_history_has_all_in_order_and_what_was_undone(news: Archive) -> None:
    assert news.corrections.history() == ()
    news.corrections.hide("sochi")
    news.corrections.rename("geneva", "Genf")
    news.corrections.undo(1)
    first, second = news.corrections.history()
    assert (first.action, first.entity, first.undone_at is None) == ("hide", "sochi", False)
    assert (second.action, second.name, second.undone_at) == ("rename", "Genf", None)
    assert isinstance(second, Correction)


def test_undo_takes_the_latest_that_is_in_force(news: Archive) -> None:
    before = rows(news.path)
    news.corrections.hide("sochi")
    news.corrections.hide("geneva")
    assert news.corrections.undo().entity == "geneva"
    assert news.corrections.undo().entity == "sochi"
    assert rows(news.path) == before
    with pytest.raises(OptionError, match="there is no correction to undo"):
        news.corrections.undo()


def test_corrections_hold_for_a_changed_article(news: Archive, folder: Folder) -> None:
    news.corrections.hide("geneva")
    news.corrections.add_alias("sochi", "Black Sea resort")
    folder({"talks.txt": "Talks in Sochi\n\nIn the Black Sea resort they spoke of Geneva."})
    news.ingest(folder({}))
    assert entities(news) == {"sochi": 2}


def test_a_correction_outlives_the_articles_that_it_speaks_of(
    news: Archive, folder: Folder
) -> None:
    news.corrections.rename("kremlin", "The Castle")
    news.corrections.hide("geneva")
    (folder({}) / "talks.txt").unlink()
    news.ingest(folder({}), prune=True)
    news.ingest(folder({"talks.txt": FIRST["talks.txt"]}))
    names = {each.name for each in news.article("talks-in-sochi").entities}
    assert "The Castle" in names
    assert "Geneva" not in names


REFUSED = [
    (("merge", "sochi", "Sochi"), "sochi cannot be merged into itself"),
    (("merge", "sochi", "Sochy"), "there is no entity 'Sochy'; did you mean sochi"),
    (("merge", "nobody-at-all", "sochi"), "there is no entity 'nobody-at-all'"),
    (("merge", "SNC", "sochi"), "'SNC' may be syrian-national-coalition, syrian-national-council"),
    (("merge", " ", "sochi"), "an entity is given by its slug or by a name"),
    (("merge", "", "sochi"), "an entity is given by its slug or by a name"),
    (("hide", "…"), "there is no entity '…'"),
    (("add_alias", "sochi", "S"), "the alias 'S' is too short to be found"),
    (("add_alias", "sochi", "  "), "the alias '  ' is too short"),
    (("add_alias", "sochi", "word " * 99), "the alias is too long: a name has 200 characters"),
    (("add_alias", "sochi", "of the"), "'of the' is too common a word to be a name"),
    (("add_alias", "sochi", "SOCHI"), "sochi has the name SOCHI already"),
    (("add_alias", "sochi", "Lavrov"), "Lavrov is a name of sergei-lavrov already: merge the two"),
    (("add_alias", "sochi", "Idlib"), "Idlib is a name of idlib already"),
    (("rename", "sochi", ""), "the new name '' is too short"),
    (("rename", "sochi", "Sochi"), "sochi is called Sochi already"),
    (("rename", "sochi", "Geneva"), "Geneva is a name of geneva already"),
    (("hide", 7), "entity takes a text, not 7"),
    (("undo", 7), "there is no correction 7"),
    (("undo", "x"), "id takes the number of a correction, not 'x'"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=str)
def test_what_cannot_be_is_refused_in_one_line(news: Archive, call: tuple, message: str) -> None:
    news.corrections.hide("kremlin")
    before = rows(news.path)
    name, *arguments = call
    with pytest.raises(OptionError) as caught:
        getattr(news.corrections, name)(*arguments)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert rows(news.path) == before
    assert len(news.corrections.history()) == 1


SPLITS = [
    ((), {"to": "X Y", "type": "person"}, "a split needs a spelling at least"),
    (("Lavrof",), {"to": "X Y", "type": "person"}, "sergei-lavrov is never spelt 'Lavrof', but"),
    (("Lavrov",), {"to": "X Y", "type": "rock"}, "type takes person, organization, group, place"),
    (("Lavrov",), {"to": "X Y"}, "there is no entity 'X Y'; to make it, give its type"),
    (("Lavrov",), {"to": "Sochi", "type": "place"}, "Sochi is sochi already: leave out the type"),
    (("Lavrov",), {"to": "Idlib", "type": "place"}, "Idlib is idlib already: leave out the type"),
    (("Lavrov",), {"to": "sergei-lavrov"}, "sergei-lavrov cannot be split to itself"),
    (("Lavrov",), {"to": ""}, "the other entity's name '' is too short"),
]


@pytest.mark.parametrize(("spellings", "options", "message"), SPLITS, ids=str)
def test_a_split_that_cannot_be_is_refused(
    news: Archive, spellings: tuple[str, ...], options: dict[str, str], message: str
) -> None:
    with pytest.raises(OptionError) as caught:
        news.corrections.split("sergei-lavrov", *spellings, **options)
    assert str(caught.value).startswith(message)


def test_a_circle_of_merges_is_refused(news: Archive) -> None:
    news.corrections.merge("sochi", "geneva")
    news.corrections.merge("geneva", "kremlin")
    with pytest.raises(OptionError, match="kremlin cannot be merged into itself"):
        news.corrections.merge("kremlin", "sochi")


def test_what_was_merged_or_hidden_is_corrected_no_further(news: Archive) -> None:
    news.corrections.merge("sochi", "geneva")
    with pytest.raises(OptionError, match="sochi counts for geneva since correction 1"):
        news.corrections.hide("sochi")
    news.corrections.hide("geneva")
    for name in ("geneva", "Geneva", "sochi"):
        with pytest.raises(OptionError, match="geneva is hidden: `undo 2`"):
            news.corrections.merge("kremlin", name)
        with pytest.raises(OptionError, match="is hidden: `undo 2`"):
            news.corrections.rename(name, "Another")


def test_a_correction_that_cannot_be_written_changes_nothing(
    news: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(news.path)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("syriasearch.index.segment_writer.SegmentWriter.flush", full)
    for call in (
        lambda: news.corrections.merge("sochi", "geneva"),
        lambda: news.corrections.add_alias("sochi", "agreed"),
    ):
        with pytest.raises(ArchiveError, match="no room to write"):
            call()
    monkeypatch.undo()
    assert rows(news.path) == before
    assert news.corrections.history() == ()
    assert news.check() == ()


def test__a_correction_costs_just_the_articles_that_it_touches(news: Archive) -> None:
    with closing(sqlite3.connect(news.path)) as connection:
        news.corrections.hide("kremlin")
        sizes = connection.execute(
            "SELECT length(articles) / 4, length(deleted) / 4 FROM segments ORDER BY id"
        ).fetchall()
    assert sizes == [(3, 1), (1, 0)]


def test__a_reader_sees_the_history_and_cannot_write(news: Archive) -> None:
    news.corrections.hide("sochi")
    with Archive(news.path, readonly=True) as reader:
        assert len(reader.corrections.history()) == 1
        with pytest.raises(ArchiveReadOnlyError):
            reader.corrections.hide("geneva")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mentions SET entity_id = found_id, found_id = NULL WHERE found_id IS NOT NULL",
        "UPDATE corrections SET undone_at = 'now'",
        "UPDATE mentions SET entity_id = NULL WHERE id = (SELECT min(id) FROM mentions)",
    ],
)
def test_doctor_finds_mentions_that_are_not_as_corrections_say(
    news: Archive, statement: str
) -> None:
    news.corrections.merge("geneva", "sochi")
    with closing(sqlite3.connect(news.path)) as connection:
        connection.execute(statement)
        connection.commit()
    assert any("do not agree with the corrections" in each for each in news.check())


def test_names_that_corrections_do_not_say_are_found(news: Archive) -> None:
    news.corrections.rename("geneva", "Genf")
    with closing(sqlite3.connect(news.path)) as connection:
        connection.execute("UPDATE corrections SET name = 'Genève'")
        connection.commit()
    (problem,) = news.check()
    assert problem.startswith("1 entities or aliases do not agree with the corrections: ")


SLUGS = [
    "bashar-al-jaafari",
    "sergei-lavrov",
    "staffan-de-mistura",
    "kremlin",
    "sochi",
    "geneva",
    "syrian-national-coalition",
    "syrian-national-council",
    "homs",
    "hamid-al-rifai",
    "munir-halabi",
]
NAMES = ["The Envoy", "envoy", "agreed", "Kremlin's man", "Geneva, and", "الهيئة العليا"]
SPELLINGS = [
    "Rifai",
    "Northern Brigade",
    "Jaafari",
    "Lavrov",
    "SNC",
    "Bashar al-Jaafari",
    "لافروف",
    "Kremlin",
]
ARTICLES = ["talks-in-sochi", "the-snc-says-no"]
one_correction = st.one_of(
    st.tuples(st.just("merge"), st.sampled_from(SLUGS), st.sampled_from(SLUGS)),
    st.tuples(st.just("split"), st.sampled_from(SLUGS), st.sampled_from(SPELLINGS)),
    st.tuples(
        st.sampled_from(["split", "is_not"]),
        st.sampled_from(SLUGS),
        st.sampled_from(
            [
                *({"article": each} for each in ARTICLES),
                *({"article": each, "spelling": "Lavrov", "occurrence": 2} for each in ARTICLES),
                *({"article": ARTICLES[0], "spelling": each} for each in SPELLINGS),
                *({"source": "Wire", "spelling": each} for each in SPELLINGS),
            ]
        ),
    ),
    st.tuples(st.just("rename"), st.sampled_from(SLUGS), st.sampled_from(NAMES)),
    st.tuples(st.just("hide"), st.sampled_from(SLUGS)),
    st.tuples(st.just("add_alias"), st.sampled_from(SLUGS), st.sampled_from(NAMES)),
    st.tuples(st.just("undo"), st.integers(1, 8)),
)


def correct(archive: Archive, calls: list[tuple]) -> list[tuple]:
    """Make corrections; return those that could be made."""
    made = []
    for number, (name, *arguments) in enumerate(calls):
        to = ("Munir Halabi", f"New Brigade {number}", "Sergei Lavrov")[number % 3]
        options = {"to": to, "type": "group"} if name == "split" else {}
        if to == "Sergei Lavrov":
            options.pop("type", None)
        if isinstance(arguments[-1], dict):
            among = dict(arguments[-1])
            positional = [arguments[0], *filter(None, [among.pop("spelling", None)])]
            options |= among
        else:
            positional = arguments
        try:
            getattr(archive.corrections, name)(*positional, **options)
        except OptionError:
            continue
        made.append((name, *arguments))
    return made


def undo_all(archive: Archive) -> None:
    while any(each.undone_at is None for each in archive.corrections.history()):
        archive.corrections.undo()


@pytest.fixture
def fresh(tmp_path: Path, folder: Folder) -> Callable[[], Archive]:
    """Return archives of the first articles, each a file of its own."""
    number = 0
    with Archive(tmp_path / "origin.db") as archive:
        archive.ingest(folder(FIRST | WIRE, name="first"))

    def copy() -> Archive:
        nonlocal number
        number += 1
        path = tmp_path / f"{number}.db"
        path.write_bytes((tmp_path / "origin.db").read_bytes())
        return Archive(path)

    return copy


tries = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


@tries
@given(st.lists(one_correction, max_size=8))
@pytest.mark.slow
def test_corrections_that_are_undone_leave_no_trace(fresh, calls: list[tuple]) -> None:
    with fresh() as archive:
        before = rows(archive.path)
        correct(archive, calls)
        assert archive.check() == ()
        undo_all(archive)
        assert rows(archive.path) == before
        assert archive.check() == ()


@tries
@given(st.lists(one_correction, max_size=6), st.integers(0, 5))
def test_one_that_is_undone_is_as_if_it_had_never_been_made(
    fresh, calls: list[tuple], which: int
) -> None:
    calls = [each for each in calls if each[0] not in ("undo", "split")]
    with fresh() as archive, fresh() as other:
        made = correct(archive, calls)
        if which >= len(made):
            return
        archive.corrections.undo(which + 1)
        history = archive.corrections.history()
        assert len(correct(other, made[:which] + made[which + 1 :])) <= len(made) - 1
        if [str(each) for each in history if not each.undone_at] == [
            str(each) for each in other.corrections.history()
        ]:
            assert rows(archive.path) == rows(other.path)


@tries
@given(st.lists(one_correction, max_size=6))
@pytest.mark.slow
def test_it_is_the_same_to_correct_before_and_after_an_ingest(
    fresh, folder: Folder, calls: list[tuple]
) -> None:
    more = folder(SECOND, name="second")
    with fresh() as archive, fresh() as other:
        correct(archive, calls)
        archive.ingest(more)
        other.ingest(more)
        uncorrected = rows(other.path)
        correct(other, calls)
        if [*map(str, archive.corrections.history())] == [*map(str, other.corrections.history())]:
            assert rows(archive.path) == rows(other.path)
        assert archive.check() == ()
        undo_all(archive)
        assert rows(archive.path) == uncorrected
