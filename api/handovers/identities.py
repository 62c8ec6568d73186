"""The names and addresses behind pseudonyms, read from the identity vault.

`reveals.py` is the only door to them.
"""

from collections.abc import Mapping, Sequence

from api.doors.services import Services
from api.http.fields import Output

Pseudonyms = Mapping[str, Sequence[str]]
"""The people asked for, as they are listed, each with the pseudonyms they are known by."""


class IdentityOut(Output):
    """The identity of a person: the register's word first, then the newest declaration's.

    A field that no source states is empty.
    """

    person_id: str
    listed_as: str
    """The person's pseudonym on the list.

    `person_id` differs from it if a link has since told who they are.
    """
    full_name: str
    birth_date: str
    sex: str
    phone: str
    residence_code: str
    residence_detail: str
    documents: list[str]
    registered: bool


async def identities_of(
    services: Services, pseudonyms: Pseudonyms, people: Sequence[str]
) -> tuple[list[IdentityOut], list[str]]:
    """Returns who the people are, and those listed of whom no source states anything.

    `people` are all pseudonyms, each once.
    """
    rows = await services.clickhouse.ask_people("handovers/identities", {}, people)
    by_pseudonym = {row["person_id"]: row for row in rows}
    identities, unknown = list[IdentityOut](), list[str]()
    for listed_as, of_person in pseudonyms.items():
        known = [pseudonym for pseudonym in of_person if pseudonym in by_pseudonym]
        if not known:
            unknown.append(listed_as)
        for pseudonym in known:
            identities.append(IdentityOut(**by_pseudonym[pseudonym], listed_as=listed_as))
    return identities, unknown
