"""The text of a public notice, in Vietnamese and in English."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schemas.domain.local_time import VIETNAM

HEAD_VI = (
    "THÔNG BÁO: những người đã đến các địa điểm sau, trong thời gian sau, "
    "đề nghị liên hệ ngay trạm y tế nơi cư trú:"
)
HEAD_EN = (
    "NOTICE: whoever was at one of these places at the time given "
    "is asked to call the health station of their commune at once:"
)
FOOT_VI = "Ngoài các địa điểm nêu trên, cơ quan y tế liên hệ trực tiếp với người có liên quan."
FOOT_EN = "Beyond the places named here, the health authority contacts those concerned directly."


class PublishedLine(Protocol):
    name: str
    commune: str
    began_at: datetime
    ended_at: datetime


def vietnamese_text(lines: Sequence[PublishedLine]) -> str:
    return _text(lines, HEAD_VI, FOOT_VI, "đến")


def english_text(lines: Sequence[PublishedLine]) -> str:
    return _text(lines, HEAD_EN, FOOT_EN, "to")


def _text(lines: Sequence[PublishedLine], head: str, foot: str, until: str) -> str:
    if not lines:
        return foot
    return "\n".join((head, *(_line(line, until) for line in lines), foot))


def _line(line: PublishedLine, until: str) -> str:
    commune = f" ({line.commune})" if line.commune else ""
    return f"- {_local(line.began_at)} {until} {_local(line.ended_at)}: {line.name}{commune}"


def _local(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
