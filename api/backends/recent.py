"""A bounded memory by key, which drops what was kept first."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from cachetools import FIFOCache

V = TypeVar("V")


class Recent(Generic[V]):
    """The values kept last, by key; beyond the size given the oldest is dropped.

    It is safe from any thread.
    """

    def __init__(self, size: int) -> None:
        self._values: FIFOCache[str, V] = FIFOCache(size)
        self._lock = threading.Lock()

    def get(self, key: str) -> V | None:
        with self._lock:
            return self._values.get(key)

    def keep(self, key: str, value: V) -> None:
        """Keeps a value as the newest, also where its key was kept before."""
        with self._lock:
            self._values[key] = value

    def change(self, key: str, changed: Callable[[V | None], V]) -> None:
        """Keeps what `changed` makes of the value; a known key does not become newer by it."""
        with self._lock:
            known = self._values.get(key)
            value = changed(known)
            if value is not known:
                self._values[key] = value

    def first(self, key: str, value: V) -> V:
        """Returns the value of the key, which is this one where the key has none yet."""
        with self._lock:
            return self._values.setdefault(key, value)

    def forget(self, key: str) -> None:
        with self._lock:
            self._values.pop(key, None)
