#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills what MASK marks in PHOTO and saves the result: fill.py PHOTO MASK OUT"""

import sys

import gi

gi.require_version("Lacuna", "0")
from gi.repository import GLib, Lacuna


def fill(photo_path, mask_path, out_path):
    engine = Lacuna.Engine.new(None, 0)  # the best device, its default memory limit
    photo = Lacuna.Photo.load(photo_path, None)
    mask = Lacuna.Mask.load(mask_path, photo)
    result = engine.fill(photo, mask, None, None, None, None)
    for note in result.get_notes():
        print(note, file=sys.stderr)
    result.apply(photo, Lacuna.Stage.DETAIL).save(out_path, None)


if len(sys.argv) != 4:
    sys.exit("Give PHOTO MASK OUT.")
try:
    fill(*sys.argv[1:])
except GLib.Error as error:
    sys.exit(error.message)
