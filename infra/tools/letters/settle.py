"""Settles dead letters: puts them back as they are or mended, or discards them.

Each outcome is an event beside the letter.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from infra.errors import SetupError
from infra.kafka.producer import BatchProducer, Output
from infra.settings import Settings
from infra.tools.letters.find import Letter
from schemas.contract.codec import Codec
from schemas.contract.events import DeadLetterSettled, Event
from schemas.contract.terms import LetterOutcome
from schemas.contract.topics import MAIN_TOPICS, TOPICS, Topic


def replay(settings: Settings, codec: Codec, letters: Sequence[Letter], account: str) -> None:
    """Writes the same bytes with the same key, for after a fault of ours was mended.

    Consumers of the topic see them again, which does no harm: an event counts once by its id. The
    record goes first, then the word that it is settled. Raises `Unavailable`.
    """
    _write(settings, [_record(letter) for letter in letters])
    _write(settings, [_settled(codec, letter, "replayed", account) for letter in letters])


def replay_mended(
    settings: Settings, codec: Codec, letter: Letter, event: Event, account: str
) -> None:
    """Writes the event under the key that it gives itself.

    Raises `SetupError` for an event that does not belong on the topic.
    """
    topic = _topic_of(letter.topic)
    name = type(event).__name__
    if name not in topic.events:
        raise SetupError(
            f"{name} does not belong on {topic}: its events are {', '.join(topic.events)}."
        )
    key = None if topic.key == "none" else str(getattr(event, topic.key))
    _write(settings, [Output(topic, key, codec.encode(event))])
    _write(settings, [_settled(codec, letter, "mended", account)])


def discard(settings: Settings, codec: Codec, letters: Sequence[Letter], account: str) -> None:
    """Leaves the letters where they are; they are no longer listed as open."""
    _write(settings, [_settled(codec, letter, "discarded", account) for letter in letters])


def _record(letter: Letter) -> Output:
    key = letter.key.decode() if letter.key else None
    return Output(_topic_of(letter.topic), key, letter.value)


def _settled(codec: Codec, letter: Letter, outcome: LetterOutcome, account: str) -> Output:
    event = DeadLetterSettled(
        source_topic=letter.topic,
        source_partition=letter.partition,
        source_offset=letter.offset,
        outcome=outcome,
        settled_at=datetime.now(UTC),
        settled_by=account,
    )
    dead_letters = _topic_of(letter.topic).dead_letters
    topic = next(topic for topic in TOPICS if topic.name == dead_letters)
    return Output(topic, None, codec.encode(event))


def _topic_of(name: str) -> Topic:
    return next(topic for topic in MAIN_TOPICS if topic.name == name)


def _write(settings: Settings, outputs: Sequence[Output]) -> None:
    asyncio.run(BatchProducer(settings).write(outputs))
