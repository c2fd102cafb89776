"""Who writes the shards, and what must all of them do together?

A run begins when all shards have the same names and the ledger knows all articles. It ends when
each copy stands in the shard of its original, and entities that nothing names in any shard have
gone. Whatever is interrupted here is done by the next run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...entities.recognition_settings import RecognitionOptions
from ...models.report import IngestProblem
from .alignment import State, leader
from .ledger import Untold
from .looking import Seen
from .registry import Last
from .writing import Begun

CUT = 500
"""So many articles are removed at a time."""


class Crew:
    """The writers of all shards, and that of the ledger."""

    def __init__(self, ray: Any, writers: Sequence[Any], ledger: Any) -> None:
        self._ray = ray
        self.writers = list(writers)
        self.ledger = ledger
        self.run = 0
        self.last = Last()
        self.is_empty = True
        """Whether there is no article yet."""

    def write(self, shard: int, method: str) -> Any:
        """Return a writer's method, to be called when it is its turn."""
        return getattr(self.writers[shard], method).options(concurrency_group="write")

    def look(self, shard: int, method: str) -> Any:
        """Return a method that looks at a shard while it is written."""
        return getattr(self.writers[shard], method).options(concurrency_group="look")

    def all(self, method: str, *arguments: Any) -> list[Any]:
        """Have all writers do something; return what each answers."""
        asked = (self.write(shard, method) for shard in range(len(self.writers)))
        answers: list[Any] = self._ray.get([each.remote(*arguments) for each in asked])
        return answers

    def make(self) -> None:
        """Make the shards that are not there."""
        self._states: list[State] = self.all("state")
        self.last = Last.of_all(each.last for each in self._states)
        self.is_empty = not any(each.articles for each in self._states)
        self.run = self.last.run + 1

    def begin(self, sources: list[str], told: RecognitionOptions) -> Begun:
        """Begin a run in each shard. Raises ArchiveError for shards that do not belong together."""
        self._align_names()
        self._cut()
        self._align_ledger()
        self._ray.get(self.ledger.begin.remote(self.last.article))
        begun: list[Begun] = self.all("begin", self.run, sources, told)
        return begun[0]

    def _align_names(self) -> None:
        """Let all shards have the same names."""
        states, get = self._states, self._ray.get
        if all(state.finished for state in states):
            told = [each.names for each in states]
        else:
            told = self.all("digest_names")
        first = leader(states)
        behind = [shard for shard, names in enumerate(told) if names != told[first]]
        if behind:
            # Through Ray, which gives it to each machine once.
            rows = self.write(first, "read_names").remote()
            get([self.write(shard, "write_names").remote(rows) for shard in behind])

    def _cut(self) -> None:
        """Remove what an interrupted run stored behind something that it did not.

        Some writers were further than others. It is stored again, in the order of the input.
        """
        get, shards = self._ray.get, range(len(self.writers))
        last = get(self.ledger.interrupted.remote())
        if last is None or all(state.finished for state in self._states):
            return
        there = get([self.look(shard, "behind").remote(last) for shard in shards])
        known = set().union(*there)
        while last + 1 in known:
            last += 1
        for shard, articles in enumerate(there):
            gone = [each for each in articles if each > last]
            for at in range(0, len(gone), CUT):
                get(self.write(shard, "drop").remote(gone[at : at + CUT]))
        self.make()

    def _align_ledger(self) -> None:
        """Let the ledger know all articles, and no article stand in two shards."""
        get = self._ray.get
        if get(self.ledger.is_of.remote(_standing(self._states))):
            return
        for shard, state in enumerate(self._states):
            doubles: list[int] = []
            behind = 0
            while state.articles:
                some = get(self.look(shard, "noted").remote(behind))
                if not some:
                    break
                doubles += get(self.ledger.align.remote(shard, some))
                behind = some[-1].id
            if doubles:
                # A run was interrupted that had moved them: they are whole in both.
                get(self.write(shard, "drop").remote(doubles))
        get(self.ledger.end_alignment.remote())

    def prune(self, seen: Seen) -> None:
        """Remove what has gone."""
        told = self._ray.put(seen)
        shards = range(len(self.writers))
        gone = self._ray.get([self.look(shard, "gone").remote(told) for shard in shards])
        self._ray.get(
            [
                self.write(shard, "remove").remote(self.run, articles, told)
                for shard, articles in enumerate(gone)
            ]
        )
        articles = [each for some in gone for each in some]
        if articles:
            self._ray.get(self.ledger.remove.remote(articles))

    def reconcile(self) -> None:
        """Bring links to the shards, and copies to the shards of their originals."""
        get = self._ray.get
        while untold := get(self.ledger.untold.remote()):
            staying = [each for each in untold if each.shard == each.target]
            self._each_writer("link", ((each.shard, (each.id, each.original)) for each in staying))
            moving = [each for each in untold if each.shard != each.target]
            self._move(moving)
            get(self.ledger.tell.remote(untold))

    def _move(self, moving: Sequence[Untold]) -> None:
        """Move articles: where this is interrupted, they stand in two shards, whole in both."""
        ways: dict[tuple[int, int], list[Untold]] = {}
        for each in moving:
            ways.setdefault((each.shard, each.target), []).append(each)
        given = [
            (target, some, self.look(shard, "give").remote([each.id for each in some]))
            for (shard, target), some in ways.items()
        ]
        taken = []
        for target, some, ref in given:
            originals = {each.id: each.original for each in some}
            for transfer in self._ray.get(ref):
                taken.append((target, (transfer, originals[transfer.id])))
        self._each_writer("take", taken)
        self._each_writer("drop", ((each.shard, each.id) for each in moving))

    def _each_writer(self, method: str, items: Iterable[tuple[int, Any]]) -> None:
        """Give each writer what is for it."""
        parts: dict[int, list[Any]] = {}
        for shard, item in items:
            parts.setdefault(shard, []).append(item)
        self._ray.get([self.write(shard, method).remote(some) for shard, some in parts.items()])

    def sweep(self) -> None:
        """Remove the entities that nothing names in any shard."""
        first, *others = self.all("unnamed")
        gone = sorted(set(first).intersection(*others))
        if gone:
            self.all("drop_entities", gone)

    def counts(self) -> list[dict[str, int]]:
        """Return what the run has done in each shard so far."""
        return self.all("counts", self.run)

    def finish(
        self, counts: list[dict[str, int]], problems: list[IngestProblem], there: set[str]
    ) -> None:
        """End the run in each shard; `problems` are those of no file."""
        states = self._ray.get(
            [
                self.write(shard, "finish").remote(self.run, each, [] if shard else problems, there)
                for shard, each in enumerate(counts)
            ]
        )
        for shard in range(len(self.writers)):
            # One after another: a file beside the shards tells of them all.
            self._ray.get(self.write(shard, "describe").remote())
        self._ray.get(self.ledger.leave.remote(_standing(states)))
        self._ray.get(self.ledger.close.remote())


def _standing(states: Sequence[State]) -> str:
    """Return what tells that no shard was written since."""
    return repr([(each.name, each.last.run, each.articles) for each in states])
