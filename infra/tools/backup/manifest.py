"""What a backup says of itself. The manifest is written last: without one there is no backup."""

from datetime import datetime

import msgspec

FORM = 1
NAME = "manifest.json"


class File(msgspec.Struct, frozen=True):
    """A file of the backup, below its directory."""

    name: str
    sha256: str
    bytes: int


class CopiedPartition(msgspec.Struct, frozen=True):
    """The records of one partition, from `start` up to, without, `end`."""

    topic: str
    topic_id: str
    partition: int
    start: int
    end: int
    file: File


class CopiedState(msgspec.Struct, frozen=True):
    """The database of one worker, as of one instant."""

    stage: str
    worker: int
    files: list[File]


class CopiedTable(msgspec.Struct, frozen=True):
    """A table that the log does not make whole, in ClickHouse's Native format."""

    table: str
    rows: int
    file: File


class CopiedSchema(msgspec.Struct, frozen=True):
    """A schema of the registry under the id that stands in the records."""

    schema_id: int
    subject: str
    text: str


class Manifest(msgspec.Struct, frozen=True):
    form: int
    made_at: datetime
    cluster_id: str
    newest_epoch: int
    partition_count: int
    """Partitions of the topics that have the deployment's number."""
    person_key_sha256: str
    """Tells whether a key is the one of all pseudonyms in here; the key itself is not."""
    schemas: list[CopiedSchema]
    states: list[CopiedState]
    tables: list[CopiedTable]
    partitions: list[CopiedPartition]
