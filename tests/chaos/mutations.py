"""The path has these protections; each has a schedule that goes red without it.

The harness takes a protection away in every worker.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.chaos.guests import changed


@dataclass(frozen=True, slots=True)
class Mutation:
    change: str
    """The name of the change in `changes.py`."""
    protection: str
    without_it: str
    schedule: str


MUTATIONS = (
    Mutation(
        "position-before-effect",
        "Effect and position are one atomic write",
        "The position is written first and the effect 0.3 s later",
        "kill-each",
    ),
    Mutation(
        "no-token",
        "A repeated insert has the token of the first",
        "Every insert has a token of its own",
        "insert-answer-lost",
    ),
    Mutation("no-guard", "A record nobody can use is set aside", "It ends the process", "poison"),
    Mutation(
        "no-seek",
        "A worker starts where its store stands",
        "It starts where the group's commits stand",
        "state-deleted",
    ),
    Mutation(
        "no-acknowledgement",
        "A door answers when the broker has the event",
        "It answers at once",
        "broker-frozen",
    ),
    Mutation(
        "no-log-check",
        "A stage whose positions are of another log waits until the log is adopted",
        "It goes on where its positions stand",
        "log-replaced",
    ),
    Mutation(
        "no-check-of-the-end",
        "The same where the log is only shorter",
        "It goes on where its positions stand",
        "log-cut",
    ),
    Mutation(
        "no-check-of-the-topic",
        "The same where one topic was made again",
        "It goes on where its positions stand",
        "topic-recreated",
    ),
    Mutation(
        "no-check-of-the-cluster",
        "The same where the state is another cluster's",
        "It goes on where its positions stand",
        "foreign-data-directory",
    ),
    Mutation(
        "no-reference-wait",
        "A stage that has not read the reference data judges nothing",
        "It starts at once",
        "reference-unreadable",
    ),
    Mutation(
        "no-partition-check",
        "Topics that are joined have equal numbers of partitions",
        "They are joined however many they have",
        "partitions-differ",
    ),
    Mutation(
        "no-resuming",
        "A migration that was cut off goes on with the statement that had not run",
        "It begins with its first statement",
        "migration-cut",
    ),
    Mutation(
        "no-forgiving",
        "The supervisor drops what its full disk cannot keep of the logs",
        "It ends, as a plain supervisord does",
        "disk-full-and-freed",
    ),
    Mutation(
        "no-fence",
        "A batch is written only while the group holds the worker for a member",
        "It is written unasked",
        "zombie-link",
    ),
)


@contextmanager
def in_all_workers(change: str) -> Iterator[None]:
    """Changes from within every stage that is started in the block.

    Stages of a supervisor that is started in the block are included.
    """
    before = {name: os.environ.get(name) for name in changed()}
    os.environ.update(changed(change))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
