"""The language of a text, and the codes of languages."""

import pytest

from syriasearch.text.language import detect_language, language_code
from syriasearch.text.normalize import fold


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The envoy of the United Nations said that it was over.", "en"),
        ("قال المبعوث إن المحادثات انتهت", "ar"),
        ("رئیس‌جمهور گفت که مذاکرات پایان یافت", None),  # Persian
        ("Der Gesandte sagte, die Gespräche seien beendet worden.", None),
        ("", None),
    ],
)
def test_the_language_is_told_where_it_can_be(text: str, lang: str | None) -> None:
    assert detect_language(text) == detect_language(text, fold(text)) == lang


@pytest.mark.parametrize(
    ("given_as", "code"),
    [
        ("en-US", "en"),
        ("ar_SY", "ar"),
        ("English", "en"),
        ("ara", "ar"),
        ("العربية", "ar"),
        ("Klingon", "Klingon"),
        (None, None),
    ],
)
def test_a_language_that_is_given_becomes_its_code(given_as: str | None, code: str | None) -> None:
    assert language_code(given_as) == code
