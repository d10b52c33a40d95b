# SPDX-License-Identifier: GPL-3.0-or-later
"""What README says to type is typed: readme.py README LACUNA, where lacuna/app/run is a stand-in that starts LACUNA
instead of building it first. It needs a display."""
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from png import make_mask, make_photo

README, LACUNA = (Path(path).resolve() for path in sys.argv[1:])
PATIENCE = 300  # seconds, for a machine that others use too
TITLES = {(): "^Lacuna$", ("photo.jpg",): "^photo.jpg", ("a.jpg", "b.jpg", "photos/"): "^[ab].(jpg|png)"}


def find_commands():
    """The lines of the code blocks that start the program, without their comments."""
    blocks = re.findall(r"^```$(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line.split(" #")[0].rstrip() for line in lines if re.match(r"(lacuna/)?app/run\b", line)]


class ReadmeTest(unittest.TestCase):
    def make_folder(self):
        folder = tempfile.TemporaryDirectory(prefix="lacuna-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in "lacuna/app", "photos", "masks":
            (self.folder / name).mkdir(parents=True)
        (self.folder / "app").symlink_to("lacuna/app")
        run = self.folder / "lacuna/app/run"
        run.write_text(f'#!/bin/sh\nexec {shlex.quote(str(LACUNA))} "$@"\n')
        run.chmod(0o755)
        make_photo(self.folder / "photo.png", 160, 128)
        for name in "photo", "a", "b":
            subprocess.run(["vips", "copy", self.folder / "photo.png", self.folder / f"{name}.jpg"], check=True)
        make_mask(self.folder / "mask.png", 160, 128, [(60, 40, 30, 30)])
        make_mask(self.folder / "grass.png", 160, 128, [(0, 0, 50, 128)])
        for name in "a", "b":
            make_photo(self.folder / f"photos/{name}.png", 160, 128)
            make_mask(self.folder / f"masks/{name}.png", 160, 128, [(60, 40, 30, 30)])

    def start(self, words, **options):
        process = subprocess.Popen(words, cwd=self.folder, text=True, **options)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def check_window(self, words):
        """The window comes."""
        process = self.start(words)
        search = ["xdotool", "search", "--onlyvisible", "--name", TITLES[tuple(words[1:])]]
        end = time.monotonic() + PATIENCE
        while subprocess.run(search, stdout=subprocess.DEVNULL).returncode != 0:
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), end, "no window")
            time.sleep(0.1)

    def check_train(self, words):
        """It learns, until it is interrupted after the first step, which a terminal is told of."""
        terminal, other_end = pty.openpty()
        process = self.start(words, stdout=subprocess.PIPE, stderr=other_end)
        os.close(other_end)
        said = ""
        while "step 1," not in said:
            said += os.read(terminal, 4096).decode(errors="replace")
        process.send_signal(signal.SIGINT)
        self.assertIn("Paused at step", process.communicate(timeout=PATIENCE)[0])
        os.close(terminal)
        self.assertEqual(process.returncode, -signal.SIGINT)

    def check_end(self, words):
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        if "-o" in words:
            output = self.folder / words[words.index("-o") + 1]
            self.assertTrue(output.is_file() or len(list(output.iterdir())) == 2)
        else:
            self.assertTrue(done.stdout)

    def check(self, words):
        self.make_folder()
        try:
            if tuple(words[1:]) in TITLES:
                self.check_window(words)
            elif words[1] == "train":
                self.check_train(words)
            else:
                self.check_end(words)
        finally:
            self.doCleanups()

    def test_commands(self):
        commands = find_commands()
        self.assertGreater(len(commands), 5)
        for command in commands:
            with self.subTest(command=command):
                self.check(shlex.split(command))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
