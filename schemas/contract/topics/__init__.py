"""The topics: each has a YAML page beside this file.

The broker is provisioned from the pages, and docs/topics.md is generated from them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    description: str
    key: str
    events: dict[str, int]
    """Each event's name, with the number of its newest schema version."""
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    """Stages that own partitions and commit how far they are."""
    followers: tuple[str, ...]
    """Processes that each read all of it, and commit nothing."""
    partitions: int | None
    """None means the deployment's default; such topics share their partitioning by key."""
    retention_days: int | None
    """None means that records are retained for ever."""
    compatibility: str
    dead_letters: str | None

    def __str__(self) -> str:
        return self.name


def read_page(path: Path) -> Topic:
    """Returns the topic of a page. Raises `TypeError` for a key that no topic has."""
    page: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Topic(
        name=page.pop("topic"),
        description=page.pop("description"),
        key=page.pop("key"),
        events=page.pop("events"),
        producers=tuple(page.pop("producers")),
        consumers=tuple(page.pop("consumers")),
        followers=tuple(page.pop("followers")),
        partitions=_unless(page.pop("partitions"), "default"),
        retention_days=_unless(page.pop("retention_days"), "forever"),
        compatibility=page.pop("compatibility"),
        dead_letters=_unless(page.pop("dead_letters"), "none"),
        **page,
    )


def _unless(value: Any, word: str) -> Any:
    return None if value == word else value


def _page(name: str) -> Topic:
    return read_page(HERE / f"{name}.yaml")


DECLARATIONS = _page("declarations")
CHECKPOINT_SCANS = _page("checkpoint-scans")
VACCINATIONS = _page("vaccinations")
CASES = _page("cases")
ORDERS = _page("orders")
PRESENCES = _page("presences")
HEALTH_TESTS = _page("health-tests")
REGISTRY_CITIZENS = _page("registry-citizens")
REFERENCE = _page("reference")
CITIZEN_DOCUMENTS = _page("citizen-documents")
HOUSEHOLDS = _page("households")
JOURNAL = _page("journal")
DECLARED_IDENTITIES = _page("declared-identities")
FLAGS = _page("flags")
VERDICTS = _page("verdicts")
OVERRIDES = _page("overrides")
HANDOVERS = _page("handovers")
FOLLOW_UPS = _page("follow-ups")
REVEALS = _page("reveals")
LOG_EPOCHS = _page("log-epochs")

MAIN_TOPICS = (
    DECLARATIONS,
    CHECKPOINT_SCANS,
    VACCINATIONS,
    CASES,
    ORDERS,
    PRESENCES,
    HEALTH_TESTS,
    REGISTRY_CITIZENS,
    REFERENCE,
    CITIZEN_DOCUMENTS,
    HOUSEHOLDS,
    JOURNAL,
    DECLARED_IDENTITIES,
    FLAGS,
    VERDICTS,
    OVERRIDES,
    HANDOVERS,
    FOLLOW_UPS,
    REVEALS,
    LOG_EPOCHS,
)
DEAD_LETTER_TOPICS = tuple(_page(topic.dead_letters) for topic in MAIN_TOPICS if topic.dead_letters)
TOPICS = (*MAIN_TOPICS, *DEAD_LETTER_TOPICS)
