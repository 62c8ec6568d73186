"""Whether the log still holds all that the read models or a stage's state are made from."""

from collections.abc import Sequence

from infra.errors import SetupError
from infra.kafka.offsets import beginnings
from infra.settings import Settings
from infra.tools.rebuild.models import ReadModel, topics_of
from schemas.contract.topics import Topic


def cut_off(settings: Settings, topics: Sequence[Topic]) -> set[str]:
    """Returns the names of the topics whose first records retention has taken."""
    return {topic for (topic, _), first in beginnings(settings, topics).items() if first > 0}


def incomplete(settings: Settings, models: Sequence[ReadModel]) -> dict[str, list[str]]:
    """Returns the tables that the log cannot make whole, each with topics that begin too late."""
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
        "Retention has taken the first records of what these tables are made from; "
        f"a rebuild would lose their rows: {'; '.join(lost)}. {advice}"
    )
