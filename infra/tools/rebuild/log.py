"""Whether the log still holds all that the read models or a stage's state are made from."""

from collections.abc import Sequence

from infra.errors import SetupError
from infra.kafka.epochs import read_adoptions
from infra.kafka.offsets import beginnings
from infra.kafka.registry import Registry
from infra.settings import Settings
from infra.tools.adoption import RESTORED
from infra.tools.rebuild.models import ReadModel, topics_of
from schemas.contract.codec import Codec
from schemas.contract.topics import Topic


def cut_off(settings: Settings, topics: Sequence[Topic]) -> set[str]:
    """Returns the names of the topics that no longer hold all that was written to them.

    Retention has taken their first records, or a log was adopted in place of one that was lost.
    """
    names = {topic.name for topic in topics}
    late = {topic for (topic, _), first in beginnings(settings, topics).items() if first > 0}
    for adopted in read_adoptions(settings, Codec(Registry(settings))):
        if not adopted.reason.startswith(RESTORED):
            late |= {partition.topic for partition in adopted.partitions} & names
    return late


def incomplete(settings: Settings, models: Sequence[ReadModel]) -> dict[str, list[str]]:
    """Returns the tables that the log cannot make whole, each with topics that lack records."""
    late = cut_off(settings, topics_of(models))
    found = {}
    for model in models:
        late_topics = sorted(topic.name for topic in topics_of([model]) if topic.name in late)
        if late_topics:
            found[model.table] = late_topics
    return found


def refuse_incomplete(settings: Settings, models: Sequence[ReadModel]) -> None:
    """Raises `SetupError`: a rebuild would lose the rows whose records are gone."""
    found = incomplete(settings, models)
    if not found:
        return
    lost = [f"{table} ({', '.join(topics)})" for table, topics in sorted(found.items())]
    others = sorted(model.table for model in models if model.table not in found)
    advice = "Nothing was changed."
    if others:
        advice = f"The others can be rebuilt: dibiendong rebuild {' '.join(others)}"
    raise SetupError(
        "The log no longer has all records of what these tables are made from: retention took "
        "them, or a log was adopted in place of one that was lost. A rebuild would lose their "
        f"rows: {'; '.join(lost)}. {advice}"
    )
