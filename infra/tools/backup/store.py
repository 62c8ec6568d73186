"""A directory of a backup: on a disk, or in object storage by any address that fsspec knows."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import fsspec
import msgspec

from infra.errors import SetupError
from infra.tools.backup.manifest import FORM, NAME, File, Manifest

CHUNK_BYTES = 1 << 20


class Store:
    """Files below one address. Each is read and written from beginning to end."""

    def __init__(self, address: str) -> None:
        self.address = address
        try:
            self._files, root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise SetupError(f"{address} is no address for a backup: {error}") from error
        self._root = str(root).rstrip("/")

    def is_empty(self) -> bool:
        return not self._files.exists(self._root) or not self._files.ls(self._root, detail=False)

    def refuse_used(self) -> None:
        """Raises `SetupError` where something lies at the address already."""
        if self.is_empty():
            return
        if self._files.exists(f"{self._root}/{NAME}"):
            raise SetupError(
                f"{self.address} is not empty: each backup has a directory of its own."
            )
        raise SetupError(
            f"{self.address} is not empty and holds no whole backup: one was cut off, or this is "
            "something else. Delete it, or name another directory."
        )

    @contextmanager
    def writing(self, name: str) -> "Iterator[Written]":
        """Gives a file to write. Its `file` is complete behind the block.

        Raises `SetupError` where nothing can be written.
        """
        path = f"{self._root}/{name}"
        try:
            with self._opened(path) as target:
                yield Written(name, target)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SetupError(f"{path} cannot be written: {reason}.") from error

    def _opened(self, path: str) -> Any:
        """Returns a new file that its owner alone can read: topics hold names and numbers."""
        former = os.umask(0o077)
        try:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            return self._files.open(path, "wb")
        finally:
            os.umask(former)

    @contextmanager
    def reading(self, file: File) -> Iterator[IO[bytes]]:
        """Gives the file's bytes. Raises `SetupError` if they are not those that were written."""
        path = f"{self._root}/{file.name}"
        digest = hashlib.sha256()
        with self._files.open(path, "rb") as source:
            while chunk := source.read(CHUNK_BYTES):
                digest.update(chunk)
        if digest.hexdigest() != file.sha256:
            raise SetupError(f"{file.name} of {self.address} is damaged: its hash is another.")
        with self._files.open(path, "rb") as source:
            yield cast(IO[bytes], source)

    def copy_in(self, path: Path, name: str) -> File:
        with self.writing(name) as written, path.open("rb") as source:
            while chunk := source.read(CHUNK_BYTES):
                written.write(chunk)
        return written.file

    def copy_out(self, file: File, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.reading(file) as source, path.open("wb") as target:
            while chunk := source.read(CHUNK_BYTES):
                target.write(chunk)

    def write_manifest(self, manifest: Manifest) -> None:
        with self.writing(NAME) as written:
            written.write(msgspec.json.format(msgspec.json.encode(manifest)))

    def read_manifest(self) -> Manifest:
        """Raises `SetupError` where there is no whole backup."""
        try:
            with self._files.open(f"{self._root}/{NAME}", "rb") as source:
                manifest = msgspec.json.decode(source.read(), type=Manifest)
        except FileNotFoundError:
            raise SetupError(f"{self.address} holds no whole backup: it has no {NAME}.") from None
        except msgspec.DecodeError as error:
            raise SetupError(f"{NAME} of {self.address} cannot be read: {error}") from error
        if manifest.form != FORM:
            raise SetupError(f"{self.address} is a backup of form {manifest.form}, not {FORM}.")
        return manifest


class Written:
    """A file while it is written; it counts and hashes what goes in."""

    def __init__(self, name: str, target: Any) -> None:
        self._name = name
        self._target = target
        self._digest = hashlib.sha256()
        self._bytes = 0

    def write(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self._bytes += len(data)

    @property
    def file(self) -> File:
        return File(self._name, self._digest.hexdigest(), self._bytes)
