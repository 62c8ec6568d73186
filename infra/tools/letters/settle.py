"""Settles dead letters: puts them back as they are or mended, or lets them be. Each outcome is an event beside the letter."""

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
    """The same bytes with the same key, for after a fault of ours was mended. Whoever consumes the topic sees them again, which does no
    harm: an event counts once by its id. The record first, then the word that it is settled. Raises `Unavailable`."""
    outputs = [
        Output(topic_of(one.topic), one.key.decode() if one.key else None, one.value)
        for one in letters
    ]
    _write(settings, outputs)
    _write(settings, [_settled(codec, one, "replayed", account) for one in letters])


def replay_mended(
    settings: Settings, codec: Codec, letter: Letter, event: Event, account: str
) -> None:
    """Under the key that the event itself gives. Raises `SetupError` for an event that does not belong on the topic."""
    topic = topic_of(letter.topic)
    name = type(event).__name__
    if name not in topic.events:
        raise SetupError(
            f"{name} does not belong on {topic}: its events are {', '.join(topic.events)}."
        )
    key = None if topic.key == "none" else str(getattr(event, topic.key))
    _write(settings, [Output(topic, key, codec.encode(event))])
    _write(settings, [_settled(codec, letter, "mended", account)])


def discard(settings: Settings, codec: Codec, letters: Sequence[Letter], account: str) -> None:
    """They stay where they are, and are no longer listed as open."""
    _write(settings, [_settled(codec, one, "discarded", account) for one in letters])


def topic_of(name: str) -> Topic:
    return next(topic for topic in MAIN_TOPICS if topic.name == name)


def _settled(codec: Codec, letter: Letter, outcome: LetterOutcome, account: str) -> Output:
    event = DeadLetterSettled(
        source_topic=letter.topic,
        source_partition=letter.partition,
        source_offset=letter.offset,
        outcome=outcome,
        settled_at=datetime.now(UTC),
        settled_by=account,
    )
    dead_letters = next(
        topic for topic in TOPICS if topic.name == topic_of(letter.topic).dead_letters
    )
    return Output(dead_letters, None, codec.encode(event))


def _write(settings: Settings, outputs: Sequence[Output]) -> None:
    asyncio.run(BatchProducer(settings).write(outputs))
