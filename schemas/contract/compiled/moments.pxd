"""The calendar in C: moments as milliseconds since 1970, days as days since then.

`kinds.pyx` rests on it. Divisions round down, as in Python.
"""

from cpython.datetime cimport (
    date_day,
    date_month,
    date_new,
    date_year,
    datetime_hour,
    datetime_microsecond,
    datetime_minute,
    datetime_new,
    datetime_second,
    get_utc,
)
from libc.stdint cimport int64_t


cdef enum:
    DAY_MS = 86_400_000
    FIRST_DAY = -719_162
    LAST_DAY = 2_932_896
    # 1 January of year 1 and 31 December 9999, which is as far as Python's calendar goes.


cdef struct Date:
    int year
    int month
    int day


cdef inline object moment(int64_t at_ms):
    cdef int64_t of_day = at_ms % DAY_MS
    cdef Date on = calendar(at_ms // DAY_MS)
    cdef int seconds = <int>(of_day // 1_000), microseconds = <int>(of_day % 1_000) * 1_000
    cdef int hour = seconds // 3_600, minute = seconds // 60 % 60, second = seconds % 60
    return datetime_new(
        on.year, on.month, on.day, hour, minute, second, microseconds, get_utc()
    )


cdef inline object day(int64_t days):
    cdef Date on = calendar(days)
    return date_new(on.year, on.month, on.day)


cdef inline int64_t milliseconds_of(object moment_in_utc) noexcept:
    """Returns them rounded down."""
    cdef int64_t minutes = datetime_hour(moment_in_utc) * 60 + datetime_minute(moment_in_utc)
    cdef int64_t seconds = minutes * 60 + datetime_second(moment_in_utc)
    cdef int64_t of_day_ms = seconds * 1_000 + datetime_microsecond(moment_in_utc) // 1_000
    return days_of(moment_in_utc) * DAY_MS + of_day_ms


cdef inline Date calendar(int64_t days) except *:
    """Counts in eras of 400 years that begin in March, so that a leap day is a year's last."""
    if not FIRST_DAY <= days <= LAST_DAY:
        raise OverflowError("a day that no calendar has")
    cdef int64_t since = days + 719_468
    cdef int64_t era = since // 146_097
    cdef int64_t of_era = since - era * 146_097
    cdef int64_t leap_days = of_era // 1_460 - of_era // 36_524 + of_era // 146_096
    cdef int64_t year_of_era = (of_era - leap_days) // 365
    cdef int64_t of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    cdef int64_t from_march = (5 * of_year + 2) // 153
    cdef int month = <int>(from_march + 3 if from_march < 10 else from_march - 9)
    cdef int year = <int>(year_of_era + era * 400 + (month <= 2))
    return Date(year, month, <int>(of_year - (153 * from_march + 2) // 5 + 1))


cdef inline int64_t days_of(object date) noexcept:
    """Returns the days since 1970 of a date: `calendar` the other way round."""
    cdef int64_t month = date_month(date)
    cdef int64_t from_march = month - 3 if month > 2 else month + 9
    cdef int64_t year = date_year(date) - (month <= 2)
    cdef int64_t era = year // 400
    cdef int64_t year_of_era = year - era * 400
    cdef int64_t of_year = (153 * from_march + 2) // 5 + date_day(date) - 1
    cdef int64_t of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + of_year
    return era * 146_097 + of_era - 719_468
