"""Makes the files of the local stack ready, once: fetched, verified, unpacked, class caches."""

from infra.settings import Settings
from infra.stack import registry
from infra.stack.artifacts import read_lock
from infra.stack.class_cache import make_class_caches
from infra.stack.fetch import disk_trouble_explained, fetch_all, only_one_at_a_time
from infra.stack.java import class_cache_path

JAVA_PARTS = ("kafka", "registry")


def ensure(settings: Settings) -> None:
    """Returns at once when everything is there."""
    fetch_all(read_lock(), settings.cache_dir)
    with disk_trouble_explained(settings.cache_dir), only_one_at_a_time(settings.cache_dir):
        registry.unpack(settings)
        make_class_caches(settings, _parts_without_cache(settings))


def _parts_without_cache(settings: Settings) -> list[str]:
    return [part for part in JAVA_PARTS if not class_cache_path(settings.cache_dir, part).exists()]


def main() -> None:
    ensure(Settings())


if __name__ == "__main__":
    main()
