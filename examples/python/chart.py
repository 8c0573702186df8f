"""Draws the candles of a symbol, with ticks per second and the spread below, in a PNG file.

The cells (# %%) run separately in Jupyter and VS Code. As a program: chart.py 127.0.0.1:7071 EURUSD eurusd.png
Needs matplotlib (Debian: python3-matplotlib).
"""

# %% Server, symbol and output file
import datetime
import json
import sys
import urllib.request

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plot

server, symbol, file = sys.argv[1:4] if len(sys.argv) == 4 else ("127.0.0.1:7071", "EURUSD", "eurusd.png")

# %% The last 500 candles of one second each (docs/reading.md)
with urllib.request.urlopen(f"http://{server}/api/v1/candles/{symbol}?interval=1s", timeout=60) as response:
    candles = json.load(response)
if not candles:
    sys.exit(f"{symbol} has no candles yet")
times = [datetime.datetime.fromtimestamp(candle["timestamp_ms"] / 1000, datetime.timezone.utc) for candle in candles]

# %% The chart
figure, (prices, counts, spreads) = plot.subplots(3, 1, sharex=True, figsize=(10, 7), height_ratios=(4, 1, 1))
second = datetime.timedelta(seconds=0.8)
rises = ["tab:green" if candle["close"] >= candle["open"] else "tab:red" for candle in candles]
prices.vlines(times, [candle["low"] for candle in candles], [candle["high"] for candle in candles], colors=rises, linewidth=1)
prices.bar(
    times, [candle["close"] - candle["open"] for candle in candles], second, [candle["open"] for candle in candles], color=rises)
prices.set_title(f"{symbol}, {times[0]:%Y-%m-%d %H:%M:%S} to {times[-1]:%H:%M:%S} UTC")
prices.set_ylabel("price")
prices.ticklabel_format(axis="y", useOffset=False)
counts.bar(times, [candle["count"] for candle in candles], second)
counts.set_ylabel("ticks")
spreads.plot(times, [candle.get("spread") for candle in candles])
spreads.set_ylabel("spread")
figure.autofmt_xdate()
figure.tight_layout()
figure.savefig(file, dpi=120)
print(f"{file}: {len(candles)} candles of {symbol}")
