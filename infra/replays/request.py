"""The request for a replay: a period, and a policy."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    begin: datetime
    end: datetime
    policy: int | None
    """Version of the reference data at which the candidate policy became known.

    A policy that is adopted once more, under the same id, is therefore another request. None asks
    for the policies as they were, without a candidate.
    """

    @property
    def id(self) -> str:
        """Returns the same id for the same request."""
        return hashlib.sha256(" ".join(self.words).encode()).hexdigest()[:16]

    @property
    def words(self) -> list[str]:
        """Returns the arguments of `python -m streams.replay`."""
        period = [f"--from={self.begin.isoformat()}", f"--to={self.end.isoformat()}"]
        return period if self.policy is None else [*period, f"--policy={self.policy}"]
