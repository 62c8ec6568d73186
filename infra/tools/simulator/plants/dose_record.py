"""Two places on one day, a dose before birth, a dose after death; the same place, the day of birth, the day of the removal and another
reason for it must stay silent."""

from datetime import timedelta

from infra.tools.simulator.builder import Builder
from infra.tools.simulator.day import FIRST_DAY
from schemas.domain.documents import Document, DocumentKind

DAY = timedelta(days=1)


def two_places(builder: Builder) -> None:
    for facility, planted in (("Bệnh viện đa khoa", True), ("TRUNG TÂM Y TẾ", False)):
        person, day = builder.somebody(), FIRST_DAY - builder.rng.randrange(40, 150) * DAY
        doses = builder.dose(person, 1, day), builder.dose(person, 1, day, facility=facility)
        builder.plant("dose_record", max(doses)) if planted else builder.near_miss(doses[1])


def dose_before_birth(builder: Builder) -> None:
    """Of a small province nobody may be young enough."""
    for days, planted in ((-1, True), (0, False)):
        if (baby := builder.baby()) is None:
            return
        dose = builder.dose(baby, 1, baby.birth_date + days * DAY)
        builder.plant("dose_record", dose) if planted else builder.near_miss(dose)


def dose_after_death(builder: Builder) -> None:
    """The register had them once, before the snapshot that is loaded; so it does not know their numbers."""
    for reason, days, planted in (
        ("deceased", 1, True),
        ("deceased", 0, False),
        ("moved_away", 1, False),
    ):
        person = builder.strangers.pop()
        removed = max(FIRST_DAY - builder.rng.randrange(40, 150) * DAY, person.birth_date)
        builder.remove(person, removed, reason)
        dose = builder.dose(person, 1, removed + days * DAY, document=person.number)
        builder.plant(
            "unknown_document",
            builder.pseudonyms.document(Document(DocumentKind.CCCD, person.number)),
        )
        builder.plant("dose_record", dose) if planted else builder.near_miss(dose)
