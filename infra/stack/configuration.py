"""Writes the supervisor's configuration from the table of parts."""

import shlex
import sys
from pathlib import Path

from infra.environment import secrets
from infra.settings import CHECKOUT, Settings
from infra.stack.control import group
from infra.stack.parts import Unit, units
from infra.stack.places import SUPERVISOR, Places

NEVER_GIVE_UP = 1_000_000
"""Each further try waits a second longer.

A part that cannot start therefore costs little, and comes back by itself.
"""
GROUPS = ("servers", "pipeline")
"""The groups start in this order; they stop in the reverse order."""


def configuration(settings: Settings, places: Places) -> str:
    supervised = [unit for unit in units(settings) if unit.part.kind != "job"]
    head = HEAD.format(
        socket=_escaped(places.socket),
        log=_relative(places.log(SUPERVISOR), places),
        pid=_relative(places.run / "supervisord.pid", places),
    )
    programs = [_program(unit, settings, places) for unit in supervised]
    groups = [_grouping(name, supervised) for name in GROUPS]
    return "\n".join([head, *programs, *groups])


def _program(unit: Unit, settings: Settings, places: Places) -> str:
    launch = [sys.executable, "-m", "infra.stack.launch", "--tied"]
    if not unit.part.needs_secrets:
        for name in secrets():
            launch += ["--drop", name]
    launch.append(str(places.record(unit.name)))
    return PROGRAM.format(
        name=unit.name,
        command=_escaped(shlex.join([*launch, *unit.command(settings)])),
        directory=_escaped(CHECKOUT),
        log=_relative(places.log(unit.name), places),
        log_max_mb=settings.log_max_mb,
        tries=NEVER_GIVE_UP,
        stop_s=int(settings.stop_timeout_s),
    )


def _grouping(name: str, supervised: list[Unit]) -> str:
    members = ",".join(unit.name for unit in supervised if group(unit) == name)
    return GROUP.format(name=name, members=members, priority=GROUPS.index(name) + 1)


def _relative(path: Path, places: Places) -> Path:
    """Returns `path` as seen from the data directory, in which supervisord runs.

    supervisord expands a % in the name of a file twice, so the directories above must not appear.
    """
    return path.relative_to(places.data)


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")


HEAD = """\
[unix_http_server]
file = {socket}
chmod = 0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisord]
logfile = {log}
logfile_maxbytes = 1MB
logfile_backups = 1
pidfile = {pid}
nodaemon = true
minfds = 1024
"""
PROGRAM = """\
[program:{name}]
command = {command}
directory = {directory}
autostart = false
autorestart = true
startsecs = 2
startretries = {tries}
stopsignal = TERM
stopwaitsecs = {stop_s}
killasgroup = true
redirect_stderr = true
stdout_logfile = {log}
stdout_logfile_maxbytes = {log_max_mb}MB
stdout_logfile_backups = 1
"""
GROUP = """\
[group:{name}]
programs = {members}
priority = {priority}
"""
