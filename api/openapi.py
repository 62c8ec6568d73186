"""`python -m api.openapi` prints the description of the doors.

`api/openapi.json` is its checked-in copy.
"""

import sys

import orjson

from api.app import make_app
from infra.settings import Settings


def description() -> str:
    text = orjson.dumps(
        make_app(Settings()).openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    )
    return text.decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(description())
