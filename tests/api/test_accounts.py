"""The tokens of accounts: minted once in the local profile, readable by their owner alone."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from api.accounts.accounts import LOCAL_ACCOUNTS, ROLES, Account, Accounts, tokens_file
from api.accounts.jurisdiction import covers, units_below
from infra.errors import SetupError
from tests.plain_settings import plain_settings


def test_each_role_gets_a_token_that_nobody_else_can_read(tmp_path: Path) -> None:
    settings = plain_settings(data_dir=tmp_path)
    accounts, tokens = Accounts.read(settings), orjson.loads(tokens_file(settings).read_bytes())
    assert {account.role for token in tokens.values() if (account := accounts.of(token))} == set(
        ROLES
    )
    assert tokens_file(settings).stat().st_mode & 0o077 == 0


def test_a_role_that_came_later_gets_its_token_and_the_others_keep_theirs(tmp_path: Path) -> None:
    settings = plain_settings(data_dir=tmp_path)
    tokens_file(settings).write_bytes(orjson.dumps({"tracer": "given long ago"}))
    accounts = Accounts.read(settings)
    account = accounts.of("given long ago")
    assert account is not None and account.role == "tracer"
    assert set(orjson.loads(tokens_file(settings).read_bytes())) == set(LOCAL_ACCOUNTS)


def test_a_committee_has_the_area_that_its_name_says(tmp_path: Path) -> None:
    settings = plain_settings(data_dir=tmp_path)
    tokens_file(settings).write_bytes(orjson.dumps({"committee@21439": "of the coast"}))
    account = Accounts.read(settings).of("of the coast")
    assert account == Account("committee@21439", "committee", "21439")


def test_each_team_at_a_post_has_an_account_of_its_own(tmp_path: Path) -> None:
    settings = plain_settings(data_dir=tmp_path)
    teams = {
        "binh-de-1:checkpoint": "of the first",
        "binh-de-2:checkpoint": "of the second",
        "chanh-lo:committee@21025": "of the ward",
    }
    tokens_file(settings).write_bytes(orjson.dumps(teams))
    accounts = Accounts.read(settings)
    assert [accounts.of(token) for token in teams.values()] == [
        Account("binh-de-1", "checkpoint"),
        Account("binh-de-2", "checkpoint"),
        Account("chanh-lo", "committee", "21025"),
    ]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (None, "no file of tokens"),
        (b"tracer: token", "no JSON"),
        (b'["tracer"]', "give each account a token"),
        (b'{"tracer": ""}', "of 8 characters at least"),
        (
            b'{"binh-de-1:checkpiont": "of the first"}',
            "binh-de-1:checkpiont in the file of tokens has no role",
        ),
    ],
)
def test_doors_do_not_open_in_production_with_a_file_of_tokens_that_is_wrong(
    tmp_path: Path, file: bytes | None, reason: str
) -> None:
    if file is not None:
        (tmp_path / "tokens.json").write_bytes(file)
    secrets = dict.fromkeys(
        ("person_key", "clickhouse_writer_password", "clickhouse_reader_password"),
        "known to nobody else",
    )
    with pytest.raises(SetupError, match=reason):
        Accounts.read(plain_settings(data_dir=tmp_path, profile="production", **secrets))


@pytest.mark.parametrize(
    "name", ["committee@", "committee@99999", "committee@Đức Phổ", "tracer@522"]
)
def test_an_area_that_is_none_is_refused_and_never_taken_for_no_limit(
    tmp_path: Path, name: str
) -> None:
    settings = plain_settings(data_dir=tmp_path)
    tokens_file(settings).write_bytes(orjson.dumps({name: "whatever"}))
    with pytest.raises(SetupError, match="has no area"):
        Accounts.read(settings)


def test_an_area_takes_in_what_lies_below_it_and_nothing_beside_it() -> None:
    ward, district, province, everywhere = (
        Account("name", "committee", area) for area in ("21025", "522", "51", "")
    )
    asked = ("21025", "21439", "522", "48", "")
    assert [
        [covers(account, unit) for unit in asked]
        for account in (ward, district, province, everywhere)
    ] == [
        [True, False, False, False, False],
        [True, False, True, False, False],
        [True, True, True, False, False],
        [True, True, True, True, True],
    ]
    assert (units_below("21025"), "21025" in units_below("522"), "21439" in units_below("522")) == (
        ("21025",),
        True,
        False,
    )


def test_processes_that_start_together_give_out_the_same_tokens(tmp_path: Path) -> None:
    path = tokens_file(plain_settings(data_dir=tmp_path))
    program = (
        "import sys; from pathlib import Path\n"
        "from api.accounts.accounts import mint_local_tokens\n"
        "path = Path(sys.argv[1]); mint_local_tokens(path); print(path.read_text())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1
