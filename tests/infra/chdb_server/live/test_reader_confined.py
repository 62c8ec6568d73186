"""The reader reaches nothing but tables.

Every function is tried in every position, every setting in every way, and the kernel behind both.
"""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from infra.chdb_server.config import READER_FIXED
from infra.chdb_server.functions import CATEGORIES_ALLOWED, FUNCTIONS_ALLOWED
from tests.clickhouse_process import ClickHouseProcess, code_of

pytestmark = pytest.mark.live

SECRET = "not-for-the-reader"
DENIED = 497
CALLS = (
    "SELECT {name}('{path}')",
    "SELECT `{name}`('{path}')",
    "SELECT \"{name}\" /* aside */ ('{path}')",
    "SELECT {name}('{path}', 'x', 1)",
)
LAMBDAS = (
    "SELECT arrayMap({name}, ['{path}'])",
    "SELECT arrayMap(`{name}`, ['{path}'])",
    "SELECT arrayFold({name}, ['{path}'], '')",
    "SELECT mapApply({name}, map('{path}', 1))",
)
OTHERS = (
    "SELECT * APPLY {name} FROM (SELECT '{path}')",
    "SELECT * APPLY({name}) FROM (SELECT '{path}')",
    "SELECT * APPLY(x -> {name}(x)) FROM (SELECT '{path}')",
    "WITH {name} AS f SELECT arrayMap(f, ['{path}'])",
    "SELECT 1 AS {name}, arrayMap({name}, ['{path}'])",
    "SELECT (SELECT arrayMap({name}, ['{path}'])) AS inner",
    "EXPLAIN SELECT arrayMap({name}, ['{path}'])",
    "CREATE TEMPORARY TABLE t AS SELECT arrayMap({name}, ['{path}']) AS c",
)
POSITIONS = CALLS + LAMBDAS + OTHERS
MAX_REFUSED = 200
"""More would mean that the allow-list lost a category."""
FUNCTIONS_DRAWN = 100
POSITIONS_DRAWN = 4
MAY_BE_SET = {
    *(
        "allow_experimental_codecs",
        "bool_false_representation",
        "bool_true_representation",
        "compatibility",
    ),
    *(
        "column_names_for_schema_inference",
        "compression",
        "count_distinct_implementation",
        "database",
    ),
    *("default_format", "distributed_plan_force_exchange_kind", "errors_output_format", "format"),
    *("exclude_materialize_skip_indexes_on_insert", "force_data_skipping_indices", "format_regexp"),
    *(
        "force_optimize_projection_name",
        "format_csv_null_representation",
        "format_schema_message_name",
    ),
    *(
        "format_custom_field_delimiter",
        "format_custom_result_after_delimiter",
        "framing_output_format",
    ),
    *("format_custom_result_before_delimiter", "format_custom_row_after_delimiter", "input_format"),
    *("format_custom_row_before_delimiter", "format_custom_row_between_delimiter", "log_comment"),
    *("format_json_object_each_row_column_for_object_name", "format_template_resultset_format"),
    *(
        "format_template_row_format",
        "format_template_rows_between_delimiter",
        "function_implementation",
    ),
    *(
        "format_tsv_null_representation",
        "iceberg_metadata_compression_method",
        "ignore_data_skipping_indices",
    ),
    *(
        "input_format_mysql_dump_table_name",
        "input_format_orc_reader_time_zone_name",
        "query_cache_tag",
    ),
    *(
        "insert_deduplication_token",
        "network_compression_method",
        "output_format",
        "schema_inference_hints",
    ),
    *("output_format_avro_codec", "output_format_avro_confluent_subject", "temporary_files_codec"),
    *("output_format_avro_string_column_pattern", "output_format_image_terminal_mode"),
    *("output_format_orc_writer_time_zone_name", "output_format_pretty_grid_charset"),
    *("output_format_sql_insert_table_name", "preferred_optimize_projection_name"),
    *("s3_upload_checksum_algorithm",),
}
"""These settings take a text. Each was looked at: none names a file, an address, or SQL."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseProcess]:
    process = ClickHouseProcess(tmp_path_factory.mktemp("clickhouse"))
    process.start()
    yield process
    process.end()


@pytest.fixture(scope="module")
def functions(server: ClickHouseProcess) -> dict[str, bool]:
    """Returns every function's name, and whether the reader may use it.

    The test decides that by code of its own.
    """
    rows = server.post(
        "SELECT name, categories, is_aggregate, alias_to FROM system.functions "
        "FORMAT JSONCompactEachRow"
    )
    listed = [json.loads(line) for line in rows.data.splitlines()]
    allowed = {
        name
        for name, category, aggregate, _ in listed
        if aggregate or category in CATEGORIES_ALLOWED or name in FUNCTIONS_ALLOWED
    }
    lower = {name.lower() for name in allowed}
    return {name: (alias or name).lower() in lower for name, _, _, alias in listed}


def test_every_function_that_is_not_allowed_is_refused_in_positions_that_are_drawn(
    server: ClickHouseProcess, functions: dict[str, bool]
) -> None:
    """Tries `file` in all of them; `make test-long` tries every function in all."""
    names = names_refused(functions)
    expect_denied(server, "file", POSITIONS)
    for name in names:
        expect_denied(server, name, random.sample(POSITIONS, POSITIONS_DRAWN))


@pytest.mark.long
def test_every_function_that_is_not_allowed_is_refused_in_every_position(
    server: ClickHouseProcess, functions: dict[str, bool]
) -> None:
    for name in names_refused(functions):
        expect_denied(server, name, POSITIONS)


def names_refused(functions: dict[str, bool]) -> list[str]:
    names = [name for name, allowed in functions.items() if not allowed]
    assert "file" in names
    assert len(names) < MAX_REFUSED
    return names


def expect_denied(server: ClickHouseProcess, name: str, positions: Sequence[str]) -> None:
    for position in positions:
        response = server.post(position.format(name=name, path="/etc/hostname"), "reader")
        assert code_of(response) == DENIED, (name, position, response.data)


def test_no_function_that_is_allowed_tells_what_is_in_a_file(
    server: ClickHouseProcess, functions: dict[str, bool]
) -> None:
    """Tries some of them, drawn anew each time; `make test-long` tries all."""
    allowed = [name for name, allowed in functions.items() if allowed]
    expect_no_secret(server, random.sample(allowed, FUNCTIONS_DRAWN))


@pytest.mark.long
def test_no_function_at_all_that_is_allowed_tells_what_is_in_a_file(
    server: ClickHouseProcess, functions: dict[str, bool]
) -> None:
    expect_no_secret(server, [name for name, allowed in functions.items() if allowed])


def expect_no_secret(server: ClickHouseProcess, names: list[str]) -> None:
    """The file lies beside the tables, where the kernel lets the engine read."""
    file = server.path / "secret.txt"
    file.write_text(SECRET)
    for name in names:
        for position in (CALLS[0], LAMBDAS[0]):
            response = server.post(
                position.format(name=name, path=file), "reader", params={"max_execution_time": "2"}
            )
            assert SECRET.encode() not in response.data, (name, position)


@pytest.mark.parametrize("name", ["file", "hasColumnInTable"])
def test_a_parameter_cannot_bring_a_name_that_the_statement_may_not(
    server: ClickHouseProcess, name: str
) -> None:
    statement = "SELECT arrayMap({f:Identifier}, ['/etc/hostname'])"
    for value in (name, f"`{name}`", f" {name}"):
        assert code_of(server.post(statement, "reader", params={"param_f": value})) == DENIED
    session = {"session_id": f"names-{name}"}
    assert code_of(server.post(f"SET param_f = '{name}'", "reader", params=session)) == DENIED
    server.post("CREATE TEMPORARY TABLE t (a String)", "reader", params=session)
    bound = {**session, "param_f": name}
    assert (
        code_of(server.post("INSERT INTO t VALUES ({f:String})", "reader", params=bound)) == DENIED
    )
    assert (
        server.post("SELECT {f:String}", "reader", params={"param_f": name}).data
        == f"{name}\n".encode()
    )


def test_every_setting_that_takes_a_text_is_fixed_or_was_looked_at(
    server: ClickHouseProcess,
) -> None:
    kinds = "('String', 'Map', 'URI', 'Path', 'Dialect')"
    response = server.post(f"SELECT name FROM system.settings WHERE type IN {kinds} FORMAT TSV")
    names = set(response.data.decode().split())
    assert names - set(READER_FIXED) - MAY_BE_SET == set()


@pytest.mark.parametrize("name", READER_FIXED)
def test_a_fixed_setting_is_refused_in_a_query_in_set_and_in_the_address(
    server: ClickHouseProcess, name: str
) -> None:
    value = {"allow_ddl": "0", "implicit_select": "1"}.get(name, "x")
    assert code_of(server.post(f"SELECT 1 SETTINGS {name} = '{value}'", "reader")) != 0
    assert code_of(server.post(f"SET {name} = '{value}'", "reader")) != 0
    assert code_of(server.post("SELECT 1", "reader", params={name: value})) != 0


@pytest.mark.parametrize(
    "settings",
    [
        "format_template_row = '{path}'",
        "format_template_resultset = '{path}'",
        "additional_result_filter = 'throwIf(1, file(''{path}''))'",
        "filter = 'throwIf(1, file(''{path}''))'",
        "select = 'file(''{path}'')'",
    ],
)
def test_no_setting_reads_a_file(server: ClickHouseProcess, settings: str) -> None:
    file = server.path / "template.txt"
    file.write_text(SECRET + " ${a:CSV}\n")
    statement = f"SELECT '1' AS a FORMAT Template SETTINGS {settings.format(path=file)}"
    response = server.post(statement, "reader")
    assert code_of(response) == 452
    assert SECRET.encode() not in response.data


def test_no_setting_writes_a_file(server: ClickHouseProcess) -> None:
    target = server.path / "errors.txt"
    statement = (
        "SELECT * FROM format(CSV, 'a UInt8', 'x\\n1') SETTINGS input_format_allow_errors_num = 5, "
        f"errors_output_format = 'CSV', input_format_record_errors_file_path = '{target}'"
    )
    assert code_of(server.post(statement, "reader")) == 452
    assert not target.exists()


def test_behind_the_policy_the_kernel_refuses_files_and_connections_to_the_writer_too(
    server: ClickHouseProcess, tmp_path: Path
) -> None:
    outside = tmp_path / "tokens.json"
    outside.write_text(SECRET)
    for path in (
        outside,
        server.path.with_name(server.path.name + "-accounts.json"),
        "/etc/passwd",
        "/proc/1/environ",
    ):
        response = server.post(f"SELECT arrayMap(file, ['{path}'])")
        assert code_of(response) != 0, path
        assert SECRET.encode() not in response.data
    response = server.post(
        f"SELECT * FROM url('http://127.0.0.1:{server.port}/ping', LineAsString, 'l String') "
        "SETTINGS http_max_tries = 1"
    )
    assert code_of(response) != 0
