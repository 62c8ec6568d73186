"""Most live tests of the doors begin with this client.

Those that need more than a client have a fixture of their own.
"""

from collections.abc import Iterator

import pytest

from infra.tools.doors_client import DoorsClient
from tests.running_stack import RunningStack


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[DoorsClient]:
    with DoorsClient(stack.settings, "admin") as doors:
        yield doors
