"""Touches that several rules share: the subjects to judge again when an entry changes."""

from streams.rules.entries import Cancellation, Dose, Entry, Journey, Scan
from streams.rules.history import History, Touched


def own_subject(entry: Entry, history: History) -> tuple[str, ...]:
    """Returns the entry alone: the rule judges each entry as a subject of its own."""
    return (entry.entry_id,)


def later_scans(entry: Entry, history: History) -> list[str]:
    """Returns the scans from the entry on, those of its own instant included."""
    return [
        scan.entry_id for scan in history.scans.values() if scan.occurred_at >= entry.occurred_at
    ]


def every_scan(entry: Entry, history: History) -> tuple[str, ...]:
    """Returns all scans, where an entry may count at earlier ones too."""
    return tuple(history.scans)


def every_dose(dose: Dose, history: History) -> tuple[str, ...]:
    """Returns all doses, as each is compared with the others, and this one.

    This one is named for the case that it is withdrawn: its flag is cleared then.
    """
    return (*history.doses, dose.entry_id)


BY_JOURNEYS: Touched = {Scan: own_subject, Journey: later_scans, Cancellation: later_scans}
"""Touches of rules that judge scans by the declarations that count at them."""
