"""The index of the documents has every page once, and no link of a document leads nowhere."""

import re
from pathlib import Path

import pytest

from infra.settings import CHECKOUT

DOCS = CHECKOUT / "docs"
INDEX = DOCS / "index.md"
PAGES = sorted(DOCS.rglob("*.md"))
LINK = re.compile(r"\]\((?!https?:)(?P<target>[^)#]*)(?:#(?P<section>[^)]*))?\)")


def listed() -> list[Path]:
    """Returns the files that a line of the index begins with."""
    lines = INDEX.read_text(encoding="utf-8").splitlines()
    links = [LINK.search(line) for line in lines if line.startswith("- [")]
    return [(DOCS / link["target"]).resolve() for link in links if link]


def test_every_page_has_one_line_in_the_index() -> None:
    pages = [page for page in PAGES if page != INDEX]
    assert sorted(file for file in listed() if file in pages) == pages


@pytest.mark.parametrize(
    "page", [*CHECKOUT.glob("*.md"), *PAGES], ids=lambda page: str(page.relative_to(CHECKOUT))
)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.finditer(page.read_text(encoding="utf-8")):
        target = (page.parent / link["target"]).resolve() if link["target"] else page
        assert target.exists(), f"{page.name}: {link['target']}"
        if link["section"]:
            assert link["section"] in sections(target), f"{page.name}: #{link['section']}"


def sections(page: Path) -> set[str]:
    """Returns the names by which a page's headings are linked."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }
