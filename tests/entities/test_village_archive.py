"""Villages of Syria in an archive."""

from pathlib import Path

from syriasearch import Archive

TEXT = "Shells hit the village of Hazwan in Aleppo province, residents said.\n"


def test_a_village_is_stored_with_its_point_and_names_and_the_archive_is_sound(
    tmp_path: Path,
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(f"Shells fell\n\n{TEXT}", encoding="utf-8")
    with Archive(tmp_path / "a.db") as archive:
        archive.ingest(tmp_path / "news")
        entity = archive.entity("حزوان").entity
        assert (entity.slug, entity.latitude) == ("hazwan-aleppo", 36.4093)
        assert archive.search("حزوان", limit=1).total == 1
        assert archive.check() == ()
