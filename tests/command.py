#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line from outside: command.py LACUNA, the program to test. Python's standard library only."""
import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from png import make_chunk, make_mask, make_photo, read_png, write_png

LACUNA = sys.argv.pop(1)
# Not for the program: its codec's libraries would speak on standard error, where what Lacuna says is looked at.
SANITIZED = os.environ.pop("LACUNA_SANITIZED", None)
DATA = Path(os.environ["LACUNA_DATA"])
GOLDEN = Path(os.environ["G_TEST_SRCDIR"]) / "golden"
PATIENCE = 900  # seconds, for a machine that others use too, and sanitizers


def make_blank(path, width, height):
    write_png(path, width, height, 8, 1, [bytes(width)] * height, 9)


def read_weights(path):
    content = path.read_bytes()
    end = 8 + struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8:end]), bytearray(content[end:])


def write_weights(path, header, data):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_npy_shape(path):
    content = path.read_bytes()
    assert content[:8] == b"\x93NUMPY\x01\x00"
    end = 10 + struct.unpack("<H", content[8:10])[0]
    header = eval(content[10:end], {"__builtins__": {}})
    assert header["descr"] == "<f4" and not header["fortran_order"] and end % 64 == 0
    values = 1
    for size in header["shape"]:
        values *= size
    assert len(content) == end + 4 * values
    return header["shape"]


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lacuna-"))
        self.addCleanup(shutil.rmtree, self.folder)
        # libvips warns of damaged files.
        self.environment = {**os.environ, "XDG_DATA_HOME": str(self.folder / "data"), "LC_ALL": "C.UTF-8",
                            "G_DEBUG": "fatal-criticals"}
        self.photo, self.mask, self.out = (self.folder / name for name in ("photo.png", "mask.png", "out.png"))

    def run_lacuna(self, *arguments, code=0, **options):
        done = subprocess.run([LACUNA, *map(str, arguments)], env=self.environment, capture_output=True, text=True,
                              timeout=PATIENCE, **options)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        return done

    def assert_fails(self, *arguments, says, code=1, **options):
        """Fails with one line that says so, and leaves no output."""
        done = self.run_lacuna(*arguments, code=code, **options)
        lines = done.stderr.splitlines()
        if code == 2:
            self.assertRegex(lines.pop(), "^Try “lacuna.* --help”.$")
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertRegex(lines[0], "^lacuna: ")
        self.assertIn(says, lines[0])
        self.assertFalse(self.out.exists())
        self.assertEqual(list(self.folder.glob(".*")) + list(self.folder.glob("out*")), [])

    def make_small(self, width=128, height=96):
        make_photo(self.photo, width, height)
        make_mask(self.mask, width, height, [(50, 40, 20, 16)])

    def assert_only_hole_changed(self, boxes):
        before, after = read_png(self.photo), read_png(self.out)
        self.assertEqual(before[:4], after[:4])
        step = before[2] // 8 * 3
        changed = [0] * len(boxes)
        for y, (old, new) in enumerate(zip(before[4], after[4])):
            for i, (bx, by, bw, bh) in enumerate(boxes):
                if by <= y < by + bh:
                    hole = slice(bx * step, (bx + bw) * step)
                    changed[i] += old[hole] != new[hole]
                    new = new[:hole.start] + old[hole] + new[hole.stop:]
            self.assertEqual(old, new, f"known pixels of row {y}")
        self.assertEqual([count > 0 for count in changed], [True] * len(boxes))


