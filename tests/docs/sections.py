"""Sections of a generated page, compared with what its sources give now."""

import re

HEADING = re.compile(r"^## `?(\w[\w .-]*?)`?$", re.MULTILINE)


def stale_sections(page: str, fresh: str) -> list[str]:
    """Returns the headings of the sections that differ, are missing or are too many.

    What stands above the first section is called `head`.
    """
    before, now = _sections(page), _sections(fresh)
    return sorted(heading for heading in before | now if before.get(heading) != now.get(heading))


def _sections(page: str) -> dict[str, str]:
    head, *parts = HEADING.split(page)
    texts = [part.strip() for part in parts[1::2]]
    return {"head": head.strip()} | dict(zip(parts[::2], texts, strict=True))
