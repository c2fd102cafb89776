"""What is remembered about words and names, and until when."""

from datetime import date

import pytest

from syriasearch import Archive
from syriasearch.search.query import planner
from syriasearch.search.query.answers import MAX_ANSWERS, remembered
from syriasearch.text import dates


class Day(date):
    """A day that is today."""

    is_today: "Day"

    @classmethod
    def today(cls) -> "Day":
        return cls.is_today


class Asked:
    """Counts how often it had to find an answer."""

    def __init__(self) -> None:
        self.answers = {}
        self.calls = 0

    @remembered
    def double(self, number: int, *, more: int = 0) -> int:
        self.calls += 1
        return 2 * number + more


def test_an_answer_is_found_once() -> None:
    asked = Asked()
    assert [asked.double(2), asked.double(2), asked.double(2, more=1)] == [4, 4, 5]
    assert asked.calls == 2


def test_answers_are_forgotten_when_there_are_too_many() -> None:
    asked = Asked()
    for number in range(MAX_ANSWERS + 1):
        asked.double(number)
    assert len(asked.answers) == 1


def test_nothing_is_remembered_after_a_change(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "Report\n\nTalks went on in Sochi."}))
    with Archive(archive.path, readonly=True) as other:
        found = [other.search(query).total for query in ("boycott", "Sochi talks")]
        archive.ingest(folder({"b.txt": "Another\n\nThe boycott of the talks in Sochi."}))
        again = [other.search(query).total for query in ("boycott", "Sochi talks")]
    assert (found, again) == ([0, 1], [1, 2])


def test_a_query_is_planned_once(archive: Archive, folder, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.ingest(folder({"a.txt": "Report\n\nTalks went on in Sochi."}))
    assert archive.search("Sochi talks").total == 1
    monkeypatch.setattr(planner, "_plan", None)
    assert archive.search("Sochi talks").total == 1


def test_plans_are_forgotten_when_there_are_too_many(
    archive: Archive, folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.ingest(folder({"a.txt": "Report\n\nTalks went on in Sochi."}))
    planned: list[str] = []
    make = planner._plan
    monkeypatch.setattr(planner, "MAX_PLANS", 1)
    monkeypatch.setattr(
        planner, "_plan", lambda query, *others: planned.append(query.text) or make(query, *others)
    )
    for query in ("Sochi", "Sochi", "talks", "Sochi"):
        archive.search(query)
    assert planned == ["Sochi", "talks", "Sochi"]


def test_today_is_another_day_tomorrow(
    archive: Archive, folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.ingest(folder({"a.txt": "Report\n\n7 April 2018\n\nTalks went on in Sochi."}))
    for module in (dates, planner):
        monkeypatch.setattr(module, "date", Day)
    found = []
    for day in (7, 8):
        Day.is_today = Day(2018, 4, day)
        found.append(archive.search("Sochi date:today").total)
    assert found == [1, 0]
