"""The declared residence or lodging is not where the person is registered.

The permanent residence (thường trú) declared differs from the register's, or a person with a
temporary residence (tạm trú) declares another lodging. Order 4655, 2b, has residence confirmed in
the population database. There is one finding per declaration. Another commune of the same district
does not raise it; whoever is registered nowhere else may lodge anywhere.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import own_subject


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    journey = history.journeys.get(entry_id)
    if journey is None:
        return None
    reasons = []
    if journey.match_permanent == "different":
        reasons.append("permanent_residence_different")
    if journey.match_lodging == "different":
        reasons.append("temporary_residence_different")
    return Judgement(tuple(reasons), (entry_id,), journey.occurred_at) if reasons else None


RESIDENCE_MISMATCH = Rule(
    "residence_mismatch",
    {Journey: own_subject},
    _judge,
    reasons=("permanent_residence_different", "temporary_residence_different"),
    example=(
        "The form says Bình Sơn district, "
        "the register has the person's permanent residence in Đức Phổ."
    ),
)
