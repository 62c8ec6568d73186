"""What the process that traces does for its door: each task by its name."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from api.tracing.backward import backward_answer
from api.tracing.contacts import Infectious
from api.tracing.exports import Export, Kind, export_of
from api.tracing.forward_answer import forward_answer
from api.tracing.path import path_answer
from api.tracing.place import place_answer
from api.tracing.trace_request import BackwardIn, ForwardIn
from api.tracing.trace_services import TraceServices
from schemas.contract.events import ExposureRulesAdopted

Task = Callable[..., Awaitable[Any]]


async def _forward(services: TraceServices, request: ForwardIn) -> bytes:
    return msgspec.msgpack.encode(await forward_answer(services, request))


async def _forward_export(services: TraceServices, request: ForwardIn, kind: Kind) -> Export:
    return await export_of(await forward_answer(services, request), kind)


async def _backward(services: TraceServices, request: BackwardIn) -> bytes:
    return (await backward_answer(services, request)).model_dump_json().encode()


async def _path(
    services: TraceServices, person: Infectious, other: Infectious, rules: ExposureRulesAdopted
) -> bytes:
    return (await path_answer(services, person, other, rules)).model_dump_json().encode()


async def _place(
    services: TraceServices, place: str, since: datetime, until: datetime, limit: int
) -> bytes:
    return (await place_answer(services, place, since, until, limit)).model_dump_json().encode()


TASKS: Mapping[str, Task] = {
    "forward": _forward,
    "forward_export": _forward_export,
    "backward": _backward,
    "path": _path,
    "place": _place,
}
"""Each takes `TraceServices` and the arguments that the door sent after its rules."""
