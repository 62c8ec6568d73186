"""Kills servers, cuts them off, or slows them down, while the load goes on."""

from tests.chaos.guests import Guest, guest
from tests.chaos.rig import BACK_S, Rig

LATE_S, TOO_LATE_S = 0.3, 6.0
"""The first is within the time a write waits for its acknowledgement, the second beyond it."""


def broker_killed(rig: Rig) -> None:
    for turn in rig.load.steps(5):
        if turn % 2 == 1:
            rig.pause(0.0, 1.0)
            rig.kill("kafka")
            rig.stack.wait_ready("kafka", BACK_S)


def broker_frozen(rig: Rig) -> None:
    """Stops the broker (SIGSTOP) for longer than a session, and than a door waits, then lets it go.

    Its sockets take connections all the time.
    """
    for turn in rig.load.steps(4):
        if turn % 2 == 1:
            rig.pause(0.0, 0.5)
            with rig.frozen("kafka"):
                rig.pause(11.0, 14.0)
            rig.stack.wait_ready("kafka", BACK_S)


def broker_out_of_reach(rig: Rig) -> None:
    """Puts the only worker of one stage at a time behind a proxy that lets nothing pass.

    Once connections end, once they stay and nothing passes.
    """
    for stage, out_of_reach in (("identify", rig.proxy.refusing), ("screen", rig.proxy.silent)):
        with rig.stopped(stage), guest(rig.stack, stage, 6, **rig.behind_proxy) as alone:
            part = 0 if stage == "identify" else 1
            rig.load.put(rig.world.events[part::2], rig.world.citizens[part::2])
            with out_of_reach():
                rig.pause(7.0, 9.0)
            rig.load.settle()
            rig.wait_drained(alone.stage)


def acknowledgements_late(rig: Rig) -> None:
    """Delays every answer of the broker to the only worker of identify.

    At first the answers come in time, then too late to count.
    """
    with rig.stopped("identify"), guest(rig.stack, "identify", 6, **rig.behind_proxy):
        for turn in rig.load.steps(3):
            with rig.proxy.late(TOO_LATE_S if turn == 1 else LATE_S):
                rig.pause(6.0, 8.0)
        rig.wait_drained("identify")


def clickhouse_killed(rig: Rig) -> None:
    for _ in rig.load.steps(4):
        rig.pause(0.0, 1.5)
        rig.kill("clickhouse")
        rig.stack.wait_ready("clickhouse", BACK_S)


def insert_answer_lost(rig: Rig) -> None:
    """Loses the answer of ClickHouse to every third insert of the only worker of project.

    ClickHouse takes the insert. No merge runs in that time, so that a row that came twice would be
    there twice.
    """
    proxy, seen = rig.clickhouse_proxy(), 0

    def every_third_insert(sent: bytes) -> bool:
        nonlocal seen
        is_insert = sent.startswith(b"POST") and b"insert_deduplication_token" in sent
        seen += is_insert
        return is_insert and seen % 3 == 0

    with rig.stopped("project"), rig.merges_stopped():
        proxy.swallow = every_third_insert
        with guest(
            rig.stack, "project", 6, DIBIENDONG_CLICKHOUSE_URL=f"http://127.0.0.1:{proxy.port}"
        ):
            for _ in rig.load.steps(6):
                rig.pause(0.2, 0.6)
            for stage in ("link", "identify", "screen", "project"):
                rig.wait_drained(stage)
        rig.demand(proxy.swallowed > 0, "no answer of an insert was lost: the schedule did nothing")
        rig.demand_no_row_twice()
    proxy.close()


def registry_away(rig: Rig) -> None:
    """Takes the registry away while a worker starts that has never seen a schema.

    All other stages are killed in that time and start again.
    """
    data = rig.stack.settings.data_dir / f"elsewhere-{rig.draw.randrange(10**6)}"
    newcomer = Guest(rig.stack, "screen", 5, {"DIBIENDONG_DATA_DIR": str(data)})
    try:
        with rig.stopped("registry"):
            newcomer.start()
            for turn in rig.load.steps(4):
                if turn in (1, 3):
                    rig.kill("link", "identify", "screen", "project")
        newcomer.wait_ready()
    finally:
        newcomer.end()


def api_killed(rig: Rig) -> None:
    """Kills the API while clients wait for answers.

    A post that the broker had, and whose client had no answer, comes a second time with its id.
    """
    for _ in rig.load.steps(6):
        rig.pause(0.05, 0.4)
        rig.kill("api")
        rig.stack.wait_ready("api", BACK_S)
