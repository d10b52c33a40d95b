#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows where the pixels at X, Y of a filled photo come from: attention.py PHOTO MASK X Y OUT.png

Every query of the hole shares itself out among keys, patches of the known photo (Yu et al. 2018, section 3.2). The four
panes and the sources are those that “lacuna explain” and the window draw: photo and hole, coarse, filled, and the attention:
in the hole the direction and distance to the strongest patch, outside it how much each patch has in the point."""

import sys

import gi
import matplotlib
import numpy as np

gi.require_version("Lacuna", "0")
from gi.repository import GLib, Lacuna

matplotlib.use("Agg")
from matplotlib import cm, colors, patches, patheffects, pyplot

POINT = 0.10, 0.45, 0.95
RIM = [patheffects.withStroke(linewidth=2.4, foreground="white")]
HEAT = colors.LinearSegmentedColormap.from_list(
    "heat", [(0.35, 0.04, 0.43), (0.80, 0.20, 0.31), (0.98, 0.55, 0.08), (1.0, 0.96, 0.51)])
LEAST_HEAT = 0.01  # of the largest share
SIDES = (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)  # of a box, where its share may stand


def view(data, dtype, *shape):
    return np.frombuffer(data.get_data(), dtype).reshape(shape)


def read_pixels(photo):
    pixels = view(photo.dup_bytes(), np.uint16 if photo.get_depth() == 16 else np.uint8,
                  photo.get_height(), photo.get_width(), photo.get_bands())
    return pixels[..., :3] / np.iinfo(pixels.dtype).max if photo.get_bands() >= 3 else pixels[..., 0]


def read_mask(region):
    hole = region.get_hole()
    return view(region.dup_array(Lacuna.RegionArray.MASK), np.uint8, hole.height, hole.width) > 0


def find_region(fill, x, y):
    """The region that fills the point."""
    for i in range(fill.get_n_regions()):
        region = fill.get_region(i)
        hole = region.get_hole()
        if 0 <= x - hole.x < hole.width and 0 <= y - hole.y < hole.height and read_mask(region)[y - hole.y, x - hole.x]:
            return region
    sys.exit(f"Nothing was filled at {x}, {y}.")


def find_shares(region, x, y):
    """The share that each cell has in the one where the point lies."""
    box, side = region.get_box(), 8 << region.get_halvings()
    rows, columns = region.get_grid_height(), region.get_grid_width()
    attention = view(region.dup_array(Lacuna.RegionArray.ATTENTION), np.float32, rows, columns, rows, columns)
    return attention[(y - box.y) // side, (x - box.x) // side]


def list_sources(region, x, y):
    """The strongest sources: x, y, width, height and share of each."""
    point = Lacuna.Box()
    point.x, point.y, point.width, point.height = x, y, 1, 1
    return Lacuna.explain_list_sources(region, point).unpack()


def color_flow(dx, dy):
    """Colours on the wheel of Baker et al. 2011; the longest displacement is full."""
    place = np.arctan2(-dy, -dx) / (2 * np.pi) + 0.5
    hues = [np.interp(55 * place, (0, 15, 21, 25, 36, 49, 55), channel)
            for channel in ((1, 1, 0, 0, 0, 1, 1), (0, 1, 1, 1, 0, 0, 0), (0, 0, 0, 1, 1, 1, 0))]
    length = np.hypot(dx, dy)
    return 1 - (length / max(length.max(), 1))[..., None] * (1 - np.stack(hues, axis=-1))


def draw_hole(axes, region):
    mask, hole = read_mask(region), region.get_hole()
    axes.imshow(np.dstack([np.full(mask.shape, 0.9), *2 * [np.zeros(mask.shape)], 0.6 * mask]),
                extent=(hole.x, hole.x + hole.width, hole.y + hole.height, hole.y))


def draw_flow(axes, region):
    """The displacement of each filled pixel's cell to its best key."""
    box, hole, side, columns = region.get_box(), region.get_hole(), 8 << region.get_halvings(), region.get_grid_width()
    keys = view(region.dup_array(Lacuna.RegionArray.KEYS), np.int32, region.get_grid_height(), columns)
    mask = read_mask(region)
    y, x = np.nonzero(mask)
    row, column = (hole.y + y - box.y) // side, (hole.x + x - box.x) // side
    best = keys[row, column]
    picture = np.zeros((*mask.shape, 4))
    picture[y, x, :3], picture[y, x, 3] = color_flow(best % columns - column, best // columns - row), 1
    axes.imshow(picture, extent=(hole.x, hole.x + hole.width, hole.y + hole.height, hole.y))


def draw_heat(axes, region, shares):
    """Each cell by the root of its share, which keeps weak ones in sight."""
    box, roots = region.get_box(), np.sqrt(shares / shares.max())
    picture = HEAT(roots)
    picture[..., 3] = np.where(roots ** 2 < LEAST_HEAT, 0, np.minimum(1, 1.4 * roots))
    axes.imshow(picture, extent=(box.x, box.x + box.width, box.y + box.height, box.y))


def write_share(axes, box, share, taken):
    """Beside the box, where nothing is written yet."""
    x, y, width, height = box
    renderer = axes.figure.canvas.get_renderer()
    for right, up in SIDES:
        note = axes.annotate(f"{share:.0%}", (x + width * (1 + right) / 2, y + height * (1 - up) / 2), (5 * right, 5 * up),
                             textcoords="offset points", fontsize=6, color="black",
                             ha=("right", "center", "left")[right + 1], va=("top", "center", "bottom")[up + 1],
                             bbox={"facecolor": "white", "edgecolor": POINT, "alpha": 0.85, "pad": 1, "linewidth": 0.6})
        extent = note.get_window_extent(renderer)
        if not extent.count_overlaps(taken):
            break
        note.remove()
    else:
        axes.add_artist(note)
    taken.append(extent)


def draw_sources(axes, sources, point):
    """Lines to the sources, frames around them, and beside those their shares."""
    for x, y, width, height, _ in sources:
        axes.plot([point[0] + 0.5, x + width / 2], [point[1] + 0.5, y + height / 2], color=POINT, linewidth=1.1,
                  path_effects=RIM)
        axes.add_patch(patches.Rectangle((x, y), width, height, fill=False, color=POINT, linewidth=1.1, path_effects=RIM))
    axes.figure.draw_without_rendering()
    taken = [patch.get_window_extent() for patch in axes.patches]
    for *box, share in sources:
        write_share(axes, box, share, taken)


def plot(fill, photo, region, point, path):
    shares, sources, box = find_shares(region, *point), list_sources(region, *point), region.get_box()
    coarse, filled = (fill.apply(photo, stage) for stage in (Lacuna.Stage.COARSE, Lacuna.Stage.DETAIL))
    figure, panes = pyplot.subplots(2, 2, layout="constrained")
    named = zip(panes.flat, ("a  Photo and hole", "b  Coarse", "c  Filled", "d  Attention"), (photo, coarse, filled, filled))
    for axes, title, picture in named:
        axes.imshow(read_pixels(picture), cmap="gray", alpha=0.55 if title.startswith("d") else 1)
        axes.set_title(title, loc="left", fontsize=9)
        axes.axis("off")
    for i in range(fill.get_n_regions()):
        draw_hole(panes[0, 0], fill.get_region(i))
    draw_heat(panes[1, 1], region, shares)
    draw_flow(panes[1, 1], region)
    scale = colors.PowerNorm(0.5, 0, shares.max())
    figure.colorbar(cm.ScalarMappable(scale, HEAT), ax=panes, label="share of one patch (root scale)", shrink=0.6)
    figure.supxlabel("The colour in the hole is the direction to the strongest patch: right red, down yellow, left cyan, up violet",
                     fontsize=7)
    for axes in panes.flat:
        axes.plot(point[0] + 0.5, point[1] + 0.5, "+", color=POINT, markersize=10, path_effects=RIM)
        axes.set(xlim=(max(box.x, 0), min(box.x + box.width, photo.get_width())),
                 ylim=(min(box.y + box.height, photo.get_height()), max(box.y, 0)))
    draw_sources(panes[1, 1], sources, point)
    figure.savefig(path, dpi=200)
    for x, y, width, height, share in sources:
        print(f"{share:.1%} from around {x + width // 2}, {y + height // 2}")
    print(f"The shares of {np.count_nonzero(shares)} patches sum to {shares.sum():.4f}.")


def main(photo_path, mask_path, x, y, path):
    photo = Lacuna.Photo.load(photo_path, None)
    options = Lacuna.FillOptions.new()
    options.keep_scores = True
    fill = Lacuna.Engine.new(None, 0).fill(photo, Lacuna.Mask.load(mask_path, photo), options, None, None, None)
    plot(fill, photo, find_region(fill, x, y), (x, y), path)


if len(sys.argv) != 6:
    sys.exit("Give PHOTO MASK X Y OUT.png.")
try:
    main(*sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
except GLib.Error as error:
    sys.exit(error.message)
