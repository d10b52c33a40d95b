#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much sooner a fill is there that is steered anew than a whole one: rerun.py PHOTO...

A hole of 130×120 pixels lies in the middle of each photo; what is avoided then is a fifth of the photo to the left."""

import statistics
import sys
import time

import gi

gi.require_version("Lacuna", "0")
from gi.repository import GLib, Lacuna

RUNS = 5


def make_mask(photo, left, top, right, bottom):
    width, height = photo.get_width(), photo.get_height()
    rows = [b"\0" * left + b"\xff" * (right - left) + b"\0" * (width - right) if top <= y < bottom else b"\0" * width
            for y in range(height)]
    return Lacuna.Mask.new_from_bytes(width, height, GLib.Bytes.new(b"".join(rows)))


def measure(engine, path):
    photo = Lacuna.Photo.load(path, None)
    width, height = photo.get_width(), photo.get_height()
    left, top = (width - 130) // 2, (height - 120) // 2
    hole, avoid = make_mask(photo, left, top, left + 130, top + 120), make_mask(photo, 0, 0, width // 5, height)

    def fill(steered, keep=True):
        options = Lacuna.FillOptions.new()
        options.keep_features = keep
        if steered:
            options.set_avoid(avoid)
        start = time.monotonic()
        engine.fill(photo, hole, options, None, None, None)
        return time.monotonic() - start

    fill(False)
    times = []
    for _ in range(RUNS):
        whole = fill(False, keep=False)
        fill(False)
        times.append((whole, fill(True)))
    whole, anew = (statistics.median(values) for values in zip(*times))
    print(f"{path}: whole {whole:.3f} s, anew {anew:.3f} s, {whole / anew:.2f} times as fast", flush=True)
    return whole / anew


def main(paths):
    engine = Lacuna.Engine.new(None, 0)
    print(f"median of {len(paths)} photos: {statistics.median(measure(engine, path) for path in paths):.2f}")


try:
    main(sys.argv[1:])
except GLib.Error as error:
    sys.exit(error.message)
