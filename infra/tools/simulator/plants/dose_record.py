"""Doses at two places on one day, before birth, after death.

The same place, the day of birth, the day of the removal from the register, and another reason for
it must stay silent.
"""

from datetime import timedelta

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.day import FIRST_DAY
from schemas.domain.documents import Document, DocumentKind

DAY = timedelta(days=1)


def two_places(builder: Builder) -> None:
    """Plants another place; the same place written otherwise is silent."""
    for facility, elsewhere in (("Bệnh viện đa khoa", True), ("TRUNG TÂM Y TẾ", False)):
        person, day = builder.next_person(), FIRST_DAY - builder.rng.randrange(40, 150) * DAY
        doses = builder.dose(person, 1, day), builder.dose(person, 1, day, facility=facility)
        builder.expect("dose_record", max(doses), flagged=elsewhere)


def dose_before_birth(builder: Builder) -> None:
    """Plants nothing in a small province where nobody is young enough."""
    for days, before_birth in ((-1, True), (0, False)):
        baby = builder.next_baby()
        if baby is None:
            return
        dose = builder.dose(baby, 1, baby.birth_date + days * DAY)
        builder.expect("dose_record", dose, flagged=before_birth)


def dose_after_death(builder: Builder) -> None:
    """Plants doses of people whom the register had before the snapshot that is loaded."""
    for reason, days, after_death in (
        ("deceased", 1, True),
        ("deceased", 0, False),
        ("moved_away", 1, False),
    ):
        person = builder.next_stranger()
        removed = max(FIRST_DAY - builder.rng.randrange(40, 150) * DAY, person.birth_date)
        builder.remove(person, removed, reason)
        dose = builder.dose(person, 1, removed + days * DAY, document=person.number)
        document = builder.pseudonyms.document(Document(DocumentKind.CCCD, person.number))
        builder.expect("unknown_document", document)
        builder.expect("dose_record", dose, flagged=after_death)
