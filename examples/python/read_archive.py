"""Prints the quotes of one symbol from the archive: time, bid and ask.

Needs confluent-kafka and protobuf (Debian: python3-confluent-kafka, python3-protobuf), and tick_batch_pb2 from protoc (README.md).
"""

import argparse
import sys

from confluent_kafka import Consumer, KafkaError, KafkaException

from tick_batch import is_gap, ticks

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("servers", help="the event hub, such as 127.0.0.1:9092")
parser.add_argument("symbol", help="such as EURUSD")
parser.add_argument("--group", default="python-example", help="the consumer group; the next run with the same group continues where this run stopped")
parser.add_argument("--follow", action="store_true", help="wait for new ticks until Ctrl-C instead of exiting at the end of the archive")
arguments = parser.parse_args()

consumer = Consumer({
    "bootstrap.servers": arguments.servers,
    "group.id": arguments.group,
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "enable.partition.eof": True,
})
assigned, ended = set(), set()
count = 0


def on_assign(_, partitions):
    assigned.update(partition.partition for partition in partitions)


consumer.subscribe(["tick_archive"], on_assign=on_assign)
try:
    while arguments.follow or not assigned or ended < assigned:
        for message in consumer.consume(num_messages=1000, timeout=0.5):
            error = message.error()
            if error is not None:
                if error.code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(error)
                ended.add(message.partition())
                continue
            if is_gap(message.value()):
                continue
            for tick in ticks(message.value()):
                count += 1
                if tick["symbol"] == arguments.symbol and tick["kind"] == "quote":
                    print(tick["timestamp_ms"], tick.get("bid"), tick.get("ask"))
    # Commit only after printing: after a crash, the next run rereads what was not committed.
    if count:
        consumer.commit(asynchronous=False)
except KeyboardInterrupt:
    pass
finally:
    consumer.close()
print(count, "ticks read", file=sys.stderr)
