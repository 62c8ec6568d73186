"""Adopts a log whose offsets begin anew: a new epoch begins with it, and stages read on from there.

Every worker says which of its positions the broker's log does not continue. The adoption covers
those partitions, and all others of the same topics.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import httpx2
import msgspec

from infra.errors import SetupError, Unavailable
from infra.kafka.log_identity import read_logs
from infra.kafka.offsets import Place
from infra.kafka.producer import BatchProducer, Output
from infra.settings import Settings
from infra.stack.parts import metrics_port
from schemas.contract.codec import Codec
from schemas.contract.events import AdoptedPartition, LogAdopted
from schemas.contract.ids import EventId
from schemas.contract.topics import LOG_EPOCHS
from streams.health import LogReport
from streams.positions import Misfit
from streams.stages import STAGES

RESPONSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Adoption:
    """What would be adopted, before anything is written."""

    epoch: int
    cluster_id: str
    partitions: tuple[AdoptedPartition, ...]
    reasons: tuple[str, ...]


def worker_addresses(settings: Settings) -> list[str]:
    """Returns the addresses of the stages' workers as the local stack starts them."""
    addresses = []
    for stage in STAGES:
        for worker in range(settings.stage_workers):
            port = metrics_port(settings, stage, worker)
            addresses.append(f"http://{settings.host}:{port}")
    return addresses


def find_adoption(settings: Settings, addresses: Sequence[str]) -> Adoption:
    """Returns what there is to adopt.

    Raises `SetupError` if there is nothing, or a worker has not looked yet, and `Unavailable`.
    """
    reports = [_report(address) for address in addresses]
    misfits = [misfit for report in reports for misfit in report.misfits]
    if not misfits:
        raise SetupError(
            "Every position of every worker fits the broker's log: there is nothing to adopt."
        )
    first_offsets: dict[Place, int] = {}
    for misfit in misfits:
        place = misfit.topic, misfit.partition
        first_offsets[place] = min(misfit.first_offset, first_offsets.get(place, 1 << 62))
    newest = max(report.newest_epoch or 0 for report in reports)
    return Adoption(
        epoch=newest + 1,
        cluster_id=misfits[0].cluster_id,
        partitions=tuple(_partitions(settings, misfits, first_offsets)),
        reasons=tuple(sorted({misfit.reason for misfit in misfits})),
    )


def adopt(settings: Settings, codec: Codec, adoption: Adoption, reason: str) -> None:
    """Writes the adoption; the workers see it within a second. Raises `Unavailable`."""
    event = LogAdopted(
        event_id=EventId(str(uuid4())),
        epoch=adoption.epoch,
        cluster_id=adoption.cluster_id,
        partitions=list(adoption.partitions),
        reason=reason,
        adopted_at=datetime.now(UTC),
    )
    output = Output(LOG_EPOCHS, None, codec.encode(event))
    asyncio.run(BatchProducer(settings).write([output]))


def _report(address: str) -> LogReport:
    try:
        response = httpx2.get(f"{address}/log", timeout=RESPONSE_S)
        report = msgspec.json.decode(response.content, type=LogReport)
    except (httpx2.HTTPError, msgspec.DecodeError) as error:
        raise Unavailable(
            address,
            "this worker does not say yet which log it knows. It may be starting: try again when "
            "it waits",
        ) from error
    if report.newest_epoch is None:
        raise SetupError(
            f"The worker at {address} has not looked at the log yet: see its /readyz, try again."
        )
    return report


def _partitions(
    settings: Settings, misfits: Iterable[Misfit], first_offsets: dict[Place, int]
) -> Iterable[AdoptedPartition]:
    """Yields the partitions that do not fit, and the others of topics that were made anew.

    Nobody had a position in those others, but a later one must not look older than a former.
    """
    topic_ids = {misfit.topic: misfit.topic_id for misfit in misfits}
    made_anew = {misfit.topic for misfit in misfits if misfit.is_of_another_topic}
    for place, partition_log in sorted(read_logs(settings, topic_ids).items()):
        topic, partition = place
        if topic in made_anew:
            first_offsets.setdefault(place, partition_log.start)
        if place in first_offsets:
            yield AdoptedPartition(topic, topic_ids[topic], partition, first_offsets[place])
