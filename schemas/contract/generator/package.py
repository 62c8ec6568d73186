"""Writes the package of events: every event, and the unions that other code names."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from schemas.contract import topics
from schemas.contract.generator.struct_module import INDENT, LINE_LENGTH, PACKAGE, module_name
from schemas.contract.topics import Topic

UNIONS: Mapping[str, Sequence[Topic]] = {
    "DoorEvent": (
        topics.DECLARATIONS,
        topics.CHECKPOINT_SCANS,
        topics.VACCINATIONS,
        topics.CASES,
        topics.ORDERS,
        topics.PRESENCES,
        topics.HEALTH_TESTS,
    ),
    "RegistryEvent": (topics.REGISTRY_CITIZENS,),
    "ReferenceEvent": (topics.REFERENCE,),
    "LinkEvent": (topics.CITIZEN_DOCUMENTS,),
    "HouseholdEvent": (topics.HOUSEHOLDS,),
    "JournalEntry": (topics.JOURNAL,),
    "FlagEvent": (topics.FLAGS,),
    "HandoverEvent": (topics.HANDOVERS,),
}
"""Each union holds all events of these topics."""

TRUST_EVENTS = ("SignerTrusted", "TrustListRefreshed", "CertificateRevoked")
NOT_JUDGED = ("PresenceIdentified",)
"""The rules judge every journal entry but these."""

HEAD = '''\
"""Every event of the system, as frozen values.

The package is generated from `schemas/contract/avro` and `schemas/contract/topics`:
`python -m schemas.contract.generator` writes it.
"""

from typing import get_args
'''
EVENTS = '''\
EVENTS: tuple[type[Event], ...] = get_args(Event)
"""Every event, in the order of the topics."""
'''


def package_text(records: Sequence[str]) -> str:
    """Returns the text of `__init__.py` for these records."""
    unions = all_unions()
    imports = [f"from {PACKAGE}.{module_name(record)} import {record}" for record in records]
    blocks = [
        HEAD,
        "\n".join([*sorted(imports), ""]),
        *(union_text(name, members) for name, members in unions.items()),
        EVENTS,
        exported((*records, *unions, "EVENTS")),
    ]
    return "\n".join(blocks)


def all_unions() -> dict[str, list[str]]:
    """Returns the members of each union by its name, `Event` the last."""
    unions = {name: events_of(members) for name, members in UNIONS.items()}
    unions["TrustEvent"] = list(TRUST_EVENTS)
    unions["JudgedEntry"] = [name for name in unions["JournalEntry"] if name not in NOT_JUDGED]
    unions["Event"] = list(dict.fromkeys(parts_of_event()))
    return unions


def parts_of_event() -> Iterator[str]:
    """Yields the union that holds a topic's events, or the events where none does."""
    for topic in topics.TOPICS:
        union = next((name for name, members in UNIONS.items() if topic in members), None)
        if union:
            yield union
        else:
            yield from topic.events


def events_of(members: Sequence[Topic]) -> list[str]:
    """Returns the events of these topics, in the order of the topics and of their pages."""
    events = list[str]()
    for topic in members:
        events += topic.events
    return events


def union_text(name: str, members: Sequence[str]) -> str:
    """Returns the union as ruff would lay it out: in one line, in brackets, a line for each."""
    union = " | ".join(members)
    if len(f"{name} = {union}") <= LINE_LENGTH:
        return f"{name} = {union}\n"
    if len(f"{INDENT}{union}") <= LINE_LENGTH:
        return f"{name} = (\n{INDENT}{union}\n)\n"
    first, *others = members
    lines = [f"{name} = (", f"{INDENT}{first}", *(f"{INDENT}| {other}" for other in others), ")"]
    return "\n".join([*lines, ""])


def exported(names: Collection[str]) -> str:
    in_order = sorted(names, key=lambda name: (not name.isupper(), name))
    lines = ["__all__ = [", *(f'{INDENT}"{name}",' for name in in_order), "]"]
    return "\n".join([*lines, ""])
