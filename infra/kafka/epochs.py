"""Reads the topic `log-epochs` whole, as it is now."""

import structlog

from infra.errors import Unavailable
from infra.kafka.follower import between
from infra.kafka.log_identity import read_logs
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.errors import Poison
from schemas.contract.events import LogAdopted
from schemas.contract.topics import LOG_EPOCHS
from schemas.domain.log_epochs import LogEpochs

log = structlog.get_logger()


def read_epochs(settings: Settings, codec: Codec) -> LogEpochs:
    """Returns all adoptions. Raises `Unavailable`, also while the topic is not there yet.

    A record that is none is left out: it would keep every stage from starting, for ever. If it was
    one, positions are of an epoch that is not known then, and their stage waits.
    """
    logs = read_logs(settings, [LOG_EPOCHS.name])
    if not logs:
        raise Unavailable("kafka", f"the topic {LOG_EPOCHS} is not there yet")
    begin = {partition: log.start for (_, partition), log in logs.items()}
    end = {partition: log.end for (_, partition), log in logs.items()}
    adoptions = []
    for message in between(settings, LOG_EPOCHS, begin, end):
        adopted = adoption_of(message.value(), codec)
        if adopted is None:
            log.error("a record is no adoption, and is left out", offset=message.offset())
        else:
            adoptions.append(adopted)
    return LogEpochs.of(adoptions)


def adoption_of(value: bytes | None, codec: Codec) -> LogAdopted | None:
    """Returns the adoption that a record holds; None for anything else."""
    try:
        event = codec.decode(value)
    except Poison:
        return None
    return event if isinstance(event, LogAdopted) else None
