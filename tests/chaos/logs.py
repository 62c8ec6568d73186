"""Replaces, cuts or mismatches the broker's log, between two halves of the load.

What an operator would do is done here: the log is adopted once the stages ask for it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from infra.clickhouse.client import connect
from infra.errors import InfraError, SetupError, Unavailable
from infra.kafka.provision import provision
from infra.kafka.registry import Registry
from infra.stack.condition import conditions
from infra.stack.lag import lags
from infra.tools.adoption import adopt, find_adoption, worker_addresses
from schemas.contract.codec import Codec
from schemas.contract.topics import CHECKPOINT_SCANS, HEALTH_TESTS, REFERENCE, Topic
from tests.chaos.rig import BACK_S, Rig, start_patiently
from tests.chaos.world import ChaosWorld
from tests.live_world import Writer
from tests.running_stack import RunningStack
from tests.waiting import wait_until

NOTICED_S = 120.0
"""A stage that has not noticed by then does not notice."""
CUT_TOPICS = (
    "declarations",
    "checkpoint-scans",
    "vaccinations",
    "citizen-documents",
    "journal",
    "flags",
    "verdicts",
)
ANYBODY = "User:ANONYMOUS"


def cut_logs(stack: RunningStack) -> None:
    """Takes the last third of logs, as a power cut takes what was not yet on the disk."""
    logs = stack.settings.data_dir / "kafka" / "log"
    for topic in CUT_TOPICS:
        for segment in logs.glob(f"{topic}-[0-9]*/*.log"):
            with segment.open("r+b") as file:
                file.truncate(segment.stat().st_size * 2 // 3)
    (logs / ".kafka_cleanshutdown").unlink(missing_ok=True)


def log_replaced(rig: Rig) -> None:
    """Loses the broker's disk; what was judged before is judged by the same reference data."""
    _first_half(rig)
    rig.stack.down()
    shutil.rmtree(rig.stack.settings.data_dir / "kafka")
    _start(rig)
    Writer(rig.stack.settings).write_reference(rig.world.reference)
    _second_half(rig)


def log_cut(rig: Rig) -> None:
    _first_half(rig)
    rig.stack.down()
    cut_logs(rig.stack)
    _start(rig)
    _second_half(rig)


def topic_recreated(rig: Rig) -> None:
    """Deletes a topic and makes it again while every stage runs."""
    _first_half(rig)
    delete_topic(rig.stack, CHECKPOINT_SCANS)
    provision(rig.stack.settings)
    _second_half(rig)


def reference_unreadable(rig: Rig) -> None:
    """Takes the right to read the reference data while identify and screen start without a state.

    With a state they would not come so far: the check of the log reads that topic as well.
    """
    parts = ("identify", "screen")
    _first_half(rig)
    with rig.stopped("identify"), rig.stopped("screen"), ExitStack() as runs:
        with _may_not_read(rig.stack, REFERENCE):
            for part in parts:
                rig.forget_state(part)
                runs.enter_context(rig.running(part))
            rig.load.put(rig.world.events[1::2], rig.world.citizens[1::2])
            waits = _wait_noticed(lambda: _waits_for_reference(rig.stack))
            rig.demand(waits, "identify starts without the reference data")
            rig.pause(1.0, 3.0)
            rig.demand(not judged_by_nothing(rig), "verdicts were reached without reference data")
        for part in parts:
            rig.stack.wait_ready(part, BACK_S)
        rig.load.settle()


def partitions_differ(rig: Rig) -> None:
    """Makes a topic again with twice the partitions of those it is joined with."""
    _first_half(rig)
    stack = rig.stack
    admin = AdminClient({"bootstrap.servers": stack.settings.kafka})
    delete_topic(stack, HEALTH_TESTS)
    twice = NewTopic(HEALTH_TESTS.name, stack.settings.partitions * 2, 1)
    for created in admin.create_topics([twice]).values():
        created.result()
    rig.kill("identify")
    waits = _wait_noticed(lambda: "unequal" in waiting(stack).get("identify-0", ""))
    rig.demand(waits, "identify joins topics with unequal numbers of partitions")
    refused = ""
    with suppress(Unavailable):
        try:
            provision(stack.settings)
        except SetupError as error:
            refused = str(error)
    rig.demand(HEALTH_TESTS.name in refused, "provision accepts unequal numbers of partitions")
    delete_topic(stack, HEALTH_TESTS)
    provision(stack.settings)
    _second_half(rig)


