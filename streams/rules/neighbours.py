"""Names the doses that are compared with each other, however many records a document has."""

from itertools import islice

from streams.rules.entries import Dose
from streams.rules.history import History
from streams.rules.timeline import END, by_time

MAX_COMPARED = 8
"""Nobody gets more doses: a document with more is not one person's.

Each is compared with so many before and after it, so that more cost no more.
"""


def doses_around(dose: Dose, history: History) -> list[Dose]:
    """Returns the doses next to this one in time, which may be withdrawn, without this one."""
    newest = history.stored.doses.newest
    if len(newest) <= MAX_COMPARED and not history.doses.has_pieces:  # nearly always
        return [other for other in newest if other.entry_id != dose.entry_id]
    key = by_time(dose)
    earlier = list(islice(history.doses.backward(key), MAX_COMPARED + 1))
    later = list(islice(history.doses.onward(key), MAX_COMPARED + 1))
    return [other for other in (*reversed(earlier), *later) if other.entry_id != dose.entry_id]


def newest_doses(history: History) -> list[Dose]:
    """Returns the doses that count at a verdict, the newest first."""
    return list(islice(history.doses.backward(END), MAX_COMPARED))
