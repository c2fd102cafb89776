"""Subtitles: one text of what is said, in paragraphs."""

import pytest
from formats import messages

from syriasearch.ingest.readers import subtitles


def vtt(*cues: tuple[str, str], header: str = "WEBVTT") -> str:
    return "\n\n".join([header, *(f"{times}\n{text}" for times, text in cues)]) + "\n"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("The convoy arrived.", "The convoy arrived."),
        ("The convoy\narrived.", "The convoy arrived."),
        ("<v Mara>The <b>convoy</b> arrived.</v>", "The convoy arrived."),
        ("<c.yellow>The convoy</c> arrived.", "The convoy arrived."),
        ("The<00:00:01.000><c> convoy</c> arrived.", "The convoy arrived."),
        ("<i>The convoy</i> arrived.", "The convoy arrived."),
        ('<font color="#fff">The convoy</font> arrived.', "The convoy arrived."),
        ("{\\an8}The convoy arrived.", "The convoy arrived."),
        ("Smith &amp; Sons", "Smith & Sons"),
        ("1 < 2", "1 < 2"),
        ("وصلت القافلة", "وصلت القافلة"),
    ],
)
def test_a_cue_gives_its_words(made, line: str, text: str) -> None:
    (article,) = made("a.vtt", vtt(("00:01.000 --> 00:03.000 align:start", line)))
    assert article.text == text


def test_cues_are_one_paragraph_until_nobody_speaks(made) -> None:
    content = vtt(
        ("00:00:01.000 --> 00:00:02.000", "The convoy"),
        ("00:00:02.000 --> 00:00:03.500", "arrived."),
        ("00:00:09.000 --> 00:00:10.000", "It left."),
    )
    assert made("a.vtt", content)[0].text == "The convoy arrived.\n\nIt left."


def test_a_long_speech_is_cut_at_a_sentence(made) -> None:
    clock = [f"{each // 60:02}:{each % 60:02}" for each in range(400)]
    cues = [(f"{each}.000 --> {each}.900", "It went on.") for each in clock]
    (article,) = made("a.vtt", vtt(*cues))
    lengths = [len(paragraph) for paragraph in article.text.split("\n\n")]
    assert len(lengths) > 2
    assert max(lengths) < 2 * subtitles.MAX_PARAGRAPH


def test_rolling_lines_are_said_once(made) -> None:
    content = vtt(
        ("00:00.100 --> 00:02.800", " \nthe<00:00.400><c> opposition</c>"),
        ("00:02.800 --> 00:02.810", "the opposition\n "),
        ("00:02.810 --> 00:05.000", "the opposition\nwill<00:03.000><c> boycott</c>"),
        ("00:05.000 --> 00:05.010", "will boycott\n "),
        header="WEBVTT\nKind: captions\nLanguage: en",
    )
    (article,) = made("a.vtt", content)
    assert (article.text, article.lang) == ("the opposition will boycott", "en")


SRT = """1
00:00:01,000 --> 00:00:02,000
The convoy

2
00:00:02,000 --> 00:00:03,500
arrived.
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n", "\n"), ("\n", "\r\n"), ("\n", "\r"), ("\n\n", "\n"), ("1\n00:", "\ufeff1\n00:")],
)
def test_srt_has_numbers_that_are_left_out(made, old: str, new: str) -> None:
    assert made("a.srt", SRT.replace(old, new))[0].text == "The convoy arrived."


def test_a_number_that_is_said_is_kept(made) -> None:
    content = SRT.replace("arrived.", "had\n12\n\n3\n00:00:03,500 --> 00:00:04,000\ntrucks.")
    assert made("a.srt", content)[0].text == "The convoy had 12 trucks."


@pytest.mark.parametrize("name", ["a.txt", "a", "a.vtt"])
def test_subtitles_are_known_by_their_beginning(made, name: str) -> None:
    assert made(name, vtt(("00:01.000 --> 00:03.000", "Said.")))[0].text == "Said."


@pytest.mark.parametrize("head", [b"WEBVTTX\n", b"1\nThe convoy\n", b"12\n00:01 --> 2\n", b""])
def test_a_text_that_only_begins_so_is_none(head: bytes) -> None:
    assert not subtitles.claims(head)


def test_subtitles_without_words_are_a_problem(made) -> None:
    assert messages(made("a.vtt", "WEBVTT\n\nNOTE nothing\n")) == ["has no subtitles: leave it out"]


SBV = "0:00:01.000,0:00:02.000\nThe convoy\n\n0:00:02.000,0:00:03.500\narrived.\n"


@pytest.mark.parametrize("name", ["a.sbv", "a.txt", "a"])
def test_the_format_of_youtube_has_two_times_with_a_comma(made, name: str) -> None:
    assert made(name, SBV)[0].text == "The convoy arrived."


def test_a_blank_line_within_a_cue_ends_nothing(made) -> None:
    assert made("a.srt", SRT.replace("arrived.", "arrived\n\nin Dara."))[0].text == (
        "The convoy arrived in Dara."
    )


def test_a_note_after_a_cue_is_not_said(made) -> None:
    content = vtt(("00:01.000 --> 00:03.000", "Said.\n\nNOTE not said"))
    assert made("a.vtt", content)[0].text == "Said."


@pytest.mark.parametrize("charset", ["cp1256", "utf-16", "utf-8-sig"])
def test_arabic_subtitles_of_old_programs(made, charset: str) -> None:
    said = "وصلت القافلة إلى المدينة يوم السبت بعد ثلاثة أيام"
    content = SRT.replace("The convoy", said).replace("arrived.", "وتوقفت.")
    assert made("a.srt", content.encode(charset))[-1].text == f"{said} وتوقفت."


@pytest.mark.parametrize(
    "end", ["", "\n\n2", "\n\n2\n", "\n\n2\n00:00:02,5", "\n\n2\n00:00:02,500 -->"]
)
def test_a_cue_that_is_cut_off_leaves_no_number_and_no_time(made, end: str) -> None:
    (film,) = made("a.srt", f"1\n00:00:01,000 --> 00:00:02,000\nThe convoy arrived{end}")
    assert film.text == "The convoy arrived"
