#!/usr/bin/env python3
"""Draws what a program shows on a terminal as an SVG picture.

Needs Debian's python3-pyte. The picture of the README:

  docs/pictures/live_table.py --at 45 --columns 110 --rows 30 docs/pictures/live-table.svg -- dotnet run --project AppHost
"""

import argparse
import fcntl
import html
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte

CELL_WIDTH, CELL_HEIGHT, MARGIN, BAR = 8.4, 18, 16, 34
# The directions of the lines in each box-drawing character: left, right, up, down. Drawn as SVG lines, they join in any font.
BOX = {"─": "lr", "│": "ud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "├": "rud", "└": "ru"}
GROUND, BAR_GROUND, PLAIN = "#0d1117", "#161b22", "#c9d1d9"
FONT = "ui-monospace,SFMono-Regular,'DejaVu Sans Mono',Menlo,Consolas,monospace"
COLORS = {
    "default": PLAIN, "black": "#484f58", "red": "#ff7b72", "green": "#3fb950", "brown": "#d29922", "blue": "#58a6ff",
    "magenta": "#bc8cff", "cyan": "#39c5cf", "white": "#c9d1d9", "brightblack": "#8b949e",
    # The same colours in the 256-colour palette, softened for a dark background.
    "008000": "#3fb950", "808000": "#d29922", "800000": "#ff7b72", "ff0000": "#ff7b72", "ffff00": "#e3b341", "00ff00": "#56d364", "00ffff": "#39c5cf",
}


def run(command, columns, rows, seconds):
    """Runs the command in a separate terminal, reads the screen after the given seconds, and ends the command with Ctrl-C."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COLUMNS=str(columns), LINES=str(rows))
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                stream.feed(os.read(terminal, 65536))
            except OSError:
                break  # The command has exited.
    cells = [[screen.buffer[y][x] for x in range(columns)] for y in range(rows)]
    try:
        os.write(terminal, b"\x03")
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass
    os.waitpid(pid, 0)
    return cells


def look(cell):
    return cell.fg, cell.bold, cell.data == " ", cell.data in BOX


def boxes(cells):
    """Returns the box-drawing lines by colour."""
    paths = {}
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            left, top = MARGIN + x * CELL_WIDTH, BAR + y * CELL_HEIGHT
            middle, centre = left + CELL_WIDTH / 2, top + CELL_HEIGHT / 2
            ends = {"l": (left, centre), "r": (left + CELL_WIDTH, centre), "u": (middle, top), "d": (middle, top + CELL_HEIGHT)}
            for way in BOX.get(cell.data, ""):
                paths.setdefault(cell.fg, set()).add((round(middle, 1), round(centre, 1), round(ends[way][0], 1), round(ends[way][1], 1)))
    for color, lines in paths.items():
        yield color, joined(sorted(lines))


def joined(lines):
    """Returns an SVG path of the lines; adjoining lines are merged."""
    across, others = {}, {}
    for x1, y1, x2, y2 in lines:
        if y1 == y2:
            across.setdefault(y1, []).append((min(x1, x2), max(x1, x2)))
        else:
            others.setdefault(x1, []).append((min(y1, y2), max(y1, y2)))
    pieces = [f"M{a:g} {y:g}H{b:g}" for y, parts in across.items() for a, b in merged(parts)]
    return "".join(pieces + [f"M{x:g} {a:g}V{b:g}" for x, parts in others.items() for a, b in merged(parts)])


def merged(parts):
    result = []
    for a, b in sorted(parts):
        if result and a - result[-1][1] < 0.5:
            result[-1][1] = max(b, result[-1][1])
        else:
            result.append([a, b])
    return result


def spans(row):
    """Groups neighbouring cells with the same style, and skips blank cells."""
    start = 0
    for x in range(1, len(row) + 1):
        if x == len(row) or look(row[x]) != look(row[start]):
            text = "".join(cell.data for cell in row[start:x])
            if text.strip() and text[0] not in BOX:
                yield start, text, row[start]
            start = x


def svg(cells, title):
    width = len(cells[0]) * CELL_WIDTH + 2 * MARGIN
    height = len(cells) * CELL_HEIGHT + BAR + MARGIN
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
           f'role="img" aria-label="{html.escape(title)}">')
    yield f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/><path d="M0 8a8 8 0 0 1 8-8h{width - 16:.0f}a8 8 0 0 1 8 8v{BAR - 14}H0z" fill="{BAR_GROUND}"/>'
    for index, color in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        yield f'<circle cx="{18 + 18 * index}" cy="13" r="5.5" fill="{color}"/>'
    yield f'<g font-family="{html.escape(FONT)}" font-size="14" xml:space="preserve">'
    yield f'<text x="{width / 2:.0f}" y="18" fill="#8b949e" font-size="12" text-anchor="middle">{html.escape(title)}</text>'
    for color, path in boxes(cells):
        yield f'<path d="{path}" stroke="{COLORS.get(color, f"#{color}")}" fill="none"/>'
    for y, row in enumerate(cells):
        for x, text, first in spans(row):
            color = COLORS.get(first.fg, f"#{first.fg}")
            weight = ' font-weight="600"' if first.bold else ""
            yield (f'<text x="{MARGIN + x * CELL_WIDTH:.1f}" y="{BAR + y * CELL_HEIGHT + 13}" textLength="{len(text) * CELL_WIDTH:.1f}" '
                   f'fill="{color}"{weight}>{html.escape(text)}</text>')
    yield "</g></svg>"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("picture")
    arguments.add_argument("--at", type=float, default=30, help="seconds after the start")
    arguments.add_argument("--columns", type=int, default=110)
    arguments.add_argument("--rows", type=int, default=34)
    arguments.add_argument("--title", default="dotnet run --project AppHost")
    arguments.add_argument("command", nargs="+")
    asked = arguments.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    cells = run(asked.command, asked.columns, asked.rows, asked.at)
    with open(asked.picture, "w", encoding="utf-8") as file:
        file.write("\n".join(svg(cells, asked.title)) + "\n")


main()
