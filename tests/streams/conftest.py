"""What tests of the path share."""

import pytest

from schemas.contract.codec import Codec
from tests.streams.fakes import SchemaFiles


@pytest.fixture
def codec() -> Codec:
    return Codec(SchemaFiles())
