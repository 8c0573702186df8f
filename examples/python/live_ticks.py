"""Prints live ticks from NATS, one line of JSON per tick.

Uses the text protocol of NATS (https://docs.nats.io/reference/reference-protocols/nats-protocol) over a socket, so that it needs no package.
A program that must reconnect should use a client library instead: `pip install nats-py`.
"""

import argparse
import socket
import sys

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("server", help="such as 127.0.0.1:4222")
parser.add_argument("subject", help="such as ticks.EURUSD, or 'ticks.>' for all")
parser.add_argument("--count", type=int, default=0, help="exit after this number of ticks; 0 for no limit")
arguments = parser.parse_args()

host, port = arguments.server.rsplit(":", 1)
with socket.create_connection((host, int(port))) as connection, connection.makefile("rb") as lines:
    connection.sendall(f'CONNECT {{"verbose":false}}\r\nSUB {arguments.subject} 1\r\n'.encode())
    received = 0
    while not arguments.count or received < arguments.count:
        line = lines.readline()
        if not line:
            sys.exit("NATS closed the connection")
        verb, _, rest = line.decode().strip().partition(" ")
        if verb == "MSG":
            # MSG subject number [reply-to] bytes, and then the payload with its own line end.
            payload = lines.read(int(rest.split()[-1]) + 2)
            print(payload[:-2].decode(), flush=True)
            received += 1
        elif verb == "PING":
            connection.sendall(b"PONG\r\n")
        elif verb == "-ERR":
            sys.exit(f"NATS reported an error: {rest}")
