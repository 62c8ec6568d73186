"""Writes the engine's configuration files at every start.

They set small pools and caches, and what each account may do.
"""

from pathlib import Path
from xml.sax.saxutils import escape

SERVER = """<clickhouse>
    <users_config>{users}</users_config>
    <user_files_path>{files}</user_files_path>
    <timezone>UTC</timezone>
    <background_pool_size>2</background_pool_size>
    <background_merges_mutations_concurrency_ratio>2</background_merges_mutations_concurrency_ratio>
    <background_move_pool_size>1</background_move_pool_size>
    <background_fetches_pool_size>1</background_fetches_pool_size>
    <background_common_pool_size>2</background_common_pool_size>
    <background_schedule_pool_size>2</background_schedule_pool_size>
    <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
    <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
    <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
    <max_thread_pool_free_size>8</max_thread_pool_free_size>
    <mark_cache_size>33554432</mark_cache_size>
    <primary_index_cache_size>33554432</primary_index_cache_size>
    <uncompressed_cache_size>0</uncompressed_cache_size>
    <mmap_cache_size>16</mmap_cache_size>
    <compiled_expression_cache_size>8388608</compiled_expression_cache_size>
    <merge_tree>
{free_entries}
    </merge_tree>
</clickhouse>
"""

# The small pools leave these with one free entry, less than their defaults ask for.
FREE_ENTRIES = (
    "number_of_free_entries_in_pool_to_execute_mutation",
    "number_of_free_entries_in_pool_to_lower_max_size_of_merge",
    "number_of_free_entries_in_pool_to_execute_optimize_entire_partition",
)

# The reader's constraints stay for the life of a connection, whatever profile it asks for later.
USERS = """<clickhouse>
    <profiles>
        <default>
            <async_insert>0</async_insert>
            <implicit_select>0</implicit_select>
            <input_format_parallel_parsing>0</input_format_parallel_parsing>
            <output_format_parallel_formatting>0</output_format_parallel_formatting>
            <max_insert_threads>1</max_insert_threads>
            <query_profiler_cpu_time_period_ns>0</query_profiler_cpu_time_period_ns>
            <query_profiler_real_time_period_ns>0</query_profiler_real_time_period_ns>
            <memory_profiler_step>0</memory_profiler_step>
            <calculate_text_stack_trace>0</calculate_text_stack_trace>
            <log_queries>0</log_queries>
            <log_profile_events>0</log_profile_events>
            <log_processors_profiles>0</log_processors_profiles>
            <min_insert_block_size_rows>100000000</min_insert_block_size_rows>
            <min_insert_block_size_bytes>1000000000</min_insert_block_size_bytes>
        </default>
        <reader>
            <constraints>
{fixed}
            </constraints>
        </reader>
    </profiles>
    <roles>
        <reader>
            <grants>
                <query>GRANT SHOW, SELECT, CREATE TEMPORARY TABLE, dictGet ON *.*</query>
            </grants>
        </reader>
        <writer>
            <grants>
                <query>GRANT ALL ON *.*</query>
            </grants>
        </writer>
    </roles>
    <users>
        <default>
            <no_password/>
            <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
            <profile>default</profile>
            <quota>default</quota>
            <grants>
                <query>GRANT reader</query>
                <query>GRANT writer</query>
            </grants>
        </default>
    </users>
    <quotas><default/></quotas>
</clickhouse>
"""


NAME_FILES_OR_ADDRESSES = [
    "format_schema",
    "format_schema_source",
    "output_format_schema",
    "format_template_resultset",
    "format_template_row",
    "input_format_record_errors_file_path",
    "rename_files_after_processing",
    "format_avro_schema_registry_url",
    "url_base",
    "s3_base",
    "filesystem_cache_name",
    "local_filesystem_read_method",
    "remote_filesystem_read_method",
    "cluster_for_parallel_replicas",
    "s3queue_default_zookeeper_path",
    "distributed_cache_file_cache_name",
    "distributed_cache_client_id",
    "ai_function_text_default_credentials",
    "ai_function_embedding_default_credentials",
    "promql_database",
    "promql_table",
    "default_view_definer",
    "stream_like_engine_insert_queue",
]
"""Settings that name a file or an address which the server would read, write or call."""
HOLD_SQL = [
    "additional_table_filters",
    "additional_result_filter",
    "parallel_replicas_custom_key",
    "select",
    "order",
    "sort",
    "filter",
    "implicit_table_at_top_level",
    "implicit_select",
    "dialect",
    "polyglot_dialect",
]
"""Settings that hold SQL, which no policy would see, or name the language of a statement."""
SERVERS_OWN = [
    "http_response_headers",
    "workload",
    "send_logs_source_regexp",
    "trace_profile_events_list",
    "metrics_perf_events_list",
    "chdb_client_name",
]
READER_FIXED = ("allow_ddl", *NAME_FILES_OR_ADDRESSES, *HOLD_SQL, *SERVERS_OWN)
"""The reader can change none of these: not in a query's SETTINGS, in SET, or in an address."""


def write_config(directory: Path) -> None:
    """Writes both files into `directory`, an absolute path.

    The engine is started with `config.xml`.
    """
    files = directory / "user_files"
    files.mkdir(parents=True, exist_ok=True)
    users = directory / "users.xml"
    fixed = "".join(f"<{name}><const/></{name}>" for name in READER_FIXED)
    users.write_text(USERS.format(fixed=fixed))
    server = directory / "config.xml"
    free_entries = "".join(f"<{name}>1</{name}>" for name in FREE_ENTRIES)
    server.write_text(
        SERVER.format(users=escape(str(users)), files=escape(str(files)), free_entries=free_entries)
    )
