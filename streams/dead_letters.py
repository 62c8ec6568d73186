"""Dead letters and their limit.

A record that nobody can use is kept whole. A stage that makes too many dead letters stands still.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import orjson

from infra import metrics
from infra.settings import Settings
from schemas.contract.codec import FRAME
from schemas.contract.events import DeadLetter
from schemas.contract.terms import DeadLetterKind
from schemas.contract.topics import DEAD_LETTER_TOPICS, Topic
from streams.errors import StageHeld

WEIGHT: dict[DeadLetterKind, int] = {"poison": 1, "unexpected": 2}
"""What a dead letter counts towards the limit: a fault of the stage itself counts twice."""


class Record(Protocol):
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


class DeadLetters:
    """Counts what a stage set aside within a sliding window.

    The count survives restarts, so that a restart does not begin it anew. The hold survives them
    too, until a person releases the stage.
    """

    def __init__(
        self,
        stage: str,
        directory: Path,
        settings: Settings,
        clock: Callable[[], float] = time.time,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._stage = stage
        self._clock = clock
        self._max = settings.dead_letters_max
        self._window_s = settings.dead_letters_window_s
        self._file = directory / "dead_letters.json"
        self.hold_file = directory / "held"
        self._counted: list[tuple[float, int]] = []
        """Time and weight of each dead letter."""
        if self._file.exists():
            self._counted = orjson.loads(self._file.read_bytes())

    def held_because(self) -> str | None:
        """Returns the sentence in the hold file; None where nothing holds the stage."""
        try:
            reason = self.hold_file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            reason = None
        metrics.STAGE_HELD.labels(self._stage).set(reason is not None)
        return reason

    def letter(self, record: Record, kind: DeadLetterKind, reason: str) -> DeadLetter:
        return DeadLetter(
            stage=self._stage,
            source_topic=record.topic,
            source_partition=record.partition,
            source_offset=record.offset,
            kind=kind,
            reason=reason,
            schema_id=schema_id_of(record.value),
            record_key=record.key,
            record_value=record.value,
            failed_at=datetime.fromtimestamp(self._clock(), UTC),
        )

    def refuse_too_many(self, letters: Sequence[DeadLetter]) -> None:
        """Raises `StageHeld`, and leaves the hold file, if these letters would pass the limit."""
        if not letters:
            return
        now = self._clock()
        recent = sum(weight for at, weight in self._counted if now - at < self._window_s)
        total = recent + sum(WEIGHT[letter.kind] for letter in letters)
        if total > self._max:
            sentence = (
                f"{total} dead letters within {self._window_s:g} s (limit {self._max}); "
                f"last reason: {letters[-1].reason}. Way out: mend the cause, then "
                f"'dibiendong release {self._stage}' (docs/dead-letters.md)"
            )
            self.hold_file.write_text(sentence + "\n", encoding="utf-8")
            raise StageHeld(sentence)

    def count(self, letters: Sequence[DeadLetter]) -> None:
        if not letters:
            return
        now = self._clock()
        recent = [(at, weight) for at, weight in self._counted if now - at < self._window_s]
        self._counted = recent + [(now, WEIGHT[letter.kind]) for letter in letters]
        self._file.write_bytes(orjson.dumps(self._counted))
        for letter in letters:
            metrics.STAGE_DEAD_LETTERS.labels(self._stage, letter.kind).inc()


def schema_id_of(value: bytes | None) -> int | None:
    """Returns the schema id of a framed record; None if it has no frame."""
    if value is None or len(value) < FRAME.size or value[0] != 0:
        return None
    return int.from_bytes(value[1:5], "big", signed=True)


def dead_letter_topic(inputs: Iterable[Topic], letter: DeadLetter) -> Topic:
    """Returns the topic for the dead letters of the input that the letter's record came from.

    A topic of dead letters is its own.
    """
    source = next(topic for topic in inputs if topic.name == letter.source_topic)
    for topic in DEAD_LETTER_TOPICS:
        if topic.name == source.dead_letters:
            return topic
    return source
