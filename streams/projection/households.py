"""Who lives with whom, as the register has it now."""

from streams.projection.table import Column, Table, constant, offset


def _members(said_at: str, is_deleted: int) -> Table:
    columns: dict[str, Column] = {
        "household_key": "household_key",
        "person_id": "person_id",
        "said_at": said_at,
        "received_at": "received_at",
        "version": offset,
        "is_deleted": constant(is_deleted),
    }
    return Table("household_members", columns)


JOINED, LEFT = _members("joined_at", 0), _members("left_at", 1)
