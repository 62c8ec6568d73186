"""Whether the log still holds all that the read models or a stage's state are made from."""

from collections.abc import Sequence

from infra.errors import SetupError
from infra.kafka.epochs import read_epochs
from infra.kafka.log_identity import read_logs
from infra.kafka.registry import Registry
from infra.settings import Settings
from infra.tools.rebuild.models import ReadModel, topics_of
from schemas.contract.codec import Codec
from schemas.contract.topics import Topic


def cut_off(settings: Settings, topics: Sequence[Topic]) -> set[str]:
    """Returns the names of the topics that lack records which were read.

    Retention has taken the first ones, or a log was adopted in place of one that was lost or cut.
    """
    lacking = read_epochs(settings, Codec(Registry(settings))).lacking
    found = set()
    for (topic, _), log in read_logs(settings, [topic.name for topic in topics]).items():
        if log.start > 0 or log.log_id.topic_id in lacking:
            found.add(topic)
    return found


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
        "The log lacks records of which these tables are made, by retention or since a log was "
        f"adopted; a rebuild would lose their rows: {'; '.join(lost)}. {advice}"
    )
