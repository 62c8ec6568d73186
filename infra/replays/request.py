"""What a replay is asked for."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """`policy`: version of the reference data at which the policy became known, so that a draft that is adopted anew is another question;
    None for the policies as they were alone."""

    begin: datetime
    end: datetime
    policy: int | None

    @property
    def id(self) -> str:
        return hashlib.sha256(" ".join(self.words).encode()).hexdigest()[:16]

    @property
    def words(self) -> list[str]:
        """As `python -m streams.replay` takes them."""
        period = [f"--from={self.begin.isoformat()}", f"--to={self.end.isoformat()}"]
        return period if self.policy is None else [*period, f"--policy={self.policy}"]
