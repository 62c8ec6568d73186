"""Bytes that are read, bytes that are written, and numbers in C: `kinds.pyx` rests on them."""

from cpython.mem cimport PyMem_Realloc
from libc.stdint cimport INT64_MIN, int64_t, uint64_t
from libc.string cimport memcpy


cdef enum:
    LAST_SHIFT = 63


cdef struct Source:
    const unsigned char* at
    const unsigned char* end


cdef struct Sink:
    unsigned char* content
    Py_ssize_t used
    Py_ssize_t room


cdef inline int need(Source* of, int64_t size) except -1:
    if of.end - of.at < size:
        raise EOFError("the record ends too early")
    return 0


cdef inline int take(Source* of, void* into, Py_ssize_t size) except -1:
    need(of, size)
    memcpy(into, of.at, size)
    of.at += size
    return 0


cdef inline int make_room(Sink* to, Py_ssize_t more) except -1:
    if to.used + more > to.room:
        to.room = 2 * (to.used + more)
        wider = PyMem_Realloc(to.content, to.room)
        if wider is NULL:
            raise MemoryError
        to.content = <unsigned char*>wider
    return 0


cdef inline int put(Sink* to, const void* content, Py_ssize_t size) except -1:
    make_room(to, size)
    memcpy(to.content + to.used, content, size)
    to.used += size
    return 0


cdef inline int put_byte(Sink* to, unsigned char byte) except -1:
    make_room(to, 1)
    to.content[to.used] = byte
    to.used += 1
    return 0


cdef inline int64_t read_long(Source* of) except? -1:
    """Reads seven bits a byte, the lowest first, the sign in the lowest of all."""
    cdef uint64_t value = 0
    cdef unsigned char byte = 0x80
    cdef int shift = 0
    while byte & 0x80:
        need(of, 1)
        byte = of.at[0]
        of.at += 1
        if shift == LAST_SHIFT and byte > 1:
            raise ValueError("a number of more than 64 bits")
        value |= <uint64_t>(byte & 0x7F) << shift
        shift += 7
    return <int64_t>(value >> 1) ^ -<int64_t>(value & 1)


cdef inline int write_long(int64_t number, Sink* to) except -1:
    cdef uint64_t rest = (<uint64_t>number << 1) ^ <uint64_t>(number >> LAST_SHIFT)
    while rest > 0x7F:
        put_byte(to, <unsigned char>(rest & 0x7F | 0x80))
        rest >>= 7
    return put_byte(to, <unsigned char>rest)


cdef inline int64_t read_size(Source* of) except -1:
    cdef int64_t size = read_long(of)
    if size < 0:
        raise ValueError("a negative length")
    need(of, size)
    return size


cdef inline int64_t read_many(Source* of) except -1:
    """Reads how many items a block has; a negative number is followed by the block's size."""
    cdef int64_t many = read_long(of)
    if many >= 0:
        return many
    if many == INT64_MIN:
        raise ValueError("a number of more than 64 bits")
    read_long(of)
    return -many
