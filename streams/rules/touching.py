"""Touches that several rules share: the subjects to judge again when an entry changes."""

from collections.abc import Iterable
from datetime import datetime

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Cancellation, Dose, Entry, Journey, Scan
from streams.rules.history import MAX_COUNTING, History
from streams.rules.instants import LAST
from streams.rules.neighbours import doses_around
from streams.rules.rule import Touched


def own_subject(entry: Entry, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    """Returns the entry alone: the rule judges each entry as a subject of its own."""
    return (entry.entry_id,)


def scans_declared(journey: Journey, history: History, reference: ReferenceAsOf) -> Iterable[str]:
    """Returns the scans at which the declaration may count, and those at which it ends another.

    It counts while no policy has it expire and too many newer ones have not come. Until the next
    one it is the newest, whether it has expired or not.
    """
    at = journey.occurred_at
    if history.scans.ends_before(at):  # nearly always
        return ()
    scan_ids = _ids(history.scans.between(at, _counts_until(at, history, reference)))
    if journey.replaces:
        scan_ids += _scans_after_end(journey.replaces, at, history, reference)
    return dict.fromkeys(scan_ids)


def scans_cancelled(
    cancellation: Cancellation, history: History, reference: ReferenceAsOf
) -> Iterable[str]:
    """Returns the scans at which the declaration would count, or its code was shown."""
    at = cancellation.occurred_at
    if history.scans.ends_before(at):
        return ()
    return _scans_after_end(cancellation.declaration_id, at, history, reference)


def _counts_until(at: datetime, history: History, reference: ReferenceAsOf) -> datetime:
    """Returns until when a declaration made at an instant may make a difference to scans."""
    newer = history.journeys.next_after(at)
    if newer is None:
        return LAST
    expires_at = at + reference.longest_validity()
    too_many_newer = history.journeys.next_after(at, MAX_COUNTING)
    if too_many_newer is not None:
        expires_at = min(expires_at, too_many_newer.occurred_at)
    return max(expires_at, newer.occurred_at)


def _scans_after_end(
    declaration_id: str, at: datetime, history: History, reference: ReferenceAsOf
) -> list[str]:
    """Returns the scans from the end of a declaration on that it makes a difference to."""
    counted_until = at
    for made_at, _ in history.journeys_of(declaration_id):
        counted_until = max(counted_until, _counts_until(made_at, history, reference))
    scan_ids = _ids(history.scans.between(at, counted_until))
    for scan in history.scans.onward((counted_until, "")):
        if scan.declaration_id == declaration_id:
            scan_ids.append(scan.entry_id)
    return scan_ids


def _ids(entries: Iterable[Entry]) -> list[str]:
    return [entry.entry_id for entry in entries]


def doses_compared(dose: Dose, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    """Returns the doses that are compared with this one, and this one.

    This one is named for the case that it is withdrawn: its flag is cleared then.
    """
    return (*_ids(doses_around(dose, history)), dose.entry_id)


BY_JOURNEYS: Touched = {Scan: own_subject, Journey: scans_declared, Cancellation: scans_cancelled}
"""Touches of rules that judge scans by the declarations that count at them."""
