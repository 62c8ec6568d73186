"""The harness changes these things inside a migration; the product knows nothing of it."""

from collections.abc import Callable, Mapping

from infra.clickhouse import turn
from infra.clickhouse.ledger import Ledger


def short_turns() -> None:
    """Lets a turn expire soon, so that many kills fall into migrations and not into waits."""
    turn.BEAT_S = 0.5
    turn.EXPIRES_S = 8.0


def no_resuming() -> None:
    """Begins each migration that has not ended with its first statement."""
    Ledger.next_statement = lambda self, migration: 0  # type: ignore[method-assign] # that is what it is for


MIGRATION_CHANGES: Mapping[str, Callable[[], None]] = {
    "short-turns": short_turns,
    "no-resuming": no_resuming,
}
