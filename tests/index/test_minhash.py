"""Signatures and bands, by which candidates for near-duplicates are found."""

from stories import story, words

from syriasearch.index.minhash import digest, make_bands, make_signature


def test_texts_that_are_alike_share_a_band() -> None:
    missed = 0
    for seed in range(200):
        one = words(story(seed))
        other = words(story(seed)[:14])
        bands = [make_bands(digest(each), make_signature(each)) for each in (one, other)]
        missed += not set(bands[0]) & set(bands[1])
    assert missed <= 4


def test_a_signature_does_not_tell_in_which_pieces_it_was_made(monkeypatch) -> None:
    text = [str(number * number) for number in range(1000)]
    whole = make_signature(text)
    monkeypatch.setattr("syriasearch.index.minhash._RANKED", 7)
    assert make_signature(text).tolist() == whole.tolist()


def test_a_signature_is_the_same_in_every_archive() -> None:
    text = [f"word{number}" for number in range(40)]
    told = make_bands(digest(text), make_signature(text))
    assert (told[0], told[-1]) == (24_584_947_286, 32_853_747_377)
