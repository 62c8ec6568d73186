"""The OpenAPI description of a forward trace; nothing is validated or written with it.

`forward_trace.py` has the answer itself, with the same fields.
"""

from datetime import datetime

from api.http.fields import Output
from api.tracing.residences import CommuneOut
from api.tracing.responses import ContactOut, RulesOut, StayOut, UnlistedOut


class PersonOut(Output):
    """Somebody whom the case leads to.

    `chain` is the strongest of the shortest ways from the case: its weakest contact is the
    strongest. `contacts` is the evidence for this person, the strongest first.
    """

    person_id: str
    generation: int
    exposed_at: datetime
    """This is the earliest they can have been exposed over so many steps."""
    exposed_by: str
    """This is whom they then met; `exposed_place` says where."""
    exposed_place: str
    last_exposed_at: datetime
    """The last contact with somebody who may have infected them ended here.

    Follow-up counts from this time.
    """
    residence_code: str
    """The commune of residence has this code; it is empty if nobody knows the commune."""
    isolated_at: datetime | None
    """At this time an order began to isolate them that lasts beyond `until` and `contacts_until`.

    Until then they may have infected others; if it keeps them at home, those at home later too.
    """
    own_case_ids: list[str]
    """These are the confirmed cases that they are themselves."""
    chain: list[ContactOut]
    contacts: list[ContactOut]
    more_contacts: int


class ForwardTrace(Output):
    person_id: str
    rules: RulesOut
    since: datetime
    until: datetime
    contacts_until: datetime
    """Until then people whom the case led to may have infected others in turn.

    It counts for those who are not known to be isolated by order.
    """
    stays: int
    """So many `milestones` are known.

    With none nobody knows where the case was: then only those of its household can be found.
    """
    milestones: list[StayOut]
    """The case was here in its period, as far as it is known and the rules count the place.

    The list is in order of time and includes the milestones of the request.
    """
    known_at: datetime | None
    ranked_by: str
    generations: list[int]
    """These are the numbers of people in F1, F2 …"""
    communes: list[CommuneOut]
    """These are the communes to which the people belong."""
    people: list[PersonOut]
    unlisted: list[UnlistedOut]
    not_followed: dict[int, int]
    """So many people of each generation are listed whose own contacts were not asked for."""
    learnt_since: list[str]
    """These are, with `known_at`, the people whom only what was learnt later leads to."""
    withdrawn_since: list[str]
    """These are, with `known_at`, people of this answer whom today's has no more.

    Nothing leads to them, they turned out to be the case, or a crowd has grown since and pushed
    them out of those listed.
    """
    moved_since: dict[str, list[str]]
    """These are, with `known_at`, people of this answer whose presences a later link reassigned.

    Each stands with those to whom the link moved what was known of them in the period.
    """
