"""Decodes a record of the archive: one TickBatch, many ticks in columns (docs/archive.md).

protoc generates tick_batch_pb2 from src/CloudTicks.Ticks/Batches/tick_batch.proto.
"""

from decimal import Decimal

from tick_batch_pb2 import Field, Kind, TickBatch

NUMBERS = ("bid", "ask", "bid_size", "ask_size", "price", "size")
PLAIN = ("exchange", "bid_exchange", "ask_exchange", "sequence", "tape", "trf_id", "flags")
TIMES = ("participant_ms", "trf_ms", "vendor_received_ms")


def is_gap(value):
    """Whether a record reports a time in which ticks may be missing, as JSON, instead of ticks."""
    return value[:1] == b"{"


def ticks(value):
    """The ticks of one record, each as a dictionary."""
    batch = TickBatch.FromString(value)
    if batch.format_version != 1:
        raise ValueError(f"format version {batch.format_version} is not supported")
    # Every column is read once, from start to end, by its own iterator.
    columns = {field.name: iter(getattr(batch, field.name)) for field in TickBatch.DESCRIPTOR.fields if field.number >= 10}

    def take(name):
        return next(columns[name])

    timestamp_ms = received_ms = 0
    for _ in range(batch.tick_count):
        fields = take("fields")
        timestamp_ms += take("timestamp_ms_delta")
        received_ms += take("received_ms_delta")
        tick = {
            "symbol": batch.symbols[take("symbol")],
            "kind": Kind.Name(take("kind")).lower().replace("kind_", ""),
            "timestamp_ms": timestamp_ms,
            "received_ms": received_ms,
        }
        for name in NUMBERS:
            if fields & Field.Value(f"FIELD_{name.upper()}"):
                # Decimal, because a float is not exact.
                tick[name] = Decimal(take(f"{name}_mantissa")).scaleb(-take(f"{name}_scale"))
        for name in PLAIN:
            if fields & Field.Value(f"FIELD_{name.upper()}"):
                tick[name] = take(name)
        for name in TIMES:
            if fields & Field.Value(f"FIELD_{name.upper()}"):
                tick[name] = timestamp_ms + take(f"{name}_delta")
        if fields & Field.FIELD_TRADE_ID:
            tick["trade_id"] = bytes(take("trade_ids") for _ in range(take("trade_id_length"))).decode()
        if fields & Field.FIELD_CONDITIONS:
            tick["conditions"] = [take("conditions") for _ in range(take("condition_count"))]
        if fields & Field.FIELD_INDICATORS:
            tick["indicators"] = [take("indicators") for _ in range(take("indicator_count"))]
        yield tick
