"""A door that ends in order logs no error."""

import asyncio
import gc
from typing import Any

from api.app import end


def test_watches_that_end_with_their_door_are_no_error() -> None:
    logged: list[dict[str, Any]] = []

    async def watch() -> None:
        await asyncio.sleep(60)

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: logged.append(context))
        watching = asyncio.gather(watch(), watch())
        await asyncio.sleep(0)
        await end(watching)
        await asyncio.sleep(0)
        del watching
        gc.collect()

    asyncio.run(run())
    assert logged == []
