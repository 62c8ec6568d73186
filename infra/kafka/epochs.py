"""Reads the topic `log-epochs` whole, as it is now."""

from infra.errors import Unavailable
from infra.kafka.follower import between
from infra.kafka.log_identity import read_logs
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.events import LogAdopted
from schemas.contract.topics import LOG_EPOCHS
from schemas.domain.log_epochs import LogEpochs


def read_epochs(settings: Settings, codec: Codec) -> LogEpochs:
    """Returns all adoptions. Raises `Unavailable`, also while the topic is not there yet."""
    logs = read_logs(settings, [LOG_EPOCHS.name])
    if not logs:
        raise Unavailable("kafka", f"the topic {LOG_EPOCHS} is not there yet")
    begin = {partition: log.start for (_, partition), log in logs.items()}
    end = {partition: log.end for (_, partition), log in logs.items()}
    adoptions = []
    for message in between(settings, LOG_EPOCHS, begin, end):
        event = codec.decode(message.value())
        assert isinstance(event, LogAdopted)
        adoptions.append(event)
    return LogEpochs.of(adoptions)
