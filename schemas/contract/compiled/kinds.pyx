# cython: language_level=3, binding=False, boundscheck=False, wraparound=False, auto_pickle=False
"""The types of Avro in C: each object reads and writes the bytes of values of one type.

It rests on `wire` and `moments`. It is for machines that keep the lowest byte of a number first,
which are all that set-up admits.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.datetime cimport (
    PyDate_Check,
    PyDateTime_Check,
    datetime_tzinfo,
    get_utc,
    import_datetime,
)
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.math cimport isinf
from libc.stdint cimport int64_t
from schemas.contract.compiled.wire cimport (
    Sink,
    Source,
    need,
    put,
    put_byte,
    read_long,
    read_many,
    read_size,
    take,
    write_long,
)
from schemas.contract.compiled.moments cimport day, days_of, milliseconds_of, moment

from schemas.contract.moments import milliseconds
from schemas.contract.reading import MAX_SYMBOLS

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

import_datetime()

cdef enum:
    FIELDS_MOST = 128
    FIRST_ROOM = 512


cdef class Kind:
    """A type of a schema reads and writes values of that type."""

    cdef object read(self, Source* of):
        raise NotImplementedError

    cdef int write(self, object value, Sink* to) except -1:
        raise NotImplementedError

    def read_record(self, bytes data not None, Py_ssize_t p):
        if not 0 <= p <= PyBytes_GET_SIZE(data):
            raise EOFError("the record begins beyond the bytes")
        cdef const unsigned char* begin = <const unsigned char*>PyBytes_AS_STRING(data)
        cdef Source of = Source(begin + p, begin + PyBytes_GET_SIZE(data))
        return self.read(&of)

    def write_record(self, object event):
        cdef Sink to = Sink(<unsigned char*>PyMem_Malloc(FIRST_ROOM), 0, FIRST_ROOM)
        if to.content is NULL:
            raise MemoryError
        try:
            self.write(event, &to)
            return PyBytes_FromStringAndSize(<char*>to.content, to.used)
        finally:
            PyMem_Free(to.content)


cdef class Boolean(Kind):
    cdef object read(self, Source* of):
        need(of, 1)
        of.at += 1
        return (of.at - 1)[0] != 0

    cdef int write(self, object value, Sink* to) except -1:
        return put_byte(to, 1 if value else 0)


cdef class Long(Kind):
    cdef object read(self, Source* of):
        return read_long(of)

    cdef int write(self, object value, Sink* to) except -1:
        if not isinstance(value, int):
            raise TypeError("not a whole number")
        return write_long(value, to)


cdef class Float(Kind):
    cdef object read(self, Source* of):
        cdef float value
        take(of, &value, sizeof(value))
        return value

    cdef int write(self, object value, Sink* to) except -1:
        cdef double whole = value
        cdef float rounded = <float>whole
        if isinf(rounded) and not isinf(whole):
            raise OverflowError("a number that is too large for four bytes")
        return put(to, &rounded, sizeof(rounded))


cdef class Double(Kind):
    cdef object read(self, Source* of):
        cdef double value
        take(of, &value, sizeof(value))
        return value

    cdef int write(self, object value, Sink* to) except -1:
        cdef double number = value
        return put(to, &number, sizeof(number))


cdef class String(Kind):
    cdef object read(self, Source* of):
        cdef int64_t size = read_size(of)
        of.at += size
        return PyUnicode_DecodeUTF8(<const char*>of.at - size, size, NULL)

    cdef int write(self, object value, Sink* to) except -1:
        cdef Py_ssize_t size
        cdef const char* text = PyUnicode_AsUTF8AndSize(value, &size)
        write_long(size, to)
        return put(to, text, size)


cdef class Bytes(Kind):
    cdef object read(self, Source* of):
        cdef int64_t size = read_size(of)
        of.at += size
        return PyBytes_FromStringAndSize(<const char*>of.at - size, size)

    cdef int write(self, object value, Sink* to) except -1:
        cdef bytes content = value
        write_long(len(content), to)
        return put(to, PyBytes_AS_STRING(content), len(content))


cdef class Moment(Kind):
    """A moment is written as milliseconds since 1970."""

    cdef object read(self, Source* of):
        return moment(read_long(of))

    cdef int write(self, object value, Sink* to) except -1:
        cdef bint in_utc = PyDateTime_Check(value) and datetime_tzinfo(value) is get_utc()
        return write_long(milliseconds_of(value) if in_utc else milliseconds(value), to)


cdef class Day(Kind):
    """A day is written as days since 1970."""

    cdef object read(self, Source* of):
        return day(read_long(of))

    cdef int write(self, object value, Sink* to) except -1:
        if not PyDate_Check(value):
            raise TypeError("not a date")
        return write_long(days_of(value), to)


cdef class Enum(Kind):
    cdef tuple symbols
    cdef dict places

    def __init__(self, symbols):
        if len(symbols) > MAX_SYMBOLS:
            raise ValueError(f"{len(symbols)} symbols, which take more than one byte")
        self.symbols, self.places = symbols, {symbol: place for place, symbol in enumerate(symbols)}

    cdef object read(self, Source* of):
        need(of, 1)
        of.at += 1
        cdef unsigned char doubled = (of.at - 1)[0]
        if doubled & 1 or doubled >= 2 * len(self.symbols):
            raise ValueError("no symbol of the enumeration")
        return self.symbols[doubled >> 1]

    cdef int write(self, object value, Sink* to) except -1:
        return write_long(self.places[value], to)


cdef class Optional(Kind):
    cdef Kind kind

    def __init__(self, Kind kind not None):
        self.kind = kind

    cdef object read(self, Source* of):
        need(of, 1)
        of.at += 1
        if (of.at - 1)[0] == 0:
            return None
        if (of.at - 1)[0] != 2:
            raise ValueError("no type of the union")
        return self.kind.read(of)

    cdef int write(self, object value, Sink* to) except -1:
        if value is None:
            return put_byte(to, 0)
        put_byte(to, 2)
        return self.kind.write(value, to)


cdef class Array(Kind):
    cdef Kind items

    def __init__(self, Kind items not None):
        self.items = items

    cdef object read(self, Source* of):
        cdef int64_t many = read_many(of)
        values = []
        while many:
            for _ in range(many):
                values.append(self.items.read(of))
            many = read_many(of)
        return values

    cdef int write(self, object value, Sink* to) except -1:
        if value:
            write_long(len(value), to)
            for item in value:
                self.items.write(item, to)
        return put_byte(to, 0)


cdef class Map(Kind):
    cdef Kind values
    cdef String keys

    def __init__(self, Kind values not None):
        self.values, self.keys = values, String()

    cdef object read(self, Source* of):
        cdef int64_t many = read_many(of)
        entries = {}
        while many:
            for _ in range(many):
                key = self.keys.read(of)
                entries[key] = self.values.read(of)
            many = read_many(of)
        return entries

    cdef int write(self, object value, Sink* to) except -1:
        if value:
            write_long(len(value), to)
            for key, item in value.items():
                self.keys.write(key, to)
                self.values.write(item, to)
        return put_byte(to, 0)


cdef class Record(Kind):
    """A record is read into `struct`, its fields by place, or into a dictionary if that is None."""

    cdef tuple names, kinds
    cdef object struct
    cdef Py_ssize_t[FIELDS_MOST] places

    def __init__(self, names, kinds, struct):
        self.names, self.kinds, self.struct = names, kinds, struct
        ordered = names if struct is None else struct.__struct_fields__
        if len(names) > FIELDS_MOST:
            raise ValueError(f"{len(names)} fields, of {FIELDS_MOST} that a record may have")
        if not len(set(names)) == len(names) == len(kinds) or sorted(ordered) != sorted(names):
            raise ValueError(f"{struct} does not have the fields {names}")
        for number, name in enumerate(names):
            self.places[number] = ordered.index(name)

    cdef object read(self, Source* of):
        cdef Py_ssize_t number
        values = PyTuple_New(len(self.kinds))
        for number in range(len(self.kinds)):
            value = (<Kind>self.kinds[number]).read(of)
            Py_INCREF(value)  # the tuple takes it over
            PyTuple_SET_ITEM(values, self.places[number], value)
        return dict(zip(self.names, values)) if self.struct is None else self.struct(*values)

    cdef int write(self, object value, Sink* to) except -1:
        cdef Py_ssize_t number
        for number in range(len(self.kinds)):
            (<Kind>self.kinds[number]).write(getattr(value, self.names[number]), to)
        return 0