def foreign_data_directory(rig: Rig) -> None:
    """Starts identify with the state that it had in another cluster, then with its own again."""
    _first_half(rig)
    own = rig.state_of("identify")
    with TemporaryDirectory(prefix="chaos-other") as directory, rig.stopped("identify"):
        foreign = _state_of_another_cluster(Path(directory), rig)
        aside = own.with_name("aside")
        own.rename(aside)
        shutil.copytree(foreign, own)
        with rig.running("identify"):
            rig.load.put(rig.world.events[1::2], rig.world.citizens[1::2])
            waits = _wait_noticed(lambda: "cluster" in waiting(rig.stack).get("identify-0", ""))
        shutil.rmtree(own)
        aside.rename(own)
    rig.demand(waits, "identify goes on with the state of another cluster")
    rig.load.settle()


def waiting(stack: RunningStack) -> dict[str, str]:
    """Returns the sentence of each stage that waits."""
    sentences = {}
    for condition in conditions(stack.settings):
        if condition.state == "waiting":
            sentences[condition.name] = condition.note
    return sentences


def _waits_for_reference(stack: RunningStack) -> bool:
    return waiting(stack).get("identify-0", "").startswith("the reference data")


def delete_topic(stack: RunningStack, topic: Topic) -> None:
    admin = AdminClient({"bootstrap.servers": stack.settings.kafka})
    for deleted in admin.delete_topics([topic.name]).values():
        deleted.result()
    wait_until(
        lambda: topic.name not in admin.list_topics(timeout=10).topics,
        what=f"{topic} to be gone",
    )


def judged_by_nothing(rig: Rig) -> int:
    """Returns how many verdicts of the world's scans know no reference data."""
    wanted = [event.event_id for event in rig.world.events]
    query = (
        "SELECT count() FROM verdicts FINAL "
        "WHERE scan_id IN {wanted:Array(UUID)} AND reference_version < 0"
    )
    with connect(rig.stack.settings, "reader", timeout_s=30) as client:
        return int(client.query(query, parameters={"wanted": wanted}).result_rows[0][0])


def _first_half(rig: Rig) -> None:
    rig.load.put(rig.world.events[::2], rig.world.citizens[::2])
    rig.load.settle()
    rig.stack.wait_idle()


def _start(rig: Rig) -> None:
    """Starts everything; stages that wait for the operator leave the start unfinished."""
    with suppress(InfraError):
        rig.stack.require()


def _second_half(rig: Rig) -> None:
    rig.load.connect_anew()
    rig.load.put(rig.world.events[1::2], rig.world.citizens[1::2])
    if _wait_noticed(lambda: "adopt-log" in str(waiting(rig.stack))):
        wait_until(lambda: _adopt(rig), BACK_S, what="the log to be adopted", poll_s=0.5)
    rig.load.settle()


def _adopt(rig: Rig) -> bool:
    settings = rig.stack.settings
    try:
        adoption = find_adoption(settings, worker_addresses(settings))
        adopt(settings, Codec(Registry(settings)), adoption, "the harness harmed the log")
    except (SetupError, Unavailable):
        return False
    return True


def _wait_noticed(noticed: Callable[[], bool]) -> bool:
    """Returns whether it came to be in time; a stage without the protection never notices."""
    try:
        wait_until(lambda: noticed() or None, NOTICED_S, poll_s=0.3)
    except AssertionError:
        return False
    return True


@contextmanager
def _may_not_read(stack: RunningStack, topic: Topic) -> Iterator[None]:
    admin = AdminClient({"bootstrap.servers": stack.settings.kafka})
    where = (ResourceType.TOPIC, topic.name, ResourcePatternType.LITERAL, ANYBODY, "*")
    what = (AclOperation.READ, AclPermissionType.DENY)
    for created in admin.create_acls([AclBinding(*where, *what)]).values():
        created.result()
    try:
        yield
    finally:
        for deleted in admin.delete_acls([AclBindingFilter(*where, *what)]).values():
            with suppress(KafkaException):
                deleted.result()


def _state_of_another_cluster(directory: Path, rig: Rig) -> Path:
    """Runs a small stack of its own, and returns the state that its identify left."""
    values = rig.stack.settings
    other = RunningStack.plan(
        directory,
        partitions=values.partitions,
        start_timeout_s=BACK_S,
        person_key=values.person_key.get_secret_value(),
    )
    try:
        start_patiently(other, "identify")
        world = ChaosWorld(999, values.person_key.get_secret_value())
        writer = Writer(other.settings)
        writer.write_doors(world.events)
        wait_until(lambda: _is_through(other), BACK_S, what="the other identify to be through")
    finally:
        other.down()
    return directory / "state" / "identify" / "0"


def _is_through(stack: RunningStack) -> bool:
    return lags(stack.settings).get("identify") == 0
