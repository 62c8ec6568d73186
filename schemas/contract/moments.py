"""Moments as Avro has them: milliseconds since 1970, doubled for the sign, seven bits a byte, the lowest first.

From the summer of 1970 to that of 2039 these are six bytes. Every event bears several, so they are looked up, two at a time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
PAIR_BITS, PAIRS = 14, 3
SIX_BYTES = Struct("<HHH")
DOUBLED = range(1 << 35, 1 << PAIR_BITS * PAIRS)
"""Doubled milliseconds that take six bytes."""
PAIR_MOST = (1 << PAIR_BITS) - 1
ODD = 1
"""Nothing that was doubled is odd."""
FIRST_PAIRS = tuple(bytes((bits & 0x7F | 0x80, bits >> 7 | 0x80)) for bits in range(PAIR_MOST + 1))
LAST_PAIRS = tuple(bytes((bits & 0x7F | 0x80, bits >> 7)) for bits in range(PAIR_MOST + 1))


def _weights(pairs: Sequence[bytes], place: int) -> list[int]:
    """What two bytes, taken as one number, are worth at this place; `ODD` for two that cannot stand there."""
    weights = [ODD] * (1 << 16)
    for bits, pair in enumerate(pairs):
        weights[int.from_bytes(pair, "little")] = bits << PAIR_BITS * place
    return weights


def milliseconds(at: datetime) -> int:
    """Since 1970, rounded down; without a zone it is local time."""
    return ((at if at.tzinfo else at.astimezone()) - EPOCH) // MILLISECOND


LOW, MIDDLE, HIGH = _weights(FIRST_PAIRS, 0), _weights(FIRST_PAIRS, 1), _weights(LAST_PAIRS, 2)
"""For reading: their sum is the number doubled, where none is odd."""
