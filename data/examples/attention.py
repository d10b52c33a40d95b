#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows where the pixels at X, Y of a filled photo come from: attention.py PHOTO MASK X Y OUT.png

Every query of the hole shares itself out among keys, patches of the known photo (Yu et al. 2018, section 3.2). The four
panes are those that “lacuna explain” and the window draw: photo and hole, coarse, filled, and the attention."""

import sys

import gi
import matplotlib
import numpy as np

gi.require_version("Lacuna", "0")
from gi.repository import GLib, Lacuna

matplotlib.use("Agg")
from matplotlib import patches, pyplot

STRONGEST = 5


def view(data, dtype, *shape):
    return np.frombuffer(data.get_data(), dtype).reshape(shape)


def read_pixels(photo):
    pixels = view(photo.dup_bytes(), np.uint16 if photo.get_depth() == 16 else np.uint8,
                  photo.get_height(), photo.get_width(), photo.get_bands())
    return pixels[..., :3] / np.iinfo(pixels.dtype).max if photo.get_bands() >= 3 else pixels[..., 0]


def find_region(fill, x, y):
    """The region whose hole has the point, and the cell of its grid where it lies."""
    for i in range(fill.get_n_regions()):
        region = fill.get_region(i)
        hole, box = region.get_hole(), region.get_box()
        if 0 <= x - hole.x < hole.width and 0 <= y - hole.y < hole.height:
            side = 8 << region.get_halvings()
            return region, ((y - box.y) // side, (x - box.x) // side)
    sys.exit(f"Nothing was filled at {x}, {y}.")


def draw_hole(axes, region):
    hole = region.get_hole()
    mask = view(region.dup_array(Lacuna.RegionArray.MASK), np.uint8, hole.height, hole.width) > 0
    axes.imshow(np.dstack([np.full(mask.shape, 0.9), *2 * [np.zeros(mask.shape)], 0.6 * mask]),
                extent=(hole.x, hole.x + hole.width, hole.y + hole.height, hole.y))


def draw_sources(axes, region, weights, point):
    """The share of each key, and frames around the strongest patches, twice a cell a side, with lines to them."""
    box, side = region.get_box(), 8 << region.get_halvings()
    shares = axes.imshow(weights, cmap="inferno", alpha=0.6,
                         extent=(box.x, box.x + box.width, box.y + box.height, box.y))
    for key in np.argsort(weights, axis=None)[:-1 - STRONGEST:-1]:
        row, column = np.unravel_index(key, weights.shape)
        if weights[row, column] == 0:
            break
        x, y = box.x + side * (column + 0.5), box.y + side * (row + 0.5)
        axes.add_patch(patches.Rectangle((x - side, y - side), 2 * side, 2 * side, fill=False, color="white"))
        axes.plot([point[0], x], [point[1], y], color="white", linewidth=1)
        axes.annotate(f"{weights[row, column]:.0%}", (x - side, y - side), color="white", fontsize=7)
    return shares


def plot(fill, photo, region, cell, point, path):
    rows, columns = region.get_grid_height(), region.get_grid_width()
    weights = view(region.dup_array(Lacuna.RegionArray.ATTENTION), np.float32, rows, columns, rows, columns)[cell]
    coarse, filled = (fill.apply(photo, stage) for stage in (Lacuna.Stage.COARSE, Lacuna.Stage.DETAIL))
    figure, panes = pyplot.subplots(2, 2, layout="constrained")
    named = zip(panes.flat, ("a  Photo and hole", "b  Coarse", "c  Filled", "d  Attention"), (photo, coarse, filled, filled))
    for axes, title, picture in named:
        axes.imshow(read_pixels(picture), cmap="gray")
        axes.plot(*point, "c+", markersize=12)
        axes.set_title(title, loc="left", fontsize=9)
        axes.axis("off")
    draw_hole(panes[0, 0], region)
    figure.colorbar(draw_sources(panes[1, 1], region, weights, point), ax=panes, label="share", shrink=0.6)
    box = region.get_box()
    for axes in panes.flat:
        axes.set(xlim=(box.x, box.x + box.width), ylim=(box.y + box.height, box.y))
    figure.savefig(path, dpi=200)
    print(f"The weights of {np.count_nonzero(weights)} sources sum to {weights.sum():.4f}.")


def main(photo_path, mask_path, x, y, path):
    photo = Lacuna.Photo.load(photo_path, None)
    options = Lacuna.FillOptions.new()
    options.keep_scores = True
    fill = Lacuna.Engine.new(None, 0).fill(photo, Lacuna.Mask.load(mask_path, photo), options, None, None, None)
    plot(fill, photo, *find_region(fill, x, y), (x, y), path)


if len(sys.argv) != 6:
    sys.exit("Give PHOTO MASK X Y OUT.png.")
try:
    main(*sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
except GLib.Error as error:
    sys.exit(error.message)
