"""`residence_mismatch`: the permanent residence (thường trú) declared is not the register's, or the lodging declared is not where somebody
with a temporary residence (tạm trú) is registered (order 4655, 2b: residence is confirmed in the population database). One finding per
declaration. Another commune of the same district does not raise it; whoever is registered nowhere else may lodge anywhere."""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey
from streams.rules.history import Found, History, Rule
from streams.rules.touching import itself


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    journey = history.journeys.get(entry_id)
    if journey is None or "different" not in (journey.match_permanent, journey.match_lodging):
        return None
    compared = (
        ("permanent_residence_different", journey.match_permanent),
        ("temporary_residence_different", journey.match_lodging),
    )
    reasons = tuple(reason for reason, likeness in compared if likeness == "different")
    return Found(reasons, (entry_id,), journey.occurred_at)


RESIDENCE_MISMATCH = Rule(
    "residence_mismatch",
    {Journey: itself},
    _judge,
    reasons=("permanent_residence_different", "temporary_residence_different"),
    example="The form says Bình Sơn district, the register has the person's permanent residence in Đức Phổ.",
)
