"""Runs a ClickHouse of a test's own, on a free port, with its data in a temporary directory."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import clickhouse_connect
import urllib3

from infra.chdb_server.accounts import Role, write_accounts
from infra.environment import PREFIX
from tests.waiting import wait_until

PASSWORDS: dict[Role, str] = {"writer": "writer-of-this-test", "reader": "reader-of-this-test"}
Account = Literal["writer", "reader"]


@dataclass
class ClickHouseProcess:
    path: Path
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    options_more: Sequence[str] = ()
    """These go to the command line besides the usual options."""
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def start(self) -> None:
        self.port = self.port or free_port()
        command = [sys.executable, "-m", "infra.chdb_server", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--path", str(self.path)]
        command += ["--accounts", str(accounts_file(self.path))]
        self.process = subprocess.Popen([*command, *self.options_more], env=environment())
        wait_until(self.answers, what="ClickHouse to answer its ping")

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "ClickHouse ended while starting"
        try:
            return self.http.request("GET", f"{self.url}ping").data == b"Ok.\n"
        except urllib3.exceptions.HTTPError:
            return False

    def stop(self) -> int:
        """Sends SIGTERM, and returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=20)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=20)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop()
        self.http.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def options(self, account: Account = "writer") -> dict[str, Any]:
        """Returns the arguments of clickhouse_connect.get_client and get_async_client."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "username": account,
            "password": PASSWORDS[account],
        }

    def client(self, account: Account = "writer", **more: Any) -> Any:
        return clickhouse_connect.get_client(**self.options(account), **more)

    def post(
        self,
        body: bytes | str = b"",
        account: Account | None = "writer",
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """Sends a bare request. The response's body is as it came over the wire."""
        sent = dict(headers or {})
        if account:
            credentials = urllib3.make_headers(basic_auth=f"{account}:{PASSWORDS[account]}")
            sent = {**credentials, **sent}
        url = f"{self.url}?{urlencode(params or {})}"
        return self.http.request(method, url, body=body, headers=sent, decode_content=False)

    def running(self) -> list[str]:
        """Returns the statements that the engine works on now, but for this query."""
        response = self.post(
            "SELECT query FROM system.processes "
            "WHERE query NOT LIKE '%system.processes%' FORMAT TSV"
        )
        return response.data.decode().splitlines()


def code_of(response: urllib3.BaseHTTPResponse) -> int:
    return int(response.headers.get("X-ClickHouse-Exception-Code", "0"))


def accounts_file(path: Path) -> Path:
    """Writes the accounts of a server next to its data, where the server itself may not read."""
    file = path.with_name(path.name + "-accounts.json")
    write_accounts(file, PASSWORDS)
    return file


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
