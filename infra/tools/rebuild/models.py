"""The read models: every table that the log makes, with the topics and views that fill it.

`positions` and `migrations` are no read models: they say how far this ClickHouse is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from infra.errors import SetupError
from schemas.contract.topics import (
    CITIZEN_DOCUMENTS,
    DEAD_LETTER_TOPICS,
    DECLARED_IDENTITIES,
    FLAGS,
    FOLLOW_UPS,
    HANDOVERS,
    HOUSEHOLDS,
    JOURNAL,
    OVERRIDES,
    REFERENCE,
    REVEALS,
    VERDICTS,
    Topic,
)


@dataclass(frozen=True, slots=True)
class ReadModel:
    table: str
    topics: tuple[Topic, ...] = ()
    filled_from: tuple[str, ...] = ()
    """Tables from which a view writes into this one."""
    by_person: bool = True
    """Whether its rows say whose they are."""


READ_MODELS = (
    ReadModel(
        "timeline",
        filled_from=(
            "declarations",
            "cancellations",
            "scans",
            "verdicts",
            "overrides",
            "vaccinations",
            "cases",
            "flags",
            "orders",
            "health_tests",
            "presences",
        ),
    ),
    ReadModel("presences_sampled", filled_from=("presences_by_place",), by_person=False),
    ReadModel("presences_by_place", filled_from=("presences",)),
    ReadModel("presences", (JOURNAL,), filled_from=("declarations", "scans")),
    ReadModel("declarations_by_id", filled_from=("declarations",)),
    ReadModel("flag_changes", filled_from=("flags",)),
    ReadModel("person_households", filled_from=("household_members",)),
    ReadModel("household_changes", filled_from=("household_members",)),
    ReadModel("residence_changes", filled_from=("identity_vault",)),
    ReadModel("declarations", (JOURNAL,)),
    ReadModel("scans", (JOURNAL,)),
    ReadModel("vaccinations", (JOURNAL,)),
    ReadModel("cases", (JOURNAL,)),
    ReadModel("orders", (JOURNAL,)),
    ReadModel("health_tests", (JOURNAL,)),
    ReadModel("cancellations", (JOURNAL,)),
    ReadModel("flags", (FLAGS,)),
    ReadModel("verdicts", (VERDICTS,)),
    ReadModel("overrides", (OVERRIDES,)),
    ReadModel("person_documents", (CITIZEN_DOCUMENTS,)),
    ReadModel("identity_vault", (CITIZEN_DOCUMENTS, DECLARED_IDENTITIES)),
    ReadModel("household_members", (HOUSEHOLDS,)),
    ReadModel("handovers_asked", (HANDOVERS,), by_person=False),
    ReadModel("handover_people", (HANDOVERS,)),
    ReadModel("handover_issues", (HANDOVERS,), by_person=False),
    ReadModel("handover_acknowledgements", (HANDOVERS,), by_person=False),
    ReadModel("handover_escalations", (HANDOVERS,), by_person=False),
    ReadModel("follow_ups", (FOLLOW_UPS,)),
    ReadModel("reveals", (REVEALS,)),
    ReadModel("reference_zones", (REFERENCE,), by_person=False),
    ReadModel("reference_checkpoints", (REFERENCE,), by_person=False),
    ReadModel("reference_policies", (REFERENCE,), by_person=False),
    ReadModel("reference_permits", (REFERENCE,), by_person=False),
    ReadModel("reference_permit_extensions", (REFERENCE,), by_person=False),
    ReadModel("reference_exposure_rules", (REFERENCE,), by_person=False),
    ReadModel("reference_signers", (REFERENCE,), by_person=False),
    ReadModel("reference_sources", (REFERENCE,), by_person=False),
    ReadModel("reference_trust_lists", (REFERENCE,), by_person=False),
    ReadModel("reference_revoked_certificates", (REFERENCE,), by_person=False),
    ReadModel("dead_letters", DEAD_LETTER_TOPICS, by_person=False),
    ReadModel("dead_letter_settlements", DEAD_LETTER_TOPICS, by_person=False),
)
"""Read models in the order of the swap: a view's target comes before the view's source.

So a row never passes from a new table into an old one.
"""


def named(names: Collection[str]) -> list[ReadModel]:
    """Returns all when none is named. Raises `SetupError` for a name of no read model."""
    known = sorted(model.table for model in READ_MODELS)
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise SetupError(
            f"There is no read model {', '.join(unknown)}: the read models are {', '.join(known)}."
        )
    return [model for model in READ_MODELS if not names or model.table in names]


def behind(models: Sequence[ReadModel]) -> list[ReadModel]:
    """Returns these, and all that views fill them from."""
    wanted = {model.table for model in models}
    for model in READ_MODELS:
        if model.table in wanted:
            wanted.update(model.filled_from)
    return [model for model in READ_MODELS if model.table in wanted]


def topics_of(models: Sequence[ReadModel]) -> list[Topic]:
    """Returns each topic once that these, or what fills them, are made from."""
    found = {}
    for model in behind(models):
        for topic in model.topics:
            found[topic.name] = topic
    return list(found.values())
