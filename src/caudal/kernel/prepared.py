"""Statements asked many times a minute: the server reads and plans each once in a connection."""

import struct
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from psycopg import pq
from psycopg.abc import PyFormat
from psycopg.adapt import Dumper

# what each array of integers holds, its own number among the types of PostgreSQL and that of one of its values
_ARRAYS: Final[dict[str, type[np.signedinteger[Any]]]] = {
    "smallint[]": np.int16,
    "int[]": np.int32,
    "bigint[]": np.int64,
}
_OIDS: Final = {2: (1005, 21), 4: (1007, 23), 8: (1016, 20)}


def rows(*, sql: str, params: Sequence[object]) -> list[tuple[Any, ...]]:
    """Run a prepared statement in this transaction and give its rows; errors as Django's.

    Parameters travel apart from the text, so their types are written in it (`%s::int[]`).
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.adapters.register_dumper(np.ndarray, _ColumnDumper)
        cursor.execute(sql, params, prepare=True)
        return cursor.fetchall()


def columns(*, types: Sequence[str], params: Sequence[object]) -> list[object]:
    """Parameters as their types want them: NumPy columns get the width of the array they are.

    :raises OverflowError: if a value does not fit
    """
    return [
        _narrowed(value, _ARRAYS[kind]) if isinstance(value, np.ndarray) else value
        for kind, value in zip(types, params, strict=True)
    ]


def _narrowed(column: NDArray[Any], width: type[np.signedinteger[Any]]) -> NDArray[Any]:
    narrow = column.astype(width, copy=False)
    if not np.array_equal(narrow, column):
        raise OverflowError(f"a value does not fit in {width.__name__}")
    return narrow


class _ColumnDumper(Dumper):
    """A column of integers as the binary array of its width. As text, a million numbers cost the driver a second
    to write and the server another to read."""

    format = pq.Format.BINARY

    def get_key(self, obj: NDArray[Any], format: PyFormat) -> tuple[type, ...]:
        return (self.cls, obj.dtype.type)

    def upgrade(self, obj: NDArray[Any], format: PyFormat) -> "_ColumnDumper":
        dumper = type(self)(self.cls)
        dumper.oid = _OIDS[obj.dtype.itemsize][0]
        return dumper

    def dump(self, obj: NDArray[Any]) -> bytes:
        size = obj.dtype.itemsize
        element = _OIDS[size][1]
        if not obj.size:
            return struct.pack(">iii", 0, 0, element)
        body = np.empty(obj.size, dtype=[("length", ">i4"), ("value", f">i{size}")])
        body["length"], body["value"] = size, obj
        return struct.pack(">iiiii", 1, 0, element, obj.size, 1) + body.tobytes()
