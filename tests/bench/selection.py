#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well, and how soon, a stroke selects a thing: selection.py THINGS PHOTOS [NAME …]

THINGS is a JSON file, {NAME: {"photo": PATH, "polygons": [[[x, y], …], …]}}: what is to be selected in a photo of the
folder PHOTOS, drawn by hand. A loose circle is drawn around each, then strokes along the largest region that is wrong;
printed is the intersection over union after each stroke, and how long each took. It needs the typelib (GI_TYPELIB_PATH,
LD_LIBRARY_PATH, LACUNA_LIBEXEC), numpy, Pillow and scipy. things.json beside it has 37 things in the photos of the
evaluation, which nothing was tuned to.
"""

import argparse
import json
import pathlib
import time
import zlib

import gi
import numpy
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

gi.require_version('Lacuna', '0')
from gi.repository import Lacuna  # noqa: E402

EIGHT = numpy.ones((3, 3))
STEPS = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)]


def draw_mask(polygons, width, height):
    mask = Image.new('L', (2 * width, 2 * height))
    for polygon in polygons:
        ImageDraw.Draw(mask).polygon([(2 * x, 2 * y) for x, y in polygon], fill=255)
    return numpy.array(mask.resize((width, height), Image.BOX)) >= 128


def find_box(mask):
    rows, columns = numpy.flatnonzero(mask.any(1)), numpy.flatnonzero(mask.any(0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def get_size(mask):
    left, top, right, bottom = find_box(mask)
    return numpy.sqrt((right - left) * (bottom - top))


def find_largest(mask, structure=None):
    labels, _ = ndimage.label(mask, structure)
    counts = numpy.bincount(labels.ravel())
    counts[0] = 0
    return labels == counts.argmax()


def trace(mask):
    """The outline of a region, cell by cell (Moore)."""
    mask = numpy.pad(mask, 1)
    start = tuple(numpy.argwhere(mask)[0])
    at, direction, points = start, 7, [start]
    while len(points) < mask.size:
        for turn in range(8):
            way = (direction + 6 + turn) % 8
            other = at[0] + STEPS[way][0], at[1] + STEPS[way][1]
            if mask[other]:
                at, direction = other, way
                break
        if at == start:
            break
        points.append(at)
    return numpy.array([(x - 1, y - 1) for y, x in points], float)


def circle(mask, random):
    """A loose loop: between 8 and 20 % of the thing's size away from it, smooth, and not quite closed."""
    left, top, right, bottom = find_box(mask)
    size = get_size(mask)
    around = int(0.45 * size) + 3
    cell = max(1, (max(right - left, bottom - top) + 2 * around) / 260)
    columns = left - around + (numpy.arange(int((right - left + 2 * around) / cell)) + 0.5) * cell
    rows = top - around + (numpy.arange(int((bottom - top + 2 * around) / cell)) + 0.5) * cell
    padded = numpy.pad(mask, 1)
    inside = padded[numpy.ix_(numpy.clip(rows.astype(int) + 1, 0, mask.shape[0] + 1),
                              numpy.clip(columns.astype(int) + 1, 0, mask.shape[1] + 1))]
    distance = ndimage.distance_transform_edt(~inside) * cell / size
    middle = numpy.argwhere(inside).mean(0)
    y, x = numpy.mgrid[:len(rows), :len(columns)]
    angle = numpy.arctan2(y - middle[0], x - middle[1])
    reach = sum(random.normal() * numpy.cos(n * angle + random.uniform(0, 7)) / n ** 0.5 for n in (1, 2, 3, 5))
    reach = 0.08 + 0.12 * (reach - reach.min()) / (reach.max() - reach.min())
    blob = ndimage.binary_fill_holes(distance <= reach).astype(float)
    blob = ndimage.gaussian_filter(blob, 0.05 * size / cell) > 0.5
    points = trace(ndimage.binary_fill_holes(find_largest(blob | inside, EIGHT)))
    points = ndimage.gaussian_filter1d(points, 2, axis=0, mode='wrap')[::max(1, len(points) // 150)]
    points = numpy.roll(points, random.integers(len(points)), 0)
    points = points[:len(points) - int(len(points) * random.uniform(0, 0.05))] * cell + (columns[0], rows[0])
    return numpy.clip(points, 0, (mask.shape[1] - 1, mask.shape[0] - 1))


def find_path(region):
    """Cells along the middle of a region, from one end to the other, and how wide it is there."""
    region = find_largest(region, EIGHT)
    depth = ndimage.distance_transform_edt(numpy.pad(region, 1))[1:-1, 1:-1]
    number = numpy.cumsum(region).reshape(region.shape) - 1
    y, x = numpy.nonzero(region)
    depths = depth[y, x]
    ends, costs = [[], []], []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        v, u = y + down, x + right
        fits = (v < region.shape[0]) & (u >= 0) & (u < region.shape[1])
        fits[fits] = region[v[fits], u[fits]]
        a, b = number[y[fits], x[fits]], number[v[fits], u[fits]]
        ends[0].extend(a)
        ends[1].extend(b)
        costs.extend(numpy.hypot(down, right) / numpy.minimum(depths[a], depths[b]) ** 2)
    graph = coo_matrix((costs, ends), (len(y), len(y))).tocsr()

    def go_far(start):
        far, before = dijkstra(graph, False, start, return_predecessors=True)
        far[numpy.isinf(far) | (depths < 0.35 * depths.max())] = -1
        return int(far.argmax()), before

    start, _ = go_far(int(depths.argmax()))
    path, before = go_far(start)
    path = [path]
    while path[-1] != start and before[path[-1]] >= 0:
        path.append(before[path[-1]])
    return numpy.stack([x[path], y[path]], 1), float(numpy.median(depths[path]))


def correct(mask, selected):
    """A stroke along the largest region that is wrong: its kind, points and radius. None where there is none."""
    regions = [(kind, find_largest(wrong)) for kind, wrong in
               ((Lacuna.HintKind.ADD, mask & ~selected), (Lacuna.HintKind.TAKE, selected & ~mask)) if wrong.any()]
    if not regions:
        return None
    kind, region = max(regions, key=lambda each: each[1].sum())
    left, top, right, bottom = find_box(region)
    cell = max(1, -(-max(right - left, bottom - top) // 160))
    small = region[top:bottom:cell, left:right:cell]
    path, depth = find_path(small)
    points = (path[::max(1, len(path) // 40)] + 0.5) * cell + (left, top)
    return kind, points, max(0.5, min(0.4 * depth * cell, 0.02 * get_size(mask)))


def select(photo, before, stroke, shape):
    kind, points, radius = stroke
    hint = Lacuna.Hint.new(kind, points.ravel().tolist(), radius)
    began = time.monotonic()
    found, selection = Lacuna.select(photo, before, hint, None)
    took = time.monotonic() - began
    box = selection.get_box()
    selected = numpy.zeros(shape, bool)
    selected[box.y:box.y + box.height, box.x:box.x + box.width] = numpy.frombuffer(
        found.dup_bytes().get_data(), numpy.uint8).reshape(box.height, box.width) != 0
    return selection, selected, took


def judge(photo, mask, n_strokes, random):
    """The overlap after each stroke, and the seconds that it took."""
    selection, selected, took = select(photo, None, (Lacuna.HintKind.THING, circle(mask, random), 0), mask.shape)
    overlaps, times = [(mask & selected).sum() / (mask | selected).sum()], [took]
    while len(overlaps) < n_strokes:
        stroke = correct(mask, selected)
        if stroke is not None:
            selection, selected, took = select(photo, selection, stroke, mask.shape)
            times.append(took)
        overlaps.append((mask & selected).sum() / (mask | selected).sum())
    return overlaps, times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('things', type=pathlib.Path)
    parser.add_argument('photos', type=pathlib.Path)
    parser.add_argument('names', nargs='*')
    parser.add_argument('--strokes', type=int, default=3)
    parser.add_argument('--seed', type=int, default=0)
    arguments = parser.parse_args()
    things = json.loads(arguments.things.read_text())
    rows, seconds = [], []
    for name in arguments.names or sorted(things):
        photo = Lacuna.Photo.load(str(arguments.photos / things[name]['photo']), None)
        mask = draw_mask(things[name]['polygons'], photo.get_width(), photo.get_height())
        random = numpy.random.default_rng(zlib.crc32(name.encode()) + arguments.seed)
        overlaps, times = judge(photo, mask, arguments.strokes, random)
        rows.append(overlaps)
        seconds.extend(times)
        print(f'{name:12}', *(f'{overlap:.3f}' for overlap in overlaps), *(f'{1000 * each:4.0f} ms' for each in times))
    print('mean        ', *(f'{mean:.3f}' for mean in numpy.mean(rows, 0)))
    print(f'{1000 * numpy.median(seconds):.0f} ms in the median, {1000 * max(seconds):.0f} ms at most')


if __name__ == '__main__':
    main()
