"""Prepare tasks: which shard an article goes to, and what the driver learns of it."""

from syriasearch.cluster.configuration import shard_of
from syriasearch.cluster.filling.prepare_pool import RemoteArticle, prepare_chunk
from syriasearch.entities.recognition_settings import KnownNames
from syriasearch.ingest.prepare_tasks import PrepareTask
from syriasearch.ingest.readers import Document

NAMES = KnownNames("rules", (), (), ())
TASKS = [
    PrepareTask(Document(text="Assad met Putin."), ("root", "a.jsonl"), "a.jsonl#1"),
    PrepareTask(Document(text=""), ("root", "a.jsonl"), "a.jsonl#2"),
    PrepareTask(Document(text="Assad spoke."), ("root", "a.jsonl"), "a.jsonl#3"),
]


def test_articles_are_in_the_part_of_the_shard_of_their_path() -> None:
    _, *parts = prepare_chunk(TASKS, NAMES, 2)
    placed = {article.path: shard for shard, part in enumerate(parts) for article in part}
    assert placed == {path: shard_of(path, 2) for path in ("a.jsonl#1", "a.jsonl#3")}


def test_results_are_in_the_order_of_the_tasks_and_say_where_each_article_is() -> None:
    results, *parts = prepare_chunk(TASKS, NAMES, 2)
    assert [result.path for result in results] == [task.path for task in TASKS]
    for result in (results[0], results[2]):
        assert isinstance(result.article, RemoteArticle)
        assert parts[shard_of(result.path, 2)][result.article.number].path == result.path


def test_a_result_has_no_text() -> None:
    results, *_ = prepare_chunk(TASKS, NAMES, 1)
    assert (results[0].article.blocks, results[0].article.paragraphs) == ((), 2)


def test_an_entity_is_reported_once_for_each_chunk() -> None:
    results, *_ = prepare_chunk(TASKS, NAMES, 1)
    slugs = [[each.entity.slug for each in results[number].article.entities] for number in (0, 2)]
    assert slugs == [["bashar-al-assad", "vladimir-putin"], []]
