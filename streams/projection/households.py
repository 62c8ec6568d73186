"""The members of households, and who has moved out."""

from streams.projection.table import Column, Table, constant, version


def _members(said_at: str, left_at: Column) -> Table:
    columns: dict[str, Column] = {
        "household_key": "household_key",
        "person_id": "person_id",
        "said_at": said_at,
        "left_at": left_at,
        "received_at": "received_at",
        "version": version,
    }
    return Table("household_members", columns)


JOINED = _members("joined_at", constant(None))
LEFT = _members("left_at", "left_at")
