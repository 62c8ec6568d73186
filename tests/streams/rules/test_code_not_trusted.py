"""`code_not_trusted`: every fault of a code has a reason of its own."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from schemas.contract.events import CheckpointScanned
from schemas.contract.terms import CodeFault
from schemas.domain.documents import Document
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    NOON,
    declaration,
    scan,
)

MINUTE = timedelta(minutes=1)


def checked(name: str, document: Document, **fields: Any) -> CheckpointScanned:
    """Scans our code, beside which the document was checked."""
    return scan(name, document, NOON + MINUTE, shown_kind="token", **fields)


@pytest.mark.parametrize("fault", get_args(CodeFault))
def test_a_code_that_cannot_be_trusted_is_told_with_why(fault: CodeFault) -> None:
    path = MemoryPath()
    path.feed([declaration("a"), checked("s", HOA_CCCD, code_fault=fault)])
    assert path.reasons("code_not_trusted") == [(f"code_{fault}",)]
