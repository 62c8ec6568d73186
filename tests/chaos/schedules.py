"""The table of contents of the harness: every schedule, with its harm in plain words."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos import (
    disks,
    inputs,
    kills,
    logs,
    migrations,
    outages,
    random_walk,
    upgrade,
    whole_disk,
    zombies,
)
from tests.chaos.rig import Rig


@dataclass(frozen=True, slots=True)
class Schedule:
    """One way to harm the stack under load.

    `run` puts the whole load on its way and does its harm at the same time. What it stopped runs
    again when it returns.
    """

    name: str
    harm: str
    run: Callable[[Rig], None]
    disk: str = ""
    """Size of the file system that the stack has for itself; empty where it needs none."""


ZOMBIE = (
    "SIGSTOP of a worker of {} with a batch folded and not written; "
    "its successor does that and what comes after; then SIGCONT"
)
SCHEDULES = (
    Schedule(
        "kill-each",
        "SIGKILL of each stage twice, in random order and at random moments",
        kills.kill_each,
    ),
    Schedule("kill-two", "SIGKILL of two stages at the same moment, five times", kills.kill_two),
    Schedule(
        "kill-all", "SIGKILL of all four stages at the same moment, three times", kills.kill_all
    ),
    Schedule(
        "come-and-go",
        "Workers of every stage added and removed, asked to end or killed",
        zombies.come_and_go,
    ),
    Schedule(
        "freeze",
        "SIGSTOP of a worker at a random moment for longer than its session, "
        "then SIGCONT; four times",
        zombies.freeze,
    ),
    *(
        Schedule(f"zombie-{stage}", ZOMBIE.format(stage), zombies.zombie(stage))
        for stage in ("link", "identify", "screen")
    ),
    Schedule("broker-killed", "SIGKILL of the broker, twice", outages.broker_killed),
    Schedule(
        "broker-frozen",
        "SIGSTOP of the broker for longer than a session and than a door waits, twice",
        outages.broker_frozen,
    ),
    Schedule(
        "broker-unreachable",
        "Broker out of reach for one stage only: refused, then silent",
        outages.broker_out_of_reach,
    ),
    Schedule(
        "acks-late",
        "Every answer of the broker to one stage late, also later than it waits",
        outages.acknowledgements_late,
    ),
    Schedule(
        "clickhouse-killed",
        "SIGKILL of the ClickHouse process in the middle of inserts, four times",
        outages.clickhouse_killed,
    ),
    Schedule(
        "insert-answer-lost",
        "ClickHouse takes an insert and the answer is lost, every third time",
        outages.insert_answer_lost,
    ),
    Schedule(
        "registry-away",
        "Schema registry away while stages start, one of them without any memory of schemas",
        outages.registry_away,
    ),
    Schedule(
        "api-killed",
        "SIGKILL of the API while clients wait for their answers, six times",
        outages.api_killed,
    ),
    Schedule(
        "state-deleted", "State directory of one worker of each stage deleted", disks.state_deleted
    ),
    Schedule(
        "state-read-only",
        "State directory of a worker read-only for a while",
        disks.state_read_only,
    ),
    Schedule("disk-full", "File system of a worker's state full for a while", disks.disk_full),
    Schedule(
        "disk-full-and-freed",
        "File system of the whole stack full for a while; nobody starts anything again",
        whole_disk.disk_full_and_freed,
        whole_disk.SIZE,
    ),
    Schedule(
        "log-corrupt",
        "Newest log of a worker's database overwritten by rubbish",
        disks.newest_file_corrupt("log"),
    ),
    Schedule(
        "table-corrupt",
        "Newest table of a worker's database overwritten by rubbish",
        disks.newest_file_corrupt("table"),
    ),
    Schedule(
        "block-corrupt",
        "Its first blocks only, so that the database opens and cannot be read",
        disks.newest_file_corrupt("table", 0.0, 0.5),
    ),
    Schedule(
        "log-replaced",
        "The broker's disk is lost between two halves of the load; the log is adopted",
        logs.log_replaced,
    ),
    Schedule(
        "log-cut",
        "The last third of every log is lost; the log is adopted",
        logs.log_cut,
    ),
    Schedule(
        "topic-recreated",
        "A topic is deleted and made again under running stages; the log is adopted",
        logs.topic_recreated,
    ),
    Schedule(
        "reference-unreadable",
        "identify and screen start with no state and without the right to read the reference data",
        logs.reference_unreadable,
    ),
    Schedule(
        "partitions-differ",
        "A topic is made again with twice the partitions of those it is joined with",
        logs.partitions_differ,
    ),
    Schedule(
        "foreign-data-directory",
        "identify starts with the state it had in another cluster, then with its own",
        logs.foreign_data_directory,
    ),
    Schedule(
        "migration-cut",
        "SIGKILL of a migration at six random moments; it goes on each time",
        migrations.migration_cut,
    ),
    Schedule("clock-ahead", "A client's clock ahead by a day", inputs.clock_ahead),
    Schedule(
        "week-late",
        "A tenth of the events, and of the register, after the rest was judged",
        inputs.week_late,
    ),
    Schedule(
        "posted-three-times", "The same batches posted three times", inputs.posted_three_times
    ),
    Schedule(
        "poison",
        "Truncated, unknown schema, unknown enum, 5 MB, impossible time: in every topic",
        inputs.poison,
    ),
    Schedule(
        "rolling-upgrade",
        "Workers and a door of a release with newer schemas beside those of today",
        upgrade.rolling_upgrade,
    ),
    Schedule(
        "random",
        "Kills, freezes and lost states drawn at random, four a minute (--minutes N)",
        random_walk.walk,
    ),
)
NAMES = tuple(schedule.name for schedule in SCHEDULES)
