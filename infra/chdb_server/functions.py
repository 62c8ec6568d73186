"""Lists the engine's functions that the reader may name.

The list goes by category, and by name where a category mixes. A function that is in neither list is
refused, so a new release of the engine adds nothing by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CATEGORIES_ALLOWED = {
    *("Aggregate Functions", "Arithmetic", "Arrays", "Bit", "Bitmap", "Comparison", "Conditional"),
    *("Dates and Times", "Dictionary", "Distance", "Encoding", "Encryption", "Financial", "Geo"),
    *("Geo Polygon", "Hash", "IP Address", "JSON", "Logical", "Map", "Mathematical", "Null"),
    *("NumericIndexedVector", "QBit", "Random Number", "Rounding", "String", "String Replacement"),
    *("String Search", "String Splitting", "Time Series", "Time Window", "Tuple"),
    *("Type Conversion", "URL", "UUID"),
}
FUNCTIONS_ALLOWED = {
    # These tell a client about its own session and query.
    *("authenticatedUser", "connectionId", "currentDatabase", "currentProfiles", "currentQueryID"),
    *("currentRoles", "currentSchemas", "currentUser", "defaultProfiles", "defaultRoles"),
    *("displayName", "enabledProfiles", "enabledRoles", "getSetting", "getSettingOrDefault"),
    *("globalVariable", "hostName", "initialQueryID", "initialQueryStartTime", "queryID"),
    *("revision", "serverUUID", "shardCount", "shardNum", "uptime", "version", "FQDN", "buildId"),
    # These look at values and types.
    *("bar", "byteSize", "countDigits", "defaultValueOfArgumentType", "defaultValueOfTypeName"),
    *("digits", "dumpColumnStructure", "errorCodeToName", "finalizeAggregation", "flipCoordinates"),
    *("formatReadableDecimalSize", "formatReadableQuantity", "formatReadableSize"),
    *("formatReadableTimeDelta", "getSizeOfEnumType", "getSubcolumn", "identity", "ignore"),
    *("indexHint", "initializeAggregation", "isConstant", "isDecimalOverflow"),
    *("lowCardinalityIndices",),
    *("lowCardinalityKeys", "materialize", "minSampleSizeContinuous", "minSampleSizeConversion"),
    *("parseISO8601Duration", "parseReadableSize", "parseReadableSizeOrNull"),
    *("parseReadableSizeOrZero", "parseTimeDelta", "throwIf", "toColumnTypeName", "toTypeName"),
    *("transform", "variantElement", "variantType", "visibleWidth", "_CAST", "caseWithExpression"),
    *("joinGet", "joinGetOrNull", "nested", "validateNestedArraySizes"),
    # These look at the places of rows in a result.
    *("blockNumber", "blockSerializedSize", "blockSize", "neighbor", "partitionId"),
    *("rowNumberInAllBlocks", "rowNumberInBlock", "runningAccumulate", "runningConcurrency"),
    *("runningDifference", "runningDifferenceStartingWithFirstValue", "sleep", "sleepEachRow"),
    # These only rewrite the text of a query.
    *("formatQuery", "formatQueryOrNull", "formatQuerySingleLine", "formatQuerySingleLineOrNull"),
    *("normalizeQuery", "normalizeQueryKeepNames", "normalizedQueryHash"),
    *("normalizedQueryHashKeepNames", "tokenizeQuery"),
}


@dataclass(frozen=True, slots=True)
class Function:
    """A row of `system.functions`."""

    name: str
    category: str
    is_aggregate: bool
    alias_to: str


def refused_names(functions: Iterable[Function]) -> set[str]:
    """Returns the lower-case names of all functions that are not allowed, aliases included."""
    listed = list(functions)
    allowed = {function.name.lower() for function in listed if _is_allowed(function)}
    refused = set()
    for function in listed:
        target = function.alias_to or function.name
        if target.lower() not in allowed:
            refused.add(function.name.lower())
    return refused


def _is_allowed(function: Function) -> bool:
    if function.is_aggregate or function.category in CATEGORIES_ALLOWED:
        return True
    return function.name in FUNCTIONS_ALLOWED
