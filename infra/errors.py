"""The errors of the edge.

InfraError
├── Unavailable      a dependency did not answer in its bounded time; try again later
│   └── TooCostly    it would answer, at more memory or time than one query may take
├── SetupError       the machine lacks something; the sentence says what and what to do
└── MigrationError   a migration does not fit what the database has
"""


class InfraError(Exception):
    """Every error that `infra` raises is one of these."""


class Unavailable(InfraError):
    """A dependency is full, slow or away. `part` names it."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(f"{part} is unavailable: {reason}")
        self.part = part


class TooCostly(Unavailable):
    """A query would take more memory or time than one may. Asked again as it is, it fails again."""


class SetupError(InfraError):
    """The machine or the settings lack something. The message is one sentence, with what to do."""


class MigrationError(InfraError):
    """A migration was changed after it ran, does not follow the last one, or is not known here.

    It is raised as well where another process migrates for long.
    """
