#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steering, provenance and figures from outside: steer.py LACUNA, the program to test. Python's standard library only."""
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from npy import read_npy
from png import make_mask, make_photo, read_png, write_png

LACUNA = sys.argv.pop(1)
WIDTH, HEIGHT = 320, 240
HOLE = (150, 90, 40, 36)
LEFT = (60, 20, 80, 200)  # an area beside the hole
TINY = Path(os.environ["G_TEST_SRCDIR"]) / "golden" / "generator_tiny_oihw.safetensors"


class SteerTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lacuna-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.photo, self.mask, self.out, self.where, self.area, self.steer = (
            self.folder / name for name in ("photo.png", "mask.png", "out.png", "where", "area.png", "steer.json"))
        make_photo(self.photo, WIDTH, HEIGHT)
        make_mask(self.mask, WIDTH, HEIGHT, [HOLE])
        make_mask(self.area, WIDTH, HEIGHT, [LEFT])

    def run_lacuna(self, *arguments, code=0):
        done = subprocess.run([LACUNA, *map(str, arguments), "-m", TINY], capture_output=True, text=True, timeout=900)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        self.said = done.stdout
        return done.stderr

    def fill(self, *arguments, code=0):
        return self.run_lacuna("fill", self.photo, self.mask, "-o", self.out, *arguments, code=code)

    def count_sources(self, *arguments):
        """How many pixels were copied from LEFT, and how many were filled."""
        self.fill("--provenance", self.where, *arguments)
        (n, two, height, width), offsets = read_npy(self.where / "offsets.npy")
        self.assertEqual((n, two, height, width), (1, 2, HOLE[3], HOLE[2]))
        sources = [(HOLE[0] + i % width + offsets[i], HOLE[1] + i // width + offsets[width * height + i])
                   for i in range(width * height)]
        return sum(LEFT[0] <= x < LEFT[0] + LEFT[2] and LEFT[1] <= y < LEFT[1] + LEFT[3] for x, y in sources), len(sources)

    def test_areas(self):
        """What is avoided is not copied, what is preferred alone; by image and by file it is the same fill."""
        free, n = self.count_sources()
        self.assertTrue(0 < free < n)
        self.assertEqual(self.count_sources("--avoid", self.area), (0, n))
        self.assertEqual(self.count_sources("--prefer", self.area), (n, n))
        by_image = self.out.read_bytes()
        forms = [{"mask": self.area.name}, {"box": LEFT}, {"polygon": [[60, 20], [140, 20], [140, 220], [60, 220]]}]
        for form in forms:
            self.steer.write_text(json.dumps({"prefer": [form], "strength": 1}))
            self.fill("--steer", self.steer)
            self.assertEqual(self.out.read_bytes(), by_image, form)

    def test_lines(self):
        """A line changes the fill, the same by either file, and none outside the mask."""
        self.fill()
        free = self.out.read_bytes()
        line = [[100, 100], [150, 108], [240, 106]]
        lines = self.folder / "lines.json"
        lines.write_text(json.dumps([line]))
        self.fill("--lines", lines, "--provenance", self.where)
        followed = self.out.read_bytes()
        self.assertNotEqual(followed, free)
        self.assertEqual(json.loads((self.where / "report.json").read_text())["lines"], 1)
        self.steer.write_text(json.dumps({"lines": [line]}))
        self.fill("--steer", self.steer)
        self.assertEqual(self.out.read_bytes(), followed)

    def test_edges(self):
        """An edge that ends on both sides of the hole goes on, and is told; drawn as a line, it goes on as well."""
        def check_edge():
            rows = read_png(self.out)[4]
            for y in range(HOLE[1], HOLE[1] + HOLE[3]):
                for x in range(HOLE[0], HOLE[0] + HOLE[2]):
                    if abs(y - 100 - x / 16) > 1:
                        for got, expected in zip(rows[y][3 * x:3 * x + 3], sky if y < 100 + x / 16 else sea):
                            self.assertAlmostEqual(got, expected, delta=10, msg=(x, y))

        sky, sea = b"\xaa\xbe\xdc", b"\x46\x6e\x78"
        write_png(self.photo, WIDTH, HEIGHT, 8, 3, [
            b"".join(sky if y < 100 + x / 16 else sea for x in range(WIDTH)) for y in range(HEIGHT)])
        stages, lines = self.folder / "stages", self.folder / "lines.json"
        self.fill("--stages", stages, "--provenance", self.where)
        check_edge()
        edges = json.loads((stages / "0-window.json").read_text())["edges"]
        self.assertEqual(len(edges), 1)
        for x, y in edges[0]:
            self.assertAlmostEqual(y, 100 + x / 16, delta=1)
        self.assertEqual(json.loads((self.where / "report.json").read_text())["edges"], 1)
        lines.write_text(json.dumps(edges))
        self.fill("--lines", lines, "--provenance", self.where)
        check_edge()
        self.assertEqual(json.loads((self.where / "report.json").read_text())["edges"], 0)

    def test_points(self):
        """Sources around a point that is not wanted are not copied."""
        self.count_sources()
        width = HOLE[2]
        _, offsets = read_npy(self.where / "offsets.npy")
        middle = HOLE[3] // 2 * width + width // 2
        x = HOLE[0] + middle % width + offsets[middle]
        y = HOLE[1] + middle // width + offsets[width * HOLE[3] + middle]
        self.steer.write_text(json.dumps({"not-this-one": [[x, y]], "radius": 10}))
        self.count_sources("--steer", self.steer)
        _, offsets = read_npy(self.where / "offsets.npy")
        for i in range(width * HOLE[3]):
            dx = HOLE[0] + i % width + offsets[i] - x
            dy = HOLE[1] + i // width + offsets[width * HOLE[3] + i] - y
            self.assertGreater(dx * dx + dy * dy, 100)

    def test_transforms(self):
        """What is copied is changed as it may be alone, the same by option and by file, and it is told."""
        # Blocks of colours at random: nothing goes on through the hole in one way alone.
        draw = random.Random(1)
        blocks = [[draw.randbytes(3) * 4 for _ in range(WIDTH // 4)] for _ in range(HEIGHT // 4)]
        write_png(self.photo, WIDTH, HEIGHT, 8, 3, [b"".join(blocks[y // 4]) for y in range(HEIGHT)])
        self.fill("--provenance", self.where)
        self.assertEqual(set(read_npy(self.where / "transforms.npy")[1]), {0})
        self.assertEqual(json.loads((self.where / "report.json").read_text())["mirrored"], 0)
        allowed = {"--turned": {0, 1, 2, 3}, "--mirrored": {0, 4}, "--scaled": {0, 8, 16}}
        for option, values in allowed.items():
            self.fill("--provenance", self.where, option)
            shape, transforms = read_npy(self.where / "transforms.npy")
            self.assertEqual(shape, (1, HOLE[3], HOLE[2]))
            self.assertTrue(values > {0} and set(transforms) <= values, option)
            report = json.loads((self.where / "report.json").read_text())
            share = sum(value != 0 for value in transforms) / len(transforms)
            self.assertGreater(share, 0)
            for kind in "turned", "mirrored", "scaled":
                self.assertAlmostEqual(report[kind], share if option == f"--{kind}" else 0, places=4)
            filled = self.out.read_bytes()
            self.steer.write_text(json.dumps({option[2:]: True}))
            self.fill("--steer", self.steer)
            self.assertEqual(self.out.read_bytes(), filled)
        for option in ("--scaled",), ("--variant", "1"):
            self.assertIn("at full resolution alone", self.fill(*option, "--detail", "off", code=1))

    def test_provenance(self):
        self.fill("--provenance", self.where, "--variant", "1")
        report = json.loads((self.where / "report.json").read_text())
        self.assertEqual((report["pixels"], report["copied"], report["invented"], report["variant"]),
                         (HOLE[2] * HOLE[3], 1, 0, 1))
        self.assertEqual(report["photo"], self.photo.name)
        self.assertNotIn(str(self.folder), json.dumps(report))
        self.assertAlmostEqual(sum(area["share"] for area in report["areas"]), 1, places=3)
        _, offsets = read_npy(self.where / "offsets.npy")
        width, height, depth, channels, rows = read_png(self.where / "offsets.png")
        self.assertEqual((width, height, depth, channels), (HOLE[2], HOLE[3], 16, 2))
        for i in range(width * height):
            drawn = struct.unpack_from(">HH", rows[i // width], 4 * (i % width))
            self.assertEqual([value - 32768 for value in drawn], [offsets[i], offsets[width * height + i]])
        for name in "weights", "invented", "correction", "trust":
            shape, values = read_npy(self.where / f"{name}.npy")
            self.assertEqual(shape[-2:], (HOLE[3], HOLE[2]))
            self.assertTrue(name != "trust" or 0 < min(values) < max(values) <= 1)

    def test_refused(self):
        everywhere = self.folder / "everywhere.png"
        make_mask(everywhere, WIDTH, HEIGHT, [(0, 0, WIDTH, HEIGHT)])
        small = self.folder / "small.png"
        make_mask(small, 64, 64, [(0, 0, 9, 9)])
        self.assertIn("nothing is left to copy", self.fill("--avoid", everywhere, code=1))
        self.assertIn("64×64", self.fill("--prefer", small, code=1))
        self.assertIn("name something", self.fill("--strength", "0.5", code=2))
        self.assertIn("from 0 to 1", self.fill("--prefer", self.area, "--strength", "1.1", code=2))
        self.assertIn("from 0 to 4", self.fill("--variant", "5", code=2))
        wrong = {"{": "does not steer", "[]": "no object", '{"aviod": []}': "“aviod” is unknown",
                 '{"avoid": [{"box": [1, 2, 3]}]}': "“avoid”: a list of 4 numbers", '{"avoid": [{"ring": [1, 2, 3]}]}': "an area is",
                 '{"lines": [[[1, 1], [9, 9]]]}': "does not cross", '{"lines": [[[1, 1]]]}': "two corners",
                 '{"lines": [[[100, 100], [900, 100]]]}': "leaves the photo", '{"strength": 2}': "“strength”", '{"more-of-this": [[1, 1e9]]}': "2 numbers",
                 '{"avoid": [{"box": [10, 10, 0, 5]}]}': "“avoid”: a box is wider", '{"variant": 1.5}': "“variant” is no whole",
                 '{"turned": 1}': "“turned” is neither", '{"prefer": [{"box": [10, 10, 5, -5]}]}': "“prefer”: a box is wider", '{"radius": -1}': "“radius”",
                 '{"avoid": [{"disc": [50, 50, -3]}]}': "“avoid”: the radius", '{"variant": 1} {"variant": 2}': "no plain JSON",
                 '{"avoid": [{"mask": "area.png\\u0000.jpg"}]}': "NUL"}
        # Just outside, where what is named has round corners or slants too; and between the middles of pixels.
        outside = [{"box": [WIDTH, 0, 5, 5]}, {"box": [0, -5, 5, 5]}, {"box": [1.6, 1, 0.5, 9]}, {"disc": [-9, -9, 10]},
                   {"polygon": [[-9, 0], [-1, 1], [-2, 90]]}]
        wrong |= {json.dumps({"avoid": [area]}): "“avoid”: an area covers no pixel" for area in outside}
        wrong['{"not-this-one": [[1000, 1000]]}'] = "“not-this-one”: an area covers no pixel"
        for text, says in wrong.items():
            self.steer.write_text(text)
            # Whether a line fits the photo and its mask the engine tells.
            code = 1 if "cross" in says or "leaves" in says else 2
            self.assertIn(says, self.fill("--steer", self.steer, code=code), text)
        self.assertFalse(self.out.exists())
        clipped = [{"box": [-5, -5, 10, 10]}, {"disc": [-7, -7, 10]}, {"disc": [3, 3, 0]},
                   {"polygon": [[0, 0], [1, 0], [0, 1]]}]
        self.steer.write_text(json.dumps({"avoid": clipped, "not-this-one": [[-1, 5]], "variant": 1.0}))
        self.fill("--steer", self.steer)

    def test_figure(self):
        starts = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}
        for suffix, start in starts.items():
            figure = self.folder / f"figure.{suffix}"
            self.run_lacuna("explain", self.photo, self.mask, "--point", "170,100", "-p", "155,95", "-o", figure)
            self.assertEqual(figure.read_bytes()[:len(start)], start)
            self.assertGreater(figure.stat().st_size, 5000)
        told = self.run_lacuna("explain", self.photo, self.mask, "--point", "10,10", "-o", self.out, code=1)
        self.assertIn("name points of one hole", told)
        told = self.run_lacuna("explain", self.photo, self.mask, "--point", "10;10", "-o", self.out, code=2)
        self.assertIn("is no point", told)

    def list_sources(self, point, *arguments):
        """As x, y, width, height and share; what is told of sums to no more than all, the strongest first."""
        self.run_lacuna("explain", self.photo, self.mask, "-p", "%d,%d" % point, "--json", "-o", self.folder / "figure.svg",
                        *arguments)
        [told] = json.loads(self.said)["points"]
        self.assertEqual((told["x"], told["y"]), point)
        sources = [tuple(source[name] for name in ("x", "y", "width", "height", "share")) for source in told["sources"]]
        shares = [source[4] for source in sources]
        self.assertEqual(shares, sorted(shares, reverse=True))
        self.assertTrue(1 <= len(shares) <= 5 and 0 < sum(shares) <= 1.0001, shares)
        return sources

    def list_grounds(self, figure):
        """The grounds of the labels in an SVG, as left, top, right and bottom; they alone are of that opacity."""
        grounds = []
        for path in re.findall("<path [^>]*>", figure.read_text()):
            if re.search(r"fill-opacity[:=]\"?0\.85\b", path):
                numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", re.search(r'\bd="([^"]*)"', path)[1])]
                grounds.append((min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])))
        return grounds

    def assert_apart(self, areas):
        for i, (left, top, right, bottom) in enumerate(areas):
            for other in areas[:i]:
                self.assertTrue(right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top, areas)

    def test_labels(self):
        """Each source has its share on a ground, none over another; where there is no room, no more are drawn."""
        figure = self.folder / "figure.svg"
        points = [word for x, y in ((155, 95), (170, 100), (172, 102), (180, 120)) for word in ("-p", f"{x},{y}")]
        self.run_lacuna("explain", self.photo, self.mask, *points, "--json", "-o", figure)
        n_sources = sum(len(point["sources"]) for point in json.loads(self.said)["points"])
        grounds = self.list_grounds(figure)
        self.assertEqual(len(grounds), n_sources)
        self.assert_apart(grounds)
        self.run_lacuna("explain", self.photo, self.mask, *points * 100, "-o", figure)
        many = self.list_grounds(figure)
        self.assertTrue(n_sources < len(many) < 100 * n_sources, len(many))
        self.assert_apart(many)

    def test_figure_of_choices(self):
        """What decides a fill decides its figure as well, and is refused alike."""
        def is_left(x, width):
            return x < LEFT[0] + LEFT[2] and x + width > LEFT[0]

        point = 170, 100
        free = self.list_sources(point)
        self.assertTrue(all(is_left(x, width) for x, _, width, _, _ in self.list_sources(point, "--prefer", self.area)))
        self.assertFalse(any(is_left(x, width) for x, _, width, _, _ in self.list_sources(point, "--avoid", self.area)))
        self.assertNotEqual(self.list_sources(point, "--variant", 2), free)
        beside = HOLE[0] - 4, 100
        self.assertIn("name points of one hole",
                      self.run_lacuna("explain", self.photo, self.mask, "-p", "%d,%d" % beside, "-o", self.out, code=1))
        self.list_sources(beside, "--grow", 6)
        for wrong in ("--grow", -1), ("--strength", 2), ("--variant", 9), ("--detail", "some"):
            told = [self.run_lacuna(*what, self.photo, self.mask, "-o", self.folder / "wrong.png", *wrong, code=2)
                    for what in (("explain", "-p", "170,100"), ("fill",))]
            self.assertEqual(*(line.splitlines()[0] for line in told))


unittest.main()
