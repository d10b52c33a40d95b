#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library as others use it: library.py LACUNA BY-DOCUMENT FILL EXAMPLES, in TAP.

A photo filled by the command line, by the window's document, by fill.c and by fill.py has the same bytes; what the
attention tells sums to 1; another language trains, cancels and traces; and the library exports what lacuna.h declares,
no more and no less."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

lacuna, by_document, by_c, examples = (pathlib.Path(argument) for argument in sys.argv[1:])
root = examples.parent.parent
samples = root / "data" / "samples"
python = "/usr/bin/python3"  # the one that has the distribution's modules


def run(*command, **environment):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, env={**os.environ, **environment})
    assert done.returncode == 0, f"{command[0]}: {done.stderr}"
    return done.stdout


def check_same(photo, mask, suffix):
    with tempfile.TemporaryDirectory() as folder:
        outs = [pathlib.Path(folder) / f"{way}{suffix}" for way in ("line", "document", "c", "python")]
        run(lacuna, "fill", photo, mask, "-o", outs[0])
        run(by_document, photo, mask, outs[1], XDG_DATA_HOME=folder)
        run(by_c, photo, mask, outs[2])
        run(python, examples / "fill.py", photo, mask, outs[3])
        first = outs[0].read_bytes()
        assert first != photo.read_bytes(), "nothing was filled"
        for out in outs[1:]:
            assert out.read_bytes() == first, f"{out.name} differs"


def test_small():
    check_same(samples / "zion-tunnel.jpg", samples / "zion-tunnel.mask.png", ".png")


def test_chain():
    """A wire through 21 megapixels, which a chain of windows fills."""
    with tempfile.TemporaryDirectory() as folder:
        photo, mask = pathlib.Path(folder) / "photo.jpg", pathlib.Path(folder) / "mask.png"
        run("convert", samples / "desert-hike.jpg", "-resize", "5616x3744!", "-quality", "90", photo)
        run("convert", "-size", "5616x3744", "xc:black", "-stroke", "white", "-strokewidth", "24",
            "-draw", "line 300,400 5300,900", mask)
        plan = run(lacuna, "fill", photo, mask, "--explain")
        assert plan.count("a piece of a long thin hole") > 3, plan
        check_same(photo, mask, ".jpg")


def test_attention():
    """The example draws the sources, with the shares, that “lacuna explain” does, a strong one beside another too."""
    with tempfile.TemporaryDirectory() as folder:
        picture, figure = pathlib.Path(folder) / "attention.png", pathlib.Path(folder) / "figure.svg"
        subject = samples / "zion-tunnel.jpg", samples / "zion-tunnel.mask.png"
        told = run(python, examples / "attention.py", *subject, 1290, 790, picture)
        [point] = json.loads(run(lacuna, "explain", *subject, "-p", "1290,790", "--json", "-o", figure))["points"]
        expected = [(f"{source['share']:.1%}", source["x"] + source["width"] // 2, source["y"] + source["height"] // 2)
                    for source in point["sources"]]
        drawn = [(share, int(x), int(y)) for share, x, y in re.findall(r"^(\S+%) from around (\d+), (\d+)$", told, re.M)]
        assert drawn == expected and len(drawn) > 1, (drawn, expected)
        assert abs(float(re.search(r"sum to ([\d.]+)\.", told)[1]) - 1) < 1e-3, told
        assert picture.stat().st_size > 0


def test_training():
    with tempfile.TemporaryDirectory() as folder:
        photos = pathlib.Path(folder) / "photos"
        photos.mkdir()
        run(python, root / "tests" / "by-python.py", photos, XDG_DATA_HOME=folder)


def test_refused():
    told = subprocess.run([by_c, "/nowhere.jpg", "/nowhere.png", "/nowhere/out.png"], capture_output=True, text=True)
    assert told.returncode == 1 and "/nowhere.jpg" in told.stderr, told


def find_declared():
    names = set()
    for header in re.findall(r'#include "(engine/[^"]+)"', (root / "engine" / "lacuna.h").read_text()):
        text = (root / header).read_text()
        text = re.sub(r"static inline.*?\n}\n|/\*.*?\*/|^#.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
        names.update(re.findall(r"\b(lacuna_\w+) +\(", text))
        names.update(f"{name}_get_type" for name in re.findall(r"G_DECLARE_FINAL_TYPE \(\w+, (lacuna_\w+),", text))
    return names


def test_exports():
    [library] = lacuna.parent.parent.glob("engine/liblacuna.so.?")
    lines = run("nm", "--dynamic", "--defined-only", library).splitlines()
    exported = {line.split()[2].partition("@")[0] for line in lines if " A " not in line}
    assert exported == find_declared(), exported ^ find_declared()


tests = [value for name, value in sorted(globals().items()) if name.startswith("test_")]
print(f"1..{len(tests)}")
failed = 0
for number, test in enumerate(tests, 1):
    try:
        test()
        print(f"ok {number} - {test.__name__[5:]}", flush=True)
    except Exception as problem:
        failed += 1
        print(f"not ok {number} - {test.__name__[5:]}", flush=True)
        print(*(f"# {line}" for line in str(problem).splitlines()), sep="\n", flush=True)
sys.exit(failed > 0)
