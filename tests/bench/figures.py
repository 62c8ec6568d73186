"""A benchmark gives figures, each with its target and the circumstances of the measurement."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schemas.contract.avro_form import FORM
from tests.bench.scale import SCALE


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    The target is a floor where `at_least` is true, otherwise a ceiling. A figure without a target
    is one to know.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = True
    circumstances: Mapping[str, object] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def as_row(self) -> dict[str, object]:
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "target": self.target,
            "met": self.met,
            "circumstances": machine() | dict(self.circumstances),
        }


def machine() -> dict[str, object]:
    circumstances: dict[str, object] = {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load_1_min": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "avro": FORM,
    }
    return circumstances if SCALE == 1 else circumstances | {"scale": SCALE}