class UseTest(CommandTest):
    def test_help(self):
        done = self.run_lacuna("--help")
        for command in "fill", "devices", "models", "import", "train", "eval", "bench", "tune":
            self.assertIn(f"  {command} ", done.stdout)
            self.assertIn("Example", self.run_lacuna(command, "--help").stdout)
        self.assertRegex(self.run_lacuna("--version").stdout, r"^lacuna \d+\.\d+\.\d+\n$")

    def test_window(self):
        """No argument starts the window's program, and files and folders do with them; what is neither command nor file is refused."""
        self.make_small()
        binary = self.folder / "lacuna"
        window = self.folder / "lacuna-window"
        shutil.copy(LACUNA, binary)
        window.write_text("#!/bin/sh\nprintf '%s\\n' window \"$@\"\n")
        window.chmod(0o755)

        def start(*arguments):
            return subprocess.run([binary, *arguments], env=self.environment, cwd=self.folder, capture_output=True,
                                  text=True)

        for arguments in [], ["photo.png"], ["photo.png", str(self.mask)], ["."]:
            done = start(*arguments)
            self.assertEqual((done.returncode, done.stdout.splitlines()), (0, ["window", *arguments]))
        for arguments, says in [(["none.jpg"], "no command or file “none.jpg”."),
                                (["photo.png", "none.jpg"], "no file “none.jpg”.")]:
            done = start(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(says, done.stderr)
        window.unlink()
        self.environment["PATH"] = ""
        done = start("photo.png")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("lacuna-window is not installed", done.stderr)

    def test_control_characters(self):
        """What a model calls itself does not command the terminal."""
        models = self.folder / "data/lacuna/models"
        models.mkdir(parents=True)
        header, data = read_weights(GOLDEN / "generator_tiny_oihw.safetensors")
        header["__metadata__"] = {"name": "\x1b[31mred\x07\u009b2J", "license": "\x1b]0;title\x07\ndefault\n  forged"}
        write_weights(models / "odd.safetensors", header, data)
        printed = self.run_lacuna("models").stdout
        self.assertIn("[31mred", printed)
        self.assertRegex(printed, r"\A[^\x00-\x08\x0b-\x1f\x7f-\x9f]*\Z")
        self.assertNotRegex(printed, r"(?m)^ *forged")
        titles = [model["title"] for model in json.loads(self.run_lacuna("models", "--json").stdout)]
        self.assertIn("\x1b[31mred\x07", [title[:9] for title in titles])

    def test_wrong_use(self):
        self.make_small()
        other = self.folder / "other"
        other.mkdir()
        shutil.copy(self.photo, other)
        for arguments, says in [
                (["frobnicate"], "frobnicate"),
                (["fill"], "photo and its mask"),
                (["fill", self.photo, "-o", self.out], "photo and its mask"),
                (["fill", self.photo, self.mask], "-o OUT"),
                (["fill", self.photo, self.mask, "-o", self.out, "--frobnicate"], "--frobnicate"),
                (["fill", self.photo, self.mask, self.photo, self.mask, "-o", self.out], "folder"),
                (["fill", self.photo, self.mask, other / "photo.png", self.mask, "-o", f"{self.out}/"], "Two results"),
                (["fill", self.photo, self.mask, "-o", f"{self.folder}/"], "overwritten"),
                (["fill", other, "-o", f"{self.out}/"], "--masks"),
                (["fill", "--masks", self.mask, "-o", f"{self.out}/"], "folder of photos"),
                (["fill", other, "--masks", self.mask, "-o", other], "overwritten"),
                (["fill", self.photo, self.photo, "--masks", self.mask, "-o", self.out], "folder"),
                (["fill", "-", "-", "-o", self.out], "once"),
                (["fill", "-", self.mask, "-o", f"{self.out}/"], "no name"),
                (["fill", self.photo, self.mask, other / "photo.png", self.mask, "-o", "-"], "one photo"),
                (["fill", self.photo, self.mask, "-o", "-", "--json"], "--json"),
                (["fill", self.photo, self.mask, "-o", self.out, "--patch", self.out], "Two results"),
                (["fill", self.photo, self.mask, "-o", self.out, "--patch", self.photo], "overwritten"),
                (["fill", self.photo, self.mask, "--patch", f"{self.out}.ora"], "-o OUT"),
                (["fill", self.photo, self.mask, self.photo, self.mask, "-o", f"{self.out}/", "--patch", "a.ora"],
                 "one photo"),
                (["fill", self.photo, self.mask, "-o", "-", "--explain"], "--explain"),
                (["devices", "all"], "all"),
                (["tune", "all"], "all"),
                (["models", "all"], "all"),
                (["models", "rename", "one"], "MODEL NAME"),
                (["models", "remove"], "MODEL"),
                (["models", "export", "default", self.out, "--precision", "fp8"], "fp8"),
                (["models", "export", GOLDEN / "gated_oihw.safetensors", GOLDEN / "gated_oihw.safetensors"], "overwritten"),
                (["train", other, "--name", "a", "--report", other / "photo.png"], "name of a photo"),
                (["import"], "file or a folder"),
                (["import", other, "more"], "more"),
                (["bench"], "generator"),
                (["bench", "generator", "--size", "100"], "multiple of 8"),
                (["bench", "generator", "--size", "64", "--runs", "0"], "run"),
                (["bench", "train", "--side", "60"], "multiple of 8"),
                (["bench", "train", "--width", "3"], "even"),
                (["bench", "train", "--profile", "--json"], "without --json"),
                (["eval"], "folder"),
                (["eval", other], "--masks"),
                (["eval", other, "--masks", other, "--detail", "maybe"], "maybe"),
                (["eval", other, "--masks", other, "--variant", "5"], "from 0 to 4"),
                (["eval", other, "--masks", other, "--variant", "1", "--detail", "off"], "in the detail alone"),
        ]:
            with self.subTest(arguments=arguments):
                before = self.photo.read_bytes()
                self.assert_fails(*arguments, code=2, says=says)
                self.assertEqual(self.photo.read_bytes(), before)

    def test_odd_names(self):
        """Names that are no UTF-8 are in JSON as they are shown, in what was done and in errors."""
        self.make_small()
        photo, mask, out, gone = (self.folder / os.fsdecode(name + b"\xff.png")
                                  for name in (b"photo", b"mask", b"filled", b"gone"))
        photo.write_bytes(self.photo.read_bytes())
        mask.write_bytes(self.mask.read_bytes())
        shown = {path: str(path).replace("\udcff", "\ufffd") for path in (photo, mask, out, gone)}
        tiny = GOLDEN / "generator_tiny_oihw.safetensors"
        fill, = json.loads(self.run_lacuna("fill", photo, mask, "-o", out, "-m", tiny, "--json").stdout)["fills"]
        self.assertEqual([fill[key] for key in ("photo", "mask", "output")], [shown[key] for key in (photo, mask, out)])
        for arguments in [gone, mask], [photo, gone], [photo, mask, "--avoid", gone], [photo, mask, "--steer", gone]:
            done = self.run_lacuna("fill", *arguments, "-o", out, "-m", tiny, "--json", code=1)
            fill, = json.loads(done.stdout)["fills"]
            self.assertIn(shown[gone], fill["error"])
            self.assertIn(shown[gone], done.stderr)
        models = self.folder / "data/lacuna/models"
        models.mkdir(parents=True)
        shutil.copy(tiny, models / os.fsdecode(b"odd\xff.safetensors"))
        self.assertIn("odd\ufffd", [model["name"] for model in json.loads(self.run_lacuna("models", "--json").stdout)])

    def test_closed_streams(self):
        """What can't be told or delivered is a failure, and no file that is opened becomes a standard stream."""
        self.make_small()
        fill = ["fill", self.photo, self.mask, "-m", GOLDEN / "generator_tiny_oihw.safetensors", "-o"]
        for arguments in ["models"], ["models", "--json"], ["devices", "--json"], ["--version"], [*fill, "-"], \
                [*fill, self.folder / "a.png", "--json"]:
            self.assert_fails(*arguments, says="Bad file descriptor", preexec_fn=lambda: os.close(1))
        self.run_lacuna(*fill, self.out, preexec_fn=lambda: os.closerange(0, 3))
        self.assert_only_hole_changed([(50, 40, 20, 16)])

    def test_devices(self):
        devices = json.loads(self.run_lacuna("devices", "--json").stdout)
        self.assertEqual([device["automatic"] for device in devices], [True] + [False] * (len(devices) - 1))
        for device in devices:
            self.assertIn(device["kind"], ["CPU", "GPU", "other"])
            self.assertGreater(device["compute_units"], 0)
            self.assertIn(device["name"], self.run_lacuna("devices").stdout)

    def test_no_platform(self):
        self.make_small()
        self.environment["OCL_ICD_VENDORS"] = "/nonexistent"
        self.assert_fails("devices", says="pocl-opencl-icd")
        self.assert_fails("fill", self.photo, self.mask, "-o", self.out, says="pocl-opencl-icd")

    def test_models(self):
        models = json.loads(self.run_lacuna("models", "--json").stdout)
        self.assertEqual(models[0]["name"], "default")
        self.assertTrue(models[0]["installed"])
        self.assertGreaterEqual(models[0]["width"], 4)
        self.assertIn("default", self.run_lacuna("models").stdout)

    def test_import(self):
        """A model comes from the authors' checkpoint, fills, is given on, gets a name, goes and comes back."""
        self.make_small()
        done = json.loads(self.run_lacuna("import", GOLDEN / "generator", "--name", "places", "--json").stdout)
        self.assertEqual((done["name"], done["notes"]), ("places", []))
        header, _ = read_weights(Path(done["path"]))
        self.assertEqual(header["__metadata__"]["channels"], "BGR")
        self.assertIn("even rows", self.run_lacuna("import", GOLDEN / "gen_daa233_tiny.pt").stdout)
        self.run_lacuna("fill", self.photo, self.mask, "-o", self.folder / "filled.png", "--model", "places")

        self.run_lacuna("models", "export", "places", self.folder / "given.safetensors", "--precision", "fp16")
        header, _ = read_weights(self.folder / "given.safetensors")
        self.assertEqual(header["__metadata__"]["channels"], "RGB")
        self.assertEqual({entry["dtype"] for name, entry in header.items() if name != "__metadata__"}, {"F16"})

        def names():
            return [model["name"] for model in json.loads(self.run_lacuna("models", "--json").stdout)]

        self.run_lacuna("models", "rename", "places", "meadows")
        self.assertIn("meadows", names())
        self.run_lacuna("models", "remove", "meadows")
        self.assertNotIn("meadows", names())
        self.assert_fails("models", "remove", "meadows", says="no model “meadows”")
        self.run_lacuna("models", "restore", "meadows")
        self.assertIn("meadows", names())
        self.assert_fails("models", "restore", "meadows", says="another one")
        self.assert_fails("models", "remove", "default", says="came with the program")
        self.assert_fails("import", GOLDEN / "generator", "--name", "meadows", says="already")
        self.assert_fails("import", GOLDEN / "official" / "places2.index", says="“places2.data-00000-of-00001”")
        self.assert_fails("import", GOLDEN / "official" / "v2-places2.index", says="“v2-places2.data-00000-of-00001”")
        self.assert_fails("import", self.photo, says="neither a safetensors file")
        self.assert_fails("import", self.folder / "none.pt", says="No such file")

    def test_gated(self):
        """A model of gated convolutions is listed as what it is and fills like any other, but can't learn."""
        self.make_small()
        stages, photos = self.folder / "stages", self.folder / "photos"
        photos.mkdir()
        make_photo(photos / "0.png", 140, 130)
        self.run_lacuna("import", GOLDEN / "gated_oihw.safetensors", "--name", "gated")
        models = {model["name"]: model for model in json.loads(self.run_lacuna("models", "--json").stdout)}
        self.assertEqual([models[name]["architecture"] for name in ("default", "gated")], ["deepfill-v1", "deepfill-v2"])
        self.assertEqual(models["gated"]["width"], 8)
        self.run_lacuna("fill", self.photo, self.mask, "-o", self.folder / "filled.png", "--model", "gated", "--stages",
                        stages)
        self.assertTrue({"0-attention.npy", "0-flow.png", "0-detail.png"} <= {path.name for path in stages.iterdir()})
        done = self.run_lacuna("train", photos, "--base", "gated", "--name", "more", "--steps", 1, code=1)
        self.assertIn("“gated” has gated convolutions", done.stderr)


class FillTest(CommandTest):
    def test_sample(self):
        sample = DATA / "samples" / "golden-eagle.jpg"
        out = self.folder / "out.jpg"
        done = self.run_lacuna("fill", sample, sample.with_suffix(".mask.png"), "-o", out, "--json")
        fill, = json.loads(done.stdout)["fills"]
        self.assertEqual(done.stderr, "")
        self.assertEqual(fill["output"], str(out))
        self.assertEqual(fill["model"], str(DATA / "models" / "default.safetensors"))
        self.assertGreater(fill["seconds"], 0)
        self.assertGreater(len(fill["regions"]), 0)
        self.assertEqual(out.read_bytes()[:3], b"\xff\xd8\xff")
        self.assertNotEqual(out.read_bytes(), sample.read_bytes())

    def test_three_holes(self):
        boxes = [(60, 80, 90, 70), (700, 100, 40, 200), (420, 560, 150, 33)]
        make_mask(self.mask, 1000, 750, boxes)
        for depth in 8, 16:
            with self.subTest(depth=depth):
                make_photo(self.photo, 1000, 750, depth)
                self.run_lacuna("fill", self.photo, self.mask, "-o", self.out)
                self.assertEqual(read_png(self.out)[2], depth)
                self.assert_only_hole_changed(boxes)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["mask.png", "out.png", "photo.png"])

    def test_several(self):
        self.make_small()
        other = self.folder / "other.png"
        shutil.copy(self.photo, other)
        broken = self.folder / "broken.png"
        broken.write_bytes(b"broken")
        done = self.run_lacuna("fill", self.photo, self.mask, broken, self.mask, other, self.mask,
                               "-o", f"{self.folder}/new/filled/", "--json", code=1)
        self.assertEqual([("error" in fill) for fill in json.loads(done.stdout)["fills"]], [False, True, False])
        self.assertEqual(sorted(path.name for path in (self.folder / "new" / "filled").iterdir()),
                         ["other.png", "photo.png"])

    def make_folder(self):
        """Photos with masks, one without, one that the mask doesn't fit, and what is no photo."""
        photos, masks = self.folder / "photos", self.folder / "masks"
        for folder in photos, masks, photos / "inner":
            folder.mkdir()
        for name in "a", "b", "bare", "inner/c":
            make_photo(photos / f"{name}.png", 128, 96)
        make_photo(photos / "wide.png", 160, 96)
        (photos / "notes.txt").write_text("no photo")
        for name in "a", "b", "wide":
            make_mask(masks / f"{name}.png", 128, 96, [(50, 40, 20, 16)])
        return photos, masks, self.folder / "filled"

    def assert_filled(self, photos, filled, names, boxes):
        self.assertEqual(sorted(path.name for path in filled.iterdir()), names)
        for name in names:
            self.photo, self.out = photos / name, filled / name
            self.assert_only_hole_changed(boxes)
        shutil.rmtree(filled)

    def test_folder(self):
        """Each photo of a folder with the mask of its name; of named ones, one without a mask is a failure."""
        photos, masks, filled = self.make_folder()
        before = {path: path.read_bytes() for path in self.folder.rglob("*.*")}
        done = self.run_lacuna("fill", photos, "--masks", masks, "-o", filled, "--json", code=1)
        fills = json.loads(done.stdout)["fills"]
        self.assertEqual([Path(fill["photo"]).name for fill in fills], ["a.png", "b.png", "bare.png", "wide.png"])
        self.assertEqual(["error" in fill for fill in fills], [False, False, True, True])
        self.assertIn("bare.png” has no mask", done.stderr)
        self.assertIn("160", done.stderr)
        self.assert_filled(photos, filled, ["a.png", "b.png"], [(50, 40, 20, 16)])
        (photos / "wide.png").unlink()
        self.run_lacuna("fill", photos, "--masks", masks, "-o", filled)
        self.assert_filled(photos, filled, ["a.png", "b.png"], [(50, 40, 20, 16)])
        done = self.run_lacuna("fill", photos / "bare.png", photos / "b.png", "--masks", masks, "-o", f"{filled}/", code=1)
        self.assertIn("bare.png” has no mask", done.stderr)
        self.assert_filled(photos, filled, ["b.png"], [(50, 40, 20, 16)])
        self.assert_fails("fill", photos / "inner", "--masks", masks, "-o", filled, says="for a.jpg that is a.png")
        self.assert_fails("fill", photos, "--masks", self.folder / "none", "-o", filled, says="/none”")
        for path, content in before.items():
            self.assertTrue(path.name == "wide.png" or path.read_bytes() == content)

    def test_one_mask(self):
        """One mask for all photos: one of another size fails alone."""
        photos, masks, filled = self.make_folder()
        boxes = [(10, 20, 30, 12)]
        make_mask(photos / "mask.png", 128, 96, boxes)
        done = self.run_lacuna("fill", photos, "--masks", photos / "mask.png", "-o", filled, code=1)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn("wide.png", done.stderr)
        self.assert_filled(photos, filled, ["a.png", "b.png", "bare.png"], boxes)
        self.run_lacuna("fill", photos / "a.png", photos / "inner/c.png", "--masks", photos / "mask.png", "-o", f"{filled}/")
        self.assertEqual(sorted(path.name for path in filled.iterdir()), ["a.png", "c.png"])

    def pipe(self, *arguments, code=0, **options):
        done = subprocess.run([LACUNA, "fill", *map(str, arguments)], env=self.environment, capture_output=True,
                              timeout=PATIENCE, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_pipe(self):
        """Through standard input and output a photo becomes what it becomes through files."""
        sample = DATA / "samples" / "golden-eagle.jpg"
        mask = sample.with_suffix(".mask.png")
        out = self.folder / "out.jpg"
        self.run_lacuna("fill", sample, mask, "-o", out)
        for arguments, content in [(["-", mask], sample), ([sample, "-"], mask), ([sample, "--masks", "-"], mask)]:
            process = self.pipe(*arguments, "-o", "-", input=content.read_bytes())
            self.assertEqual((process.stdout == out.read_bytes(), process.stderr), (True, b""))
        self.make_small()
        with self.photo.open("rb") as file:
            self.pipe("-", self.mask, "-o", self.out, stdin=file)
        self.assert_only_hole_changed([(50, 40, 20, 16)])

    def test_pipe_other_format(self):
        """What can be read but not saved goes out as a PNG."""
        self.make_small()
        gif = self.folder / "photo.gif"
        subprocess.run(["convert", self.photo, gif], check=True)
        self.out.write_bytes(self.pipe("-", self.mask, "-o", "-", input=gif.read_bytes()).stdout)
        self.assertEqual(read_png(self.out)[:4], (128, 96, 8, 3))

    def test_bad_pipe(self):
        self.make_small()
        cut = self.photo.read_bytes()[:-2000]
        for content, says in (b"", "“standard input” is empty"), (b"no photo", "“standard input”"), (cut, "damaged"):
            done = self.pipe("-", self.mask, "-o", "-", input=content, code=1)
            self.assertEqual(done.stdout, b"")
            self.assertIn(says, done.stderr.decode())
            self.assertNotRegex(done.stderr.decode(), "(?i)vips|png:|spng|libpng")
        with open("/dev/zero", "rb") as endless:
            done = self.pipe("-", self.mask, "-o", "-", stdin=endless, code=1)
        self.assertIn("1 GiB", done.stderr.decode())
        if Path("/dev/full").exists():
            with open("/dev/full", "wb") as full:
                done = subprocess.run([LACUNA, "fill", self.photo, self.mask, "-o", "-"], env=self.environment,
                                      stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("Standard output can't be written", done.stderr)
        terminal, other_end = os.openpty()
        done = subprocess.run([LACUNA, "fill", self.photo, self.mask, "-o", "-"], env=self.environment, stdout=other_end,
                              stderr=subprocess.PIPE, text=True)
        os.close(terminal)
        os.close(other_end)
        self.assertEqual(done.returncode, 2)
        self.assertIn("terminal", done.stderr)

    def test_in_place(self):
        """The photo, or its mask, is overwritten only where that is wanted, by whatever name it is called."""
        self.make_small()
        before, mask = self.photo.read_bytes(), self.mask.read_bytes()
        for name, target in ("link.png", self.photo), ("mask-link.png", self.mask):
            (self.folder / name).symlink_to(target)
        hard = self.folder / "hard.png"
        hard.hardlink_to(self.photo)
        for out in self.photo, self.mask, self.folder / "link.png", self.folder / "mask-link.png", hard:
            self.assert_fails("fill", self.photo, self.mask, "-o", out, says="--force", code=2)
        self.assertEqual((self.photo.read_bytes(), self.mask.read_bytes()), (before, mask))
        hard.unlink()
        self.photo.chmod(0o600)
        self.run_lacuna("fill", self.photo, self.mask, "-o", self.folder / "link.png", "--force")
        self.assertNotEqual(self.photo.read_bytes(), before)
        self.assertEqual(self.photo.stat().st_mode & 0o777, 0o600)
        self.assertTrue((self.folder / "link.png").is_symlink())

    def assert_kept(self, says, *arguments):
        """Is refused, and changes no file."""
        before = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        self.assert_fails(*arguments, says=says, code=2)
        self.assertEqual({path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}, before)

    def test_inputs(self):
        """Nothing that is read is overwritten, whatever option names it, and nothing is written twice."""
        self.make_small()
        exports, area, steer, lines = (self.folder / name for name in ("exports", "area.png", "steer.png", "lines.png"))
        shutil.copy(self.mask, area)
        (self.folder / "link.png").symlink_to(area)
        steer.write_text(json.dumps({"prefer": [{"mask": area.name}]}))
        lines.write_text("[]")
        fill = ["fill", self.photo, self.mask, "-o"]
        for out, option, name in [(area, "--avoid", area), (self.folder / "link.png", "--prefer", area),
                                  (steer, "--steer", steer), (area, "--steer", steer), (lines, "--lines", lines)]:
            self.assert_kept("overwritten", *fill, out, option, name)
            self.assert_kept("overwritten", *fill, self.out, "--patch", out, option, name)
        exports.mkdir()
        for option, name in ("--stages", "0-refined.png"), ("--provenance", "trust.png"):
            shutil.copy(self.photo, exports / name)
            self.assert_kept("overwritten", "fill", exports / name, self.mask, "-o", self.out, option, exports)
            self.assert_kept("overwritten", "fill", self.photo, exports / name, "-o", self.out, option, exports)
        self.assert_kept("overwritten", "explain", self.photo, self.mask, "-o", self.mask)
        shutil.rmtree(exports)
        options = ["-m", GOLDEN / "generator_tiny_oihw.safetensors", "--stages", exports, "--provenance", exports]
        self.run_lacuna(*fill, area, "--avoid", area, "--force", *options)
        names = sorted(path.name for path in exports.iterdir())
        self.assertEqual(len(names), 19)
        shutil.rmtree(exports)
        for name in names:
            self.assert_kept("Two results", *fill, exports / name, *options)
        self.assert_kept("Two results", *fill, exports, *options)

    def test_failed_exports(self):
        """A fill that can't be written leaves nothing in the folders beside it, and none that it made."""
        self.make_small(512, 384)
        old = self.folder / "old"
        old.mkdir()
        (old / "notes.txt").write_text("kept")
        (old / "report.json").symlink_to("notes.txt")
        tiny = GOLDEN / "generator_tiny_oihw.safetensors"
        self.run_lacuna("fill", self.photo, self.mask, "-o", self.folder / "warm.png", "-m", tiny)
        before = sorted(self.folder.rglob("*"))
        for option, folder in [("--provenance", old), ("--provenance", self.folder / "new/where"),
                               ("--stages", self.folder / "new/stages")]:
            self.assert_fails("fill", self.photo, self.mask, "-o", f"{self.out}/", "-m", tiny, option, folder,
                              says="File too large", restore_signals=False,
                              preexec_fn=lambda: resource.setrlimit(
                                  resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1])))
            self.assertEqual(sorted(self.folder.rglob("*")), before)

    def test_mask_kinds(self):
        """What is understood of a mask is said, in words and JSON; a photo is refused, and operands that are swapped."""
        make_photo(self.photo, 128, 96)
        rows = [bytes(128) for _ in range(96)]
        for y in range(40, 56):
            rows[y] = bytes(50) + b"\1" * 20 + bytes(58)
        write_png(self.mask, 128, 96, 8, 1, rows)
        done = self.run_lacuna("fill", self.photo, self.mask, "-o", self.out, "--json")
        self.assertIn("two colours", done.stderr)
        fill, = json.loads(done.stdout)["fills"]
        self.assertIn("two colours", fill["notes"][0])
        self.assert_only_hole_changed([(50, 40, 20, 16)])
        self.out.unlink()
        other = self.folder / "other.png"
        make_photo(other, 128, 96)
        make_mask(self.mask, 128, 96, [(50, 40, 20, 16)])
        self.assert_fails("fill", self.photo, other, "-o", self.out, says="other.png")
        self.assert_fails("fill", self.mask, self.photo, "-o", self.out, says="photo.png")

    def test_before_the_fill(self):
        """An output that can't be is refused before a device is asked for."""
        make_photo(self.photo, 16400, 16)
        make_mask(self.mask, 16400, 16, [(50, 4, 20, 8)])
        protected = self.folder / "protected.png"
        protected.write_bytes(b"old")
        protected.chmod(0o444)
        for out, says in [(self.folder / "out.webp", "16383"), (self.folder / "out.xyz", "suffix"),
                          (self.folder / "none" / "out.png", "none"), (protected, "write-protected"),
                          (self.folder / ("x" * 252 + ".png"), "shorter"), (f"{protected}/", "protected.png")]:
            with self.subTest(out=out):
                self.assert_fails("fill", self.photo, self.mask, "-o", out, "--device", "none such", says=says)
        self.assert_fails("fill", self.photo, self.mask, "-o", self.out, "--stages", protected, "--device", "none such",
                          says="protected.png")
        self.assertEqual(protected.read_bytes(), b"old")

    def test_stages(self):
        self.make_small()
        stages = self.folder / "stages"
        self.run_lacuna("fill", self.photo, self.mask, "-o", self.out, "--stages", stages)
        filled = self.out.read_bytes()
        self.run_lacuna("fill", self.photo, self.mask, "-o", self.out, "--force")
        self.assertEqual(self.out.read_bytes(), filled)
        window = json.loads((stages / "0-window.json").read_text())
        width, height = window["width"], window["height"]
        queries = window["grid"]["width"] * window["grid"]["height"]
        self.assertEqual((window["box"]["width"] * window["scale"], window["box"]["height"] * window["scale"]),
                         (width, height))
        self.assertEqual(queries, width * height // 64)
        self.assertIn("default", window["model"])
        self.assertEqual(read_npy_shape(stages / "0-input.npy"), (5, height, width))
        self.assertEqual(read_npy_shape(stages / "0-coarse.npy"), (3, height, width))
        self.assertEqual(read_npy_shape(stages / "0-refined.npy"), (3, height, width))
        self.assertEqual(read_npy_shape(stages / "0-attention.npy"), (queries, queries))
        for name in "coarse", "refined", "flow":
            self.assertEqual(read_png(stages / f"0-{name}.png")[:4], (width, height, 8, 3))
        hole = window["hole"]["width"], window["hole"]["height"]
        self.assertEqual(read_npy_shape(stages / "0-offsets.npy"), (2, *hole[::-1]))
        self.assertEqual(read_png(stages / "0-detail.png")[:4], (*hole, 8, 3))

    def test_grow(self):
        make_photo(self.photo, 128, 96)
        make_mask(self.mask, 128, 96, [(50, 40, 20, 16)])
        done = self.run_lacuna("fill", self.photo, self.mask, "-o", self.out, "--grow", 4, "--explain")
        self.assertIn("window 1 of 1", done.stdout)
        self.assert_only_hole_changed([(46, 36, 28, 24)])
        old, new = (read_png(path)[4][38] for path in (self.photo, self.out))
        self.assertNotEqual(old, new)
        self.out.unlink()
        self.assert_fails("fill", self.photo, self.mask, "-o", self.out, "--grow", "-1", says="--grow", code=2)

    def test_explain(self):
        make_photo(self.photo, 2400, 160)
        make_mask(self.mask, 2400, 160, [(20, 120, 2360, 3), (400, 10, 20, 16)])
        # No device is asked for what can be told without one.
        plan = self.run_lacuna("fill", self.photo, self.mask, "--explain", "--json", "-d", "none such").stdout
        regions = json.loads(plan)["fills"][0]["regions"]
        self.assertEqual({region["reason"] for region in regions}, {"compact", "chain"})
        self.assertEqual(sum(region["network_pixels"] for region in regions),
                         sum(region["width"] * region["height"] for region in regions))
        self.assertGreaterEqual(sum(region["detail_pixels"] for region in regions), 2360 * 3 + 20 * 16)
        said = self.run_lacuna("fill", self.photo, self.mask, "--explain").stdout
        self.assertIn(f"window {len(regions)} of {len(regions)}", said)
        self.assert_fails("fill", self.photo, self.mask, says="-o OUT", code=2)

    def test_note(self):
        """What is left out of a file is said, in both ways; nothing is where nothing was."""
        self.make_small()
        done = self.run_lacuna("fill", self.photo, self.mask, "--explain", "--json")
        self.assertEqual((json.loads(done.stdout)["fills"][0]["notes"], done.stderr), ([], ""))
        content = self.photo.read_bytes()
        self.photo.write_bytes(content[:33] + make_chunk(b"acTL", struct.pack(">II", 2, 0)) + content[33:])
        done = self.run_lacuna("fill", self.photo, self.mask, "--explain", "--json")
        self.assertIn("animated", json.loads(done.stdout)["fills"][0]["notes"][0])
        self.assertIn("animated", done.stderr)
        make_photo(self.photo, 128, 96, depth=16)
        for suffix, says in (("webp", ["rounded to 8 bits"]), ("png", [])):
            done = self.run_lacuna("fill", self.photo, self.mask, "-o", self.folder / f"out.{suffix}", "--json")
            notes = json.loads(done.stdout)["fills"][0]["notes"]
            self.assertEqual(len(notes), len(says))
            for note, words in zip(notes, says):
                self.assertIn(words, note)
                self.assertIn(note, done.stderr)

    @unittest.skipIf(SANITIZED, "AddressSanitizer takes terabytes of address space")
    def test_large(self):
        """25 megapixels are read and planned in a quarter of the 4 GiB that 100 may take."""
        photo, mask, limit = self.folder / "large.tif", self.folder / "large.png", 1 << 30
        for path, bands in (photo, 3), (mask, 1):
            empty = self.folder / f"{bands}.v"
            subprocess.run(["vips", "black", empty, "5000", "5000", "--bands", str(bands)], check=True)
            subprocess.run(["vips", "draw_rect", empty, "255", "2000", "3000", "60", "50", "--fill"], check=True)
            subprocess.run(["vips", "copy", empty, f"{path}[tile,compression=deflate]" if bands == 3 else path],
                           check=True)
            empty.unlink()
        # Each thread takes address space of its own.
        self.environment["VIPS_CONCURRENCY"] = "2"
        done = self.run_lacuna("fill", photo, mask, "--explain",
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        self.assertIn("window 1 of 1", done.stdout)

    def test_without_detail(self):
        self.make_small()
        stages = self.folder / "stages"
        self.assert_fails("fill", self.photo, self.mask, "-o", self.out, "--detail", "some", says="--detail", code=2)
        self.run_lacuna("fill", self.photo, self.mask, "-o", self.out, "--stages", stages, "--detail", "off")
        self.assertTrue((stages / "0-refined.png").exists())
        self.assertFalse((stages / "0-detail.png").exists())

    def test_interrupt(self):
        make_photo(self.photo, 1000, 750)
        make_mask(self.mask, 1000, 750, [(300, 200, 300, 300)])
        process = subprocess.Popen([LACUNA, "fill", self.photo, self.mask, "-o", self.out], env=self.environment,
                                   stderr=subprocess.PIPE, text=True)
        # For as long as a thread is made, all signals are blocked: only what lasts is the program's own doing.
        n_blocked = 0
        while n_blocked < 50:
            status = Path(f"/proc/{process.pid}/status").read_text()
            blocked = int(status.split("SigBlk:")[1].split()[0], 16) >> (signal.SIGINT - 1) & 1
            n_blocked = n_blocked + 1 if blocked else 0
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        _, message = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertRegex(message, "^lacuna: .*cancelled")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["mask.png", "photo.png"])


class TrainTest(CommandTest):
    """A small network of random weights, so that steps are short."""

    def setUp(self):
        super().setUp()
        self.photos = self.folder / "photos"
        self.photos.mkdir()
        for i in range(4):
            make_photo(self.photos / f"{i}.png", 80 + i, 64)
        self.before = self.read_photos()
        self.state = self.folder / "data/lacuna/training/small/state.safetensors"
        self.arguments = [self.photos, "--base", "none", "--width", "4", "--side", "32", "--batch", "1", "--name", "small"]

    def read_photos(self):
        return {path.name: path.read_bytes() for path in self.photos.iterdir()}

    def train(self, *arguments):
        return subprocess.Popen([LACUNA, "train", *map(str, arguments), "--json"], env=self.environment,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def read_step(self):
        return json.loads(read_weights(self.state)[0]["__metadata__"]["progress"])["step"]

    def test_killed(self):
        """However often it is killed: what the last snapshot holds is there, and it goes on to its end."""
        step, arguments = 0, self.arguments + ["--steps", 2000]  # that take a fast machine longer than what follows
        for seconds in 0.4, 1.1:
            process = self.train(*arguments)
            for line in process.stdout:
                if json.loads(line)["step"] > step:
                    break
            time.sleep(seconds)
            process.kill()
            process.communicate()
            self.assertGreaterEqual(self.read_step(), step)
            step, arguments = self.read_step(), ["--resume", "--name", "small"]
        process = self.train(*arguments)
        result = json.loads(process.communicate(timeout=PATIENCE)[0].splitlines()[-1])
        self.assertEqual((process.returncode, result["outcome"], result["step"]), (0, "kept", 2000))
        self.assertLess(result["l1_after"], result["l1_before"])
        self.assertEqual(self.read_photos(), self.before)
        names = [model["name"] for model in json.loads(self.run_lacuna("models", "--json").stdout)]
        self.assertIn("small", names)

    def test_paused(self):
        """Ctrl+C writes a snapshot; what follows is what would have followed without it."""
        def get_losses(lines):
            return {report["step"]: report["l1"] for report in map(json.loads, lines) if "l1" in report}

        whole = self.train(*self.arguments, "--steps", 200)
        expected = get_losses(whole.communicate(timeout=PATIENCE)[0].splitlines())
        shutil.rmtree(self.folder / "data")
        process = self.train(*self.arguments, "--steps", 200)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if json.loads(line)["step"] == 5:
                process.send_signal(signal.SIGINT)
                break
        lines += process.communicate(timeout=PATIENCE)[0].splitlines()
        self.assertEqual((process.returncode, json.loads(lines[-1])["outcome"]), (-signal.SIGINT, "paused"))
        # The name that a snapshot bears is not trusted: paths are made of names.
        header, data = read_weights(self.state)
        progress = {**json.loads(header["__metadata__"]["progress"]), "name": "../evil"}
        header["__metadata__"]["progress"] = json.dumps(progress)
        write_weights(self.state, header, data)
        report = self.folder / "report.jsonl"
        report.write_text("before\n")
        resumed = self.train("--resume", "--name", "small", "--report", report)
        got = {**get_losses(lines), **get_losses(resumed.communicate(timeout=PATIENCE)[0].splitlines())}
        self.assertEqual(got, expected)
        before, *told = report.read_text().splitlines()
        self.assertEqual(before, "before")
        self.assertEqual(json.loads(told[-1])["step"], 200)
        self.assertEqual(list(self.folder.rglob("evil*")), [])

    def test_hyperparameters(self):
        """Each can be set by the name under which it is listed, within its range."""
        listed = self.run_lacuna("train", "--set", "help", "--set", "rate=0.5").stdout
        names = [line.split()[0] for line in listed.splitlines()]
        self.assertIn("average_decay", names)
        self.assertRegex(self.run_lacuna("train", "--set", "help", "--preset", "thorough").stdout, "(?m)^steps +20000 ")
        for wrong, says in (("side=31", "from 32 to 512"), ("side=64.5", "whole number"), ("rate=fast", "rate=VALUE"),
                            ("rate", "rate=VALUE"), ("speed=1", "speed")):
            self.assert_fails("train", self.photos, "--name", "a", "--set", wrong, says=says, code=2)

    def test_held_out_and_report(self):
        """The folder named judges alone; the report has a line for each look and one of the result."""
        judges, report = self.folder / "judges", self.folder / "report.jsonl"
        judges.mkdir()
        for i in range(3):
            make_photo(judges / f"{i}.png", 64, 90 + i)
        steps = ["--set", "steps=20", "--set", "evaluate_every=10", "--set", "average_decay=0"]
        process = self.train(*self.arguments, *steps, "--held-out", judges, "--report", report)
        result = json.loads(process.communicate(timeout=PATIENCE)[0].splitlines()[-1])
        self.assertEqual((result["photos"], result["held_out"]), (4, 3))
        lines = [json.loads(line) for line in report.read_text().splitlines()]
        self.assertEqual([line["step"] for line in lines if "held_out_l1" in line], [0, 10, 20])
        self.assertEqual(lines[-1], result)
        self.assert_fails("train", self.photos, "--side", "32", "--name", "b", "--report", self.folder / "no/such",
                          says="can't be written")
        self.assert_fails("train", "--resume", "--name", "small", "--held-out", judges, says="new training", code=2)
        self.assert_fails("train", "--resume", "--name", "small", "--set", "side=64", says="new training", code=2)

    def test_parent(self):
        """A model may be given away: it tells what it was made from by its file's name, and no folders."""
        process = self.train(self.photos, "--base", GOLDEN / "generator_tiny_oihw.safetensors", "--side", "32", "--batch", "1",
                             "--steps", "60", "--set", "evaluate_every=5", "--set", "average_decay=0.5", "--set", "rate=1e-3",
                             "--name", "small")
        self.assertEqual(json.loads(process.communicate(timeout=PATIENCE)[0].splitlines()[-1])["outcome"], "kept")
        header, _ = read_weights(self.folder / "data" / "lacuna" / "models" / "small.safetensors")
        self.assertEqual(header["__metadata__"]["parent"], "generator_tiny_oihw.safetensors")

    def test_one_photo(self):
        """Judged by what it learnt from, it says so; what was left out is told with the reason."""
        for path in list(self.photos.iterdir())[1:]:
            path.unlink()
        (self.photos / "broken.png").write_bytes(b"no photo")
        process = self.train(*self.arguments, "--steps", 2, "--report", "/dev/full")
        out, error = process.communicate(timeout=PATIENCE)
        result = json.loads(out.splitlines()[-1])
        self.assertEqual((result["photos"], result["held_out"], result["held_out_is_learnt"]), (1, 1, True))
        self.assertEqual([Path(left["file"]).name for left in result["skipped"]], ["broken.png"])
        self.assertIn("broken.png", error)
        self.assertIn(result["skipped"][0]["reason"], error)
        self.assertIn("one photo alone", error)
        self.assertEqual(error.count("/dev/full"), 1, "the report is given up once")

    def test_interrupted_early(self):
        """Ctrl+C while the kernels are built for the first time is heeded at once, and a name is one training's."""
        self.environment["POCL_CACHE_DIR"] = self.environment["XDG_CACHE_HOME"] = str(self.folder / "cache")
        process = self.train(*self.arguments, "--steps", 40)
        for line in process.stdout:
            if json.loads(line)["phase"] == "preparing":
                break
        self.assert_fails("train", self.photos, "--name", "small", says="goes on already")
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        lines = process.communicate(timeout=60)[0].splitlines()
        self.assertLess(time.monotonic() - start, 10)
        self.assertEqual((process.returncode, json.loads(lines[-1])["outcome"]), (-signal.SIGINT, "paused"))
        self.assertEqual(list(self.folder.glob("data/lacuna/training/**/*.safetensors")), [])

    def test_refused(self):
        empty = self.folder / "empty"
        empty.mkdir()
        self.assert_fails("train", empty, "--name", "a", says="no photo to learn from")
        self.assert_fails("train", self.photos, "--side", "32", "--name", "a", "--base", "nothing",
                          says="There is no model “nothing”")
        self.assert_fails("train", self.photos, "--name", "default", says="came with the program")
        self.assert_fails("train", "--resume", "--name", "a", says="There is no snapshot")


class BadInputTest(CommandTest):
    def assert_refused(self, says, photo=None, mask=None, out=None, code=1, **options):
        self.assert_fails("fill", photo or self.photo, mask or self.mask, "-o", out or self.out,
                          *options.pop("arguments", []), says=says, code=code, **options)

    def test_photos(self):
        self.make_small()
        sample = (DATA / "samples" / "golden-eagle.jpg").read_bytes()
        bad = self.folder / "bad.png"
        self.assert_refused("nonexistent", photo="/nonexistent.jpg")
        self.assert_refused("folder", photo=self.folder)
        for content in b"", b"no photo at all", sample[:len(sample) // 2], self.photo.read_bytes()[:-2000]:
            bad.write_bytes(content)
            self.assert_refused("bad.png", photo=bad)
            self.assert_refused("bad.png", mask=bad)
        bad.write_bytes(sample[:len(sample) // 2])
        self.assert_refused("it ends too early", photo=bad)
        make_photo(bad, 128, 15)
        self.assert_refused("15", photo=bad)
        write_png(bad, 30000, 30000, 8, 3, [])
        self.assert_refused("30000", photo=bad)

    def test_masks(self):
        self.make_small()
        bad = self.folder / "bad.png"
        self.assert_refused("nonexistent", mask="/nonexistent.png")
        make_mask(bad, 128, 97, [(50, 40, 20, 16)])
        self.assert_refused("128", mask=bad)
        make_mask(bad, 128, 96, [(0, 0, 128, 96)])
        self.assert_refused("photo.png", mask=bad)
        make_mask(bad, 128, 96, [])
        self.assert_refused("photo.png", mask=bad, code=0)

    def test_outputs(self):
        self.make_small()
        self.assert_refused("out.png", out=self.mask / "out.png")
        self.assert_refused("out", out=f"{self.mask}/out/")
        self.assert_refused("png", out=self.folder / "out.xyz")
        self.assert_refused("png", out=self.folder / "out")

    def test_full_disk(self):
        """The old file stays as it was."""
        self.make_small(512, 384)
        old = self.folder / "old.png"
        old.write_bytes(b"old")
        self.run_lacuna("fill", self.photo, self.mask, "-o", self.folder / "warm.png")
        self.assert_refused("old.png", out=old, restore_signals=False,
                            preexec_fn=lambda: resource.setrlimit(
                                resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1])))
        self.assertEqual(old.read_bytes(), b"old")

    def test_kernel_cache(self):
        """PoCL's cache is begun anew after an end amid work, and nowhere is it in the way."""
        cache = self.folder / "cache"
        root = cache / "lacuna/pocl"
        environment = {**self.environment, "XDG_CACHE_HOME": str(cache)}
        environment.pop("POCL_CACHE_DIR", None)

        def list_devices(**changes):
            subprocess.run([LACUNA, "devices"], env={**environment, **changes}, check=True, capture_output=True)

        list_devices()
        self.assertEqual([path.name for path in root.glob("running-*")], [])
        damaged, temporary = root / "kernels/damaged", root / "kernels/tempfile_old"
        damaged.write_bytes(b"?")
        temporary.write_bytes(b"?")
        list_devices()
        self.assertTrue(damaged.exists())
        self.assertFalse(temporary.exists())
        (root / "running-1").write_bytes(b"")
        list_devices()
        self.assertFalse(damaged.exists())
        self.assertEqual([path.name for path in root.glob("running-*")], [])
        list_devices(XDG_CACHE_HOME="/dev/null/cache")
        list_devices(POCL_MAX_PTHREAD_COUNT="64")

    def test_full_output(self):
        for arguments in [("devices", "--json"), ("models", "--json"), ("models",), ("--help",), ("--version",)]:
            with open("/dev/full", "w") as full:
                process = subprocess.run([LACUNA, *arguments], env=self.environment, stdout=full,
                                         stderr=subprocess.PIPE, text=True)
            self.assertEqual(process.returncode, 1, arguments)
            self.assertRegex(process.stderr, "^lacuna: .*No space left on device")

    def test_huge_mask(self):
        """What is too large or holds no photo is refused before it is decoded."""
        self.make_small()
        huge = self.folder / "huge.png"
        make_blank(huge, 17000, 17000)
        limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
        self.assert_refused("17000×17000 pixels and the photo", mask=huge, preexec_fn=limit)
        self.assert_refused("which no photo fits into", photo=huge, mask=huge, preexec_fn=limit)

    def test_devices_and_models(self):
        self.make_small()
        self.assert_refused("no-such-device", arguments=["--device", "no-such-device"])
        self.assert_refused("no-such-model", arguments=["--model", "no-such-model"])
        self.assert_refused("/nonexistent", arguments=["--model", "/nonexistent.safetensors"])

    def test_weights(self):
        self.make_small()
        bad = self.folder / "bad.safetensors"
        header, data = read_weights(DATA / "models" / "default.safetensors")
        first = header["conv1.weight"]["data_offsets"]
        last = max(header.keys() - {"__metadata__"}, key=lambda name: header[name]["data_offsets"])

        def lie(header, data):
            header["conv1.weight"]["data_offsets"] = [first[0], first[1] + 2]

        def misshape(header, data):
            header["conv1.weight"]["shape"].reverse()

        def lose(header, data):
            header["conv1.frobnicate"] = header.pop("conv1.weight")

        def drop(header, data):
            del data[header.pop(last)["data_offsets"][0]:]

        def poison(header, data):
            data[first[0]:first[0] + 2] = b"\x00\x7e"

        for change, says in [(lie, "conv1.weight"), (misshape, "conv1.weight"), (lose, "conv1."),
                             (drop, last), (poison, "conv1.weight")]:
            with self.subTest(change=change.__name__):
                changed, content = json.loads(json.dumps(header)), bytearray(data)
                change(changed, content)
                write_weights(bad, changed, content)
                self.assert_refused(says, arguments=["--model", bad])
        bad.write_bytes(b"\xff" * 1000)
        self.assert_refused("bad.safetensors", arguments=["--model", bad])


class MeasureTest(CommandTest):
    def test_bench(self):
        arguments = ["--weights", GOLDEN / "generator_tiny_oihw.safetensors", "--size", "64", "--runs", "2", "--json"]
        for subject in ["generator"], ["generator", "--hole", "0.25"], ["fill"]:
            result = json.loads(self.run_lacuna("bench", *subject, *arguments).stdout)
            self.assertEqual(len(result["runs_ms"]), 2)
            self.assertGreater(min(result["runs_ms"]), 0)
            self.assertTrue(result["device"])
        result = json.loads(self.run_lacuna("bench", "ops", *arguments).stdout)
        ops = {op["name"]: op for op in result["ops"]}
        self.assertEqual(len(ops), 42 + 3 + 2)  # layers, the rest, sums
        self.assertAlmostEqual(sum(op["ms"] for op in result["ops"][:-2]), ops["all"]["ms"])
        self.assertAlmostEqual(ops["all"]["gflops"] / result["peak_gflops"], ops["all"]["of_peak"])
        self.assertGreater(ops["refined"]["of_copy"], 0)
        sizes = ["--width", "4", "--side", "32", "--batch", "2", "--runs", "2"]
        result = json.loads(self.run_lacuna("bench", "train", *sizes, "--json").stdout)
        self.assertEqual((result["width"], result["side"], result["batch"], len(result["runs_ms"])), (4, 32, 2, 2))
        self.assertGreater(min(result["runs_ms"]), 0)
        self.assertGreater(result["memory"], 0)
        profile = self.run_lacuna("bench", "train", *sizes, "--profile").stdout
        self.assertRegex(profile, r"conv-weight/conv_weight +\d+ +[\d.]+ +[\d.]+%")
        self.assertIn("dense/dense", profile)
        self.assertNotIn("dense/dense", self.run_lacuna("bench", "train", *sizes, "--profile", "--no-critics").stdout)

    def test_eval(self):
        photos, masks = self.folder / "photos", self.folder / "masks"
        photos.mkdir()
        masks.mkdir()
        for name in "a", "b", "without-mask":
            make_photo(photos / f"{name}.png", 160, 128)
        for name in "a", "b":
            make_mask(masks / f"{name}.png", 160, 128, [(60, 40, 40, 40)])
        report = json.loads(self.run_lacuna("eval", photos, "--masks", masks, "--json").stdout)
        self.assertEqual([photo["photo"] for photo in report["photos"]], ["a.png", "b.png"])
        report_of_one = json.loads(self.run_lacuna("eval", photos, "--masks", masks / "a.png", "--json").stdout)
        self.assertEqual([photo["photo"] for photo in report_of_one["photos"]], ["a.png", "b.png", "without-mask.png"])
        for figure in "l1", "l2", "psnr", "ssim", "tv", "sharpness":
            self.assertAlmostEqual(report["mean"]["hole"][figure], report["photos"][0]["hole"][figure], delta=1e-6)
        self.assertAlmostEqual(report["texture_tail"], report["mean"]["hole"]["texture"], delta=1e-6)

    def test_eval_pictures(self):
        """The fills that are kept are what was scored, and the sheet shows the photo, the hole, the network's and that."""
        photos, mask, fills = self.folder / "photos", self.folder / "mask.png", self.folder / "fills"
        sheet = self.folder / "sheet.png"
        photos.mkdir()
        make_photo(photos / "a.png", 160, 128)
        make_mask(mask, 160, 128, [(60, 40, 40, 40)])
        arguments = ["eval", photos, "--masks", mask, "--json", "--keep", fills]
        whole = json.loads(self.run_lacuna(*arguments, "--sheet", sheet).stdout)["mean"]["hole"]
        (_, _, _, _, photo), (width, height, _, _, fill) = read_png(photos / "a.png"), read_png(fills / "a.png")
        self.assertEqual((width, height), (160, 128))
        inside = [(y, 3 * x + c) for y in range(40, 80) for x in range(60, 100) for c in range(3)]
        difference = sum(abs(photo[y][i] - fill[y][i]) for y, i in inside) / len(inside)
        self.assertAlmostEqual(100 * difference / 255, whole["l1"], delta=1e-6)
        _, _, _, _, rows = read_png(sheet)
        cells = [[row[k * 3 * 324:k * 3 * 324 + 3 * 160] for row in rows[:128]] for k in range(4)]
        self.assertEqual(cells[0], list(photo))
        self.assertEqual(cells[3], list(fill))
        self.assertEqual(cells[1][60][3 * 80:3 * 81], bytes([128] * 3))
        network = json.loads(self.run_lacuna(*arguments, "--detail", "off").stdout)["mean"]["hole"]
        self.assertNotEqual(network["texture"], whole["texture"])
        self.assertEqual(cells[2], list(read_png(fills / "a.png")[4]))
        self.run_lacuna(*arguments, "--variant", "1")
        self.assertNotEqual(list(read_png(fills / "a.png")[4]), list(fill))

    def test_eval_inputs(self):
        """Neither the fills that are kept nor the sheet replace a photo or a mask, and no two fills are kept as one."""
        photos, masks = self.folder / "photos", self.folder / "masks"
        for folder in photos, masks:
            folder.mkdir()
        make_photo(photos / "a.png", 160, 128)
        make_mask(masks / "a.png", 160, 128, [(60, 40, 40, 40)])
        before = (photos / "a.png").read_bytes(), (masks / "a.png").read_bytes()
        arguments = ["eval", photos, "--masks", masks]
        for out in ["--keep", photos], ["--keep", masks], ["--sheet", photos / "a.png"], ["--sheet", masks / "a.png"]:
            self.assert_fails(*arguments, *out, says="overwritten", code=2)
        shutil.copy(photos / "a.png", photos / "a.jpg")
        self.assert_fails(*arguments, "--keep", self.folder / "fills", says="Two results", code=2)
        self.assertEqual(((photos / "a.png").read_bytes(), (masks / "a.png").read_bytes()), before)

    def test_eval_models(self):
        """Several models have a column each, with what each has alone; a photo that one can't fill counts for none."""
        photos, masks, sheet = self.folder / "photos", self.folder / "masks", self.folder / "sheet.png"
        tiny, fills = GOLDEN / "generator_tiny_oihw.safetensors", self.folder / "fills"
        photos.mkdir()
        masks.mkdir()
        for name, height in ("a", 128), ("b", 64), ("c", 128):
            make_photo(photos / f"{name}.png", 160, height)
            make_mask(masks / f"{name}.png", 160, 128, [(60, 40, 40, 40)])
        arguments = ["eval", photos, "--masks", masks]
        both = self.run_lacuna(*arguments, "--model", "default", "--model", tiny, "--json", "--sheet", sheet, "--keep",
                               fills, code=1)
        self.assertEqual(len(both.stderr.splitlines()), 1, both.stderr)
        models = json.loads(both.stdout)["models"]
        self.assertEqual([model["model"] for model in models], ["default", "generator_tiny_oihw"])
        (photos / "b.png").unlink()
        for model, name in zip(models, ("default", tiny)):
            alone = json.loads(self.run_lacuna(*arguments, "--model", name, "--json").stdout)
            self.assertEqual([photo["photo"] for photo in model["photos"]], ["a.png", "c.png"])
            self.assertEqual(model["mean"]["hole"], alone["mean"]["hole"])
            self.assertEqual(model["texture_tail"], alone["texture_tail"])
        self.assertNotEqual(models[0]["mean"]["hole"], models[1]["mean"]["hole"])
        _, height, _, _, rows = read_png(sheet)
        self.assertEqual((len(rows[0]), height), (3 * (4 * 324 - 4), 2 * 324))
        shown = [photos / "c.png", None, *(fills / model["model"] / "c.png" for model in models)]
        for column, path in enumerate(shown):
            cell = [row[column * 3 * 324:column * 3 * 324 + 3 * 160] for row in rows[324:324 + 128]]
            self.assertTrue(path is None or cell == list(read_png(path)[4]), path)
        table = self.run_lacuna(*arguments, "--model", tiny, "--model", "default").stdout.splitlines()
        self.assertEqual(table[0].split(), ["generator_tiny_oihw", "default"])
        self.assertEqual(table[1].split(), ["l1"] + [f"{model['mean']['hole']['l1']:.3f}" for model in models[::-1]])
        self.assert_fails(*arguments, "--model", "default", "--model", "default", says="“default”")
        self.assert_fails(*arguments, "--model", "default", "--model", "absent", says="absent")


if __name__ == "__main__":
    unittest.main()
