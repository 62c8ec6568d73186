"""Makes a version of an epoch and an offset, so that of two versions the later one is the higher.

Offsets alone say it only within one log: where a log is lost or cut, its offsets come again. Each
time somebody adopts such a log a new epoch begins. What existed before is epoch 0, in which a
version is the offset itself.
"""

EPOCH_BITS = 48
"""A partition may have so many bits of offsets: a million records a second for nine years."""


def version_of(epoch: int, offset: int) -> int:
    return (epoch << EPOCH_BITS) + offset
