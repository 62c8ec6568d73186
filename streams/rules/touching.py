"""Which subjects an entry may change the judgement of: what several rules say of its kind."""

from streams.rules.entries import Cancellation, Dose, Entry, Journey, Scan
from streams.rules.history import History, Touched


def itself(entry: Entry, history: History) -> tuple[str, ...]:
    return (entry.entry_id,)


def later_scans(entry: Entry, history: History) -> list[str]:
    return [
        scan.entry_id for scan in history.scans.values() if scan.occurred_at >= entry.occurred_at
    ]


def every_scan(entry: Entry, history: History) -> tuple[str, ...]:
    return tuple(history.scans)


def every_dose(dose: Dose, history: History) -> tuple[str, ...]:
    """For doses that are judged by each other; its own id, for when it has gone."""
    return (*history.doses, dose.entry_id)


BY_JOURNEYS: Touched = {Scan: itself, Journey: later_scans, Cancellation: later_scans}
"""Of scans that are judged by the declarations that count at them."""
