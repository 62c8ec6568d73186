"""Whether the log still holds all that the read models or a stage's state are made from."""

from collections.abc import Sequence

from infra.errors import SetupError
from infra.kafka.offsets import beginnings
from infra.settings import Settings
from infra.tools.rebuild.models import ReadModel, topics_of
from schemas.contract.topics import Topic


def cut_off(settings: Settings, topics: Sequence[Topic]) -> set[str]:
    """Names of the topics whose first records retention has taken."""
    return {topic for (topic, _), first in beginnings(settings, topics).items() if first > 0}


def incomplete(settings: Settings, models: Sequence[ReadModel]) -> dict[str, list[str]]:
    """Tables that the log cannot make whole any more, each with the topics that begin too late."""
    late = cut_off(settings, topics_of(models))
    found = {
        model.table: sorted(topic.name for topic in topics_of([model]) if topic.name in late)
        for model in models
    }
    return {table: topics for table, topics in found.items() if topics}


def refuse_incomplete(settings: Settings, models: Sequence[ReadModel]) -> None:
    """Raises `SetupError`: a rebuild would lose the rows whose records are gone."""
    found = incomplete(settings, models)
    if found:
        told = "; ".join(
            f"{table} ({', '.join(topics)})" for table, topics in sorted(found.items())
        )
        others = " ".join(sorted(model.table for model in models if model.table not in found))
        raise SetupError(
            f"Retention has taken the first records of what these tables are made from; a rebuild would lose their rows: {told}. "
            + (
                f"The others can be rebuilt: dibiendong rebuild {others}"
                if others
                else "Nothing was changed."
            )
        )
