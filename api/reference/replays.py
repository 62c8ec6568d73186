"""The door for replays: what another policy would have decided over a past period.

The journal is judged again, as a job of a process beside the doors.
"""

import csv
import io
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.backends.replay_jobs import AnotherRuns, ReplayFailed, Running
from api.doors.services import ServicesDep
from api.http.content_negotiation import accepted
from api.http.fields import Output, PastInstant, Short
from api.http.problems import FieldFault, Problem, invalid, problems
from infra.replays.job_directory import read_result
from infra.replays.request import ReplayRequest
from infra.replays.result import Replayed
from schemas.domain.reference import ReferenceAsOf

router = APIRouter(prefix="/policies", tags=["policies"])
ASK_AGAIN_S, BUSY_S = 1, 10
MAX_NAMED = 20
COLUMNS = ("checkpoint_id", "was", "would_be", "gone", "new", "scans")


class Kind(StrEnum):
    JSON = "application/json"
    CSV = "text/csv"


class ReplayRunning(Output):
    """`done` records of `total`, which is 0 until it is known.

    `Retry-After` gives the seconds after which to ask the same again.
    """

    state: Literal["running"] = "running"
    done: int
    total: int
    ask_again_after_s: int = ASK_AGAIN_S


DESCRIPTION: dict[int | str, dict[str, Any]] = {
    200: {"content": {Kind.CSV.value: {}}},
    202: {"model": ReplayRunning, "description": "It runs; `Location` is where to ask again."},
}


@router.get("/replay", response_model=Replayed, responses=problems(406) | DESCRIPTION)
async def replay(
    request: Request,
    account: Annotated[Account, requires("register", "committee", "analyst")],
    services: ServicesDep,
    since: Annotated[PastInstant, Query(alias="from")],
    until: Annotated[PastInstant, Query(alias="to")],
    policy: Short | None = None,
) -> Response:
    """The decisions that a policy would have made about the scans from `from` up to, without,
    `to`. `policy` is the id of any policy that the reference data knows, whenever it is in force,
    as it was adopted last; without it nothing changes, and `reproduced` says whether the journal
    gives every verdict again. The first time it begins a job, then it tells how far that is, then
    what was found, for an hour. As a table (`text/csv`) come the changes, counted by post,
    decision and what is found."""
    kind = accepted(request.headers.get("accept", "*/*"), Kind, "a replay")
    try:
        state = services.replays.ask(
            replay_request(since, until, policy, services.reference.latest)
        )
    except AnotherRuns as busy:
        status = HTTPStatus.TOO_MANY_REQUESTS
        raise _try_again(status, "another-replay-runs", str(busy)) from busy
    except ReplayFailed as failed:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        detail = f"{failed}; the same question begins it anew"
        raise _try_again(status, "replay-failed", detail) from failed
    if isinstance(state, Running):
        return _running(state, f"{request.url.path}?{request.url.query}")
    return _done(state, kind)


def replay_request(
    since: datetime, until: datetime, policy_id: str | None, known: ReferenceAsOf
) -> ReplayRequest:
    """Returns the replay to be made. Raises `Problem` that names every field at fault."""
    faults = []
    if until <= since:
        faults.append(FieldFault(field="to", reason="it does not lie after from"))
    versions = {policy.policy_id: version for version, policy in known.policies()}
    if policy_id is not None and policy_id not in versions:
        named = ", ".join(list(versions)[-MAX_NAMED:])
        faults.append(
            FieldFault(field="policy", reason=f"no policy is called {policy_id}; there are {named}")
        )
    if faults:
        raise invalid(faults)
    return ReplayRequest(since, until, None if policy_id is None else versions[policy_id])


def _running(running: Running, where: str) -> Response:
    body = ReplayRunning(done=running.done, total=running.total)
    headers = {"Location": where, "Retry-After": str(ASK_AGAIN_S), "Cache-Control": "no-store"}
    return Response(body.model_dump_json(), HTTPStatus.ACCEPTED, headers, Kind.JSON)


def _done(result: bytes, kind: Kind) -> Response:
    if kind is Kind.JSON:
        return Response(result, media_type=Kind.JSON)
    replayed = read_result(result)
    # A table has no room for what was cut off: a header tells it.
    headers = {"X-Unlisted": str(replayed.changes_beyond)}
    return Response(as_csv(replayed), headers=headers, media_type=f"{Kind.CSV}; charset=utf-8")


def as_csv(replayed: Replayed) -> str:
    """Writes the changes, after a byte order mark: without it Excel garbles Vietnamese."""
    table = io.StringIO()
    rows = csv.DictWriter(table, COLUMNS)
    rows.writeheader()
    for change in replayed.changes:
        found = {"gone": "; ".join(change.gone), "new": "; ".join(change.new)}
        rows.writerow(asdict(change) | found)
    return "\ufeff" + table.getvalue()


def _try_again(status: HTTPStatus, kind: str, detail: str) -> Problem:
    return Problem(status, kind, detail, headers={"Retry-After": str(BUSY_S)})
