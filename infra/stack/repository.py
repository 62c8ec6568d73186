"""Says where the files of `jars.lock` come from.

That is the Maven repository that jgo knows, or those of the user's jgo.conf.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from infra.stack.artifacts import Artifact

if TYPE_CHECKING:
    from jgo.maven import MavenContext


def maven(cache_dir: Path) -> "MavenContext":
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    own = GlobalSettings.load().repositories
    return MavenContext(repo_cache=cache_dir / "maven", remote_repos=own or None, timeout=60)


def addresses(artifact: Artifact, cache_dir: Path) -> Iterator[str]:
    """Yields every address the file may have, in the order to try them."""
    context = maven(cache_dir)
    component = context.project(artifact.group, artifact.name).at_version(artifact.version)
    for repository in context.remote_repos.values():
        yield f"{repository.rstrip('/')}/{component.path_prefix.as_posix()}/{artifact.filename}"
