"""Reads a lake with DuckDB's own library and prints its ticks as CSV: symbol, time, bid, ask, price, identity."""
import ctypes
import sys

from identity import identity

COLUMNS = ('symbol timestamp_ms bid ask price bid_size ask_size size exchange bid_exchange ask_exchange sequence trade_id exact_text '
           'kind market').split()


class Result(ctypes.Structure):
    # duckdb_result of duckdb.h
    _fields_ = [('counts', ctypes.c_uint64 * 3), ('pointers', ctypes.c_void_p * 3)]


def rows(library, sql):
    duckdb = ctypes.CDLL(library)
    duckdb.duckdb_row_count.restype = ctypes.c_uint64
    duckdb.duckdb_result_error.restype = ctypes.c_char_p
    duckdb.duckdb_value_varchar.restype = ctypes.c_void_p
    duckdb.duckdb_value_varchar.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64]
    duckdb.duckdb_free.argtypes = [ctypes.c_void_p]
    database, connection, result = ctypes.c_void_p(), ctypes.c_void_p(), Result()
    if duckdb.duckdb_open(None, ctypes.byref(database)) or duckdb.duckdb_connect(database, ctypes.byref(connection)):
        sys.exit('DuckDB cannot open a database')
    if duckdb.duckdb_query(connection, sql.encode(), ctypes.byref(result)):
        sys.exit(duckdb.duckdb_result_error(ctypes.byref(result)).decode())
    for number in range(duckdb.duckdb_row_count(ctypes.byref(result))):
        row = {}
        for at, name in enumerate(COLUMNS):
            value = duckdb.duckdb_value_varchar(ctypes.byref(result), at, number)
            row[name] = ctypes.string_at(value).decode() if value else None
            duckdb.duckdb_free(value)
        yield row


library, folder = sys.argv[1:]
query = f"SELECT {', '.join(COLUMNS)} FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
for row in rows(library, query):
    print(*(row[name] or '' for name in COLUMNS[:5]), identity(row), sep=',')
