"""Which event a name means, by the day of the article and the year next to it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import find_mentions
from syriasearch.entities.event_dates import ANNOUNCED, COUNTED, When, find_year
from syriasearch.entities.gazetteer import WEAK, default_gazetteer

EVENTS = [entity for entity in default_gazetteer().entities if entity.type == "event"]
VIENNA_15, VIENNA_18 = "vienna-talks-of-2015", "vienna-talks-of-january-2018"
GHOUTA, DOUMA = "ghouta-chemical-attack", "douma-chemical-attack"
SOCHI = "syrian-congress-on-national-dialogue"


def named(text: str, published: str | None) -> list[str]:
    found = find_mentions(text, published=published)
    return [mention.entity.slug for mention in found if mention.entity.type == "event"]


@pytest.mark.parametrize(
    ("text", "published", "slugs"),
    [
        # Of two events of one name, it is the one of the article's time.
        ("The Vienna talks went on.", "2015-11-01", [VIENNA_15]),
        ("The Vienna talks went on.", "2018-01-20", [VIENNA_18]),
        ("بدأت محادثات فيينا أمس", "2015-11-01", [VIENNA_15]),
        ("بدأت محادثات فيينا أمس", "2018-01-26", [VIENNA_18]),
        ("The Vienna talks went on.", "2014-11-24", []),
        ("The Vienna talks went on.", "2017-11-24", []),
        ("The Vienna talks went on.", None, []),
        ("The fall of Palmyra was sudden.", "2015-06-01", ["palmyra-offensive-of-may-2015"]),
        ("The fall of Palmyra was sudden.", "2016-12-20", ["palmyra-offensive-of-december-2016"]),
        ("The Palmyra offensive began.", "2017-02-01", ["palmyra-offensive-of-2017"]),
        ("Libya's civil war went on.", "2011-06-01", ["libyan-civil-war-of-2011"]),
        ("Libya's civil war went on.", "2016-06-01", ["libyan-civil-war-of-2014-2020"]),
        ("The Eastern Ghouta chemical attack was denied.", "2014-02-01", [GHOUTA]),
        ("The Eastern Ghouta chemical attack was denied.", "2018-04-20", [DOUMA]),
        ("The Eastern Ghouta chemical attack was denied.", "2020-02-01", []),
        # The year next to the name decides, whenever the article was published.
        ("the Vienna talks of 2015", "2018-01-20", [VIENNA_15]),
        ("the 2015 Vienna talks", "2018-01-20", [VIENNA_15]),
        ("the Vienna talks in November 2015", None, [VIENNA_15]),
        ("the Vienna talks in December 2015", None, []),
        ("the Vienna talks (2014)", "2015-11-01", []),
        ("محادثات فيينا في تشرين الأول 2015", "2019-01-20", [VIENNA_15]),
        ("the 2013 Ghouta chemical attack", "2018-05-01", [GHOUTA]),
        ("the sarin attack in Ghouta in August 2013", "2018-05-01", [GHOUTA]),
        ("the chemical attack in Ghouta in March 2018", "2018-05-01", []),
        ("the Daraa offensive (June 2017)", "2023-05-01", []),
        ("the Siege of Homs (2011–14)", "2023-05-01", ["siege-of-homs"]),
        ("the Battle of Aleppo (2011–16)", "2023-05-01", ["battle-of-aleppo"]),
        # A year elsewhere in the sentence tells events apart if the article's day does not.
        ("In March 2016 the Palmyra offensive began.", "2023-01-01",
         ["palmyra-offensive-of-march-2016"]),
        ("In November 2015 he left for the Vienna talks.", "2023-01-01", [VIENNA_15]),
        ("In 2015, as now, the Vienna talks failed.", "2018-01-26", []),
        ("It was 2015. The Vienna talks failed.", "2023-01-01", []),
        # An article from before an event is not on it,
        ("The Douma chemical attack was denied.", "2013-09-01", []),
        ("هجوم دوما الكيماوي", "2013-09-01", []),
        ("The battle of Aleppo began.", "2012-01-01", []),
        ("The downing of a Russian plane", "2015-11-05", []),
        # unless it was announced,
        ("The Sochi congress is planned.", "2018-01-20", [SOCHI]),
        ("The Geneva II talks are planned.", "2013-08-20", ["geneva-ii-conference"]),
        ("The 2016 presidential election is far away.", "2013-08-20",
         ["us-presidential-election-of-2016"]),
        # or the article is from another time zone.
        ("The killing of Soleimani", "2020-01-02", ["killing-of-qassem-soleimani"]),
        # An article from long after an event may be on it,
        ("The Ghouta chemical attack was denied.", "2017-01-01", [GHOUTA]),
        ("معركة القصير", "2017-01-01", ["battle-of-qusayr"]),
        # but not if events of the kind come again.
        ("The Sochi congress is planned.", "2020-06-01", []),
        ("The Riyadh conference is planned.", "2019-01-01", []),
        # What the article names otherwise is meant by the same name.
        ("The Vienna talks of 2015 failed. Nobody wanted Vienna talks.", None,
         [VIENNA_15, VIENNA_15]),
        ("The Syrian Congress on National Dialogue and the Sochi congress", "2017-11-01",
         [SOCHI, SOCHI]),
    ],
)  # fmt: skip
def test_dates_tell_which_event_is_meant(
    text: str, published: str | None, slugs: list[str]
) -> None:
    assert named(text, published) == slugs


def test_an_event_that_is_not_meant_leaves_its_place() -> None:
    (mention,) = find_mentions("The Vienna talks went on.", published="2014-11-24")
    assert (mention.surface, mention.entity.slug) == ("Vienna", "vienna")


@pytest.mark.parametrize(
    ("text", "published", "reason"),
    [
        ("The Vienna talks", "2018-01-20", "of 2 that have this name, the one of the time when"),
        ("The Vienna talks of 2015", "2018-01-20", "a known name"),
        ("The Vienna talks in 2015", "2018-01-20", "of 2 that have this name, the one of the year"),
        ("The Ghouta chemical attack", "2018-01-20", "a known name"),
    ],
)
def test_a_mention_says_that_dates_decided(text: str, published: str, reason: str) -> None:
    (mention,) = find_mentions(text, published=published)
    assert mention.why.startswith(reason)


@pytest.mark.parametrize(
    ("before", "after", "when"),
    [
        ("the August 2013 ", " was", When("2013-08", precedes=True)),
        ("the August 21, 2013 ", " was", When("2013-08", precedes=True)),
        ("since 2013 ", " was", When("2013", precedes=True)),
        ("in 2013, the ", " was", None),
        ("the ", " of 2013", When("2013")),
        ("the ", " in Aug. 2013", When("2013-08")),
        ("the ", " on 21 August 2013", When("2013-08")),
        ("the ", " that took place in late August 2013", When("2013-08")),
        ("the ", " (2011–14)", When("2011", until="2014")),
        ("the ", " (2011-2014)", When("2011", until="2014")),
        ("the ", " (April–August 2018)", When("2018")),
        ("the ", " and 2013", When("2013")),
        ("the ", " failed in 2013", None),
        ("the ", ", in 2013 he", None),
        ("the ", ". In 2013 he", None),
        ("the ", " of 20135", None),
        ("the ", " of 900", None),
        ("", " عام 2013", When("2013")),
        ("", " في آب ٢٠١٣", When("2013-08")),
        ("", " في أغسطس/آب 2013", When("2013-08")),
        ("", " في كانون الثاني 2013", When("2013-01")),
    ],
)
def test_a_year_next_to_a_name_is_read(before: str, after: str, when: When | None) -> None:
    text = f"{before}NAME{after}"
    assert find_year(text, len(before), len(before) + 4) == when


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_may_be_next_to_a_name(before: str, after: str) -> None:
    found = find_year(before + after, len(before), len(before))
    assert found is None or len(found.text) in (4, 7)


def test_no_event_is_named_long_before_it_began() -> None:
    wrong = []
    for event in EVENTS:
        began = date.fromisoformat(f"{event.since}-01-01"[:10])
        for alias in (event.name, *event.aliases):
            name = alias.removeprefix(WEAK)
            if any(year in name for year in ("19", "20")):
                continue  # It has its year, or may have.
            published = (began - timedelta(ANNOUNCED + COUNTED)).isoformat()
            wrong += [name for slug in named(f"They saw {name}.", published) if slug == event.slug]
    assert wrong == []


def test_every_event_is_named_by_its_name_when_it_was() -> None:
    missed = []
    for event in EVENTS:
        began = f"{event.since}-01-01"[:10]
        if event.slug not in named(f"They saw the {event.name}.", began):
            missed.append(event.name)
    assert missed == []
