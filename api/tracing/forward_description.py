"""The OpenAPI description of a forward trace; nothing is validated or written with it.

`forward_trace.py` has the answer itself, with the same fields. Its class is called `ForwardTrace`
too, as OpenAPI shows the class of this module to clients under its own name.
"""

from datetime import datetime

from api.http.fields import Output
from api.tracing.residences import CommuneOut
from api.tracing.responses import ContactOut, RulesOut, StayOut, UnlistedOut


class PersonOut(Output):
    """A person whom the case leads to.

    `chain` is the strongest of the shortest ways from the case: its weakest contact is the
    strongest. `contacts` is the evidence for this person, the strongest first.
    """

    person_id: str
    generation: int
    exposed_at: datetime
    """Earliest time at which they can have been exposed, over `generation` steps."""
    exposed_by: str
    """Person whom they then met; `exposed_place` says where."""
    exposed_place: str
    last_exposed_at: datetime
    """End of the last contact with a person who may have infected them.

    Follow-up counts from this time.
    """
    residence_code: str
    """Code of the commune of residence; empty if nobody knows the commune."""
    isolated_at: datetime | None
    """Begin of the order that isolates them beyond `until` and `contacts_until`.

    Until then they may have infected others; isolated at home, those at home later too.
    """
    own_case_ids: list[str]
    """Confirmed cases that they are themselves."""
    chain: list[ContactOut]
    contacts: list[ContactOut]
    more_contacts: int


class ForwardTrace(Output):
    person_id: str
    rules: RulesOut
    since: datetime
    until: datetime
    contacts_until: datetime
    """End of the period in which people whom the case led to may have infected others in turn.

    It holds for people who are not known to be isolated by order.
    """
    stays: int
    """Number of `milestones`.

    With none nobody knows where the case was: then only those of its household can be found.
    """
    milestones: list[StayOut]
    """Stays of the case in its period, as far as they are known and the rules count the place.

    The list is in order of time and includes the milestones of the request.
    """
    known_at: datetime | None
    ranked_by: str
    generations: list[int]
    """Numbers of people in F1, F2 …"""
    communes: list[CommuneOut]
    """Communes to which the people belong."""
    people: list[PersonOut]
    unlisted: list[UnlistedOut]
    not_followed: dict[int, int]
    """Number of people listed in each generation whose own contacts were not asked for."""
    learnt_since: list[str]
    """People to whom only what was learnt later leads; empty without `known_at`."""
    withdrawn_since: list[str]
    """People of this answer whom today's answer has no more; empty without `known_at`.

    Nothing leads to them, they turned out to be the case, or a crowd has grown since and pushed
    them out of those listed.
    """
    moved_since: dict[str, list[str]]
    """People of this answer whose presences a later link reassigned; empty without `known_at`.

    Each person has the people to whom the link moved what was known of them in the period.
    """
