#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows where the pixels at X, Y of a filled photo come from: attention.py PHOTO MASK X Y OUT.png

Every query of the hole shares itself out among keys, patches of the known photo (Yu et al. 2018, section 3.2)."""

import sys

import gi
import matplotlib
import numpy as np

gi.require_version("Lacuna", "0")
from gi.repository import GLib, Lacuna

matplotlib.use("Agg")
from matplotlib import pyplot


def view(data, dtype, *shape):
    return np.frombuffer(data.get_data(), dtype).reshape(shape)


def find_region(fill, x, y):
    """The region whose hole has the point, and the cell of its grid where it lies."""
    for i in range(fill.get_n_regions()):
        region = fill.get_region(i)
        hole, box = region.get_hole(), region.get_box()
        if 0 <= x - hole.x < hole.width and 0 <= y - hole.y < hole.height:
            side = 8 << region.get_halvings()
            return region, ((y - box.y) // side, (x - box.x) // side)
    sys.exit(f"Nothing was filled at {x}, {y}.")


def plot(photo, region, cell, point, path):
    rows, columns = region.get_grid_height(), region.get_grid_width()
    attention = view(region.dup_array(Lacuna.RegionArray.ATTENTION), np.float32, rows, columns, rows, columns)
    weights, box = attention[cell], region.get_box()
    pixels = view(photo.dup_bytes(), np.uint16 if photo.get_depth() == 16 else np.uint8,
                  photo.get_height(), photo.get_width(), photo.get_bands())
    pyplot.imshow(pixels[..., :3] if photo.get_bands() >= 3 else pixels[..., 0], cmap="gray")
    pyplot.imshow(weights, cmap="inferno", alpha=0.6, extent=(box.x, box.x + box.width, box.y + box.height, box.y))
    pyplot.plot(*point, "c+", markersize=12)
    pyplot.colorbar(label="share")
    pyplot.savefig(path)
    print(f"The weights of {np.count_nonzero(weights)} sources sum to {weights.sum():.4f}.")


def main(photo_path, mask_path, x, y, path):
    photo = Lacuna.Photo.load(photo_path, None)
    options = Lacuna.FillOptions.new()
    options.keep_scores = True
    fill = Lacuna.Engine.new(None, 0).fill(photo, Lacuna.Mask.load(mask_path, photo), options, None, None, None)
    region, cell = find_region(fill, x, y)
    plot(fill.apply(photo, Lacuna.Stage.DETAIL), region, cell, (x, y), path)


if len(sys.argv) != 6:
    sys.exit("Give PHOTO MASK X Y OUT.png.")
try:
    main(*sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
except GLib.Error as error:
    sys.exit(error.message)
