#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How devices are found, beside drivers that fail or look alike: devices.py LACUNA DRIVER, the program to test and the
driver of driver.c. It needs one other OpenCL driver, as all tests do."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

LACUNA, DRIVER = sys.argv[1], sys.argv[2]
del sys.argv[1:3]


class DevicesTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lacuna-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.vendors = self.folder / "vendors"
        self.vendors.mkdir()
        for vendor in Path("/etc/OpenCL/vendors").glob("*.icd"):
            shutil.copy(vendor, self.vendors)
        # The other test platform's name is "Test Platform"; listed first, so that it would come first.
        self.environment = {**os.environ, "OCL_ICD_VENDORS": str(self.vendors), "LC_ALL": "C.UTF-8",
                            "XDG_CACHE_HOME": str(self.folder / "cache"), "XDG_CONFIG_HOME": str(self.folder)}

    def run_devices(self, behaviour=None, *arguments, code=0):
        """Runs the command beside a driver that behaves so; None: without it."""
        if behaviour is not None:
            (self.vendors / "0-test.icd").write_text(DRIVER + "\n")
            self.environment["LACUNA_TEST_DRIVER"] = behaviour
        done = subprocess.run([LACUNA, "devices", *arguments], env=self.environment, capture_output=True, text=True,
                              timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def get_names(self, behaviour=None):
        return [device["name"] for device in json.loads(self.run_devices(behaviour, "--json").stdout)]

    def test_driver_aborts(self):
        """It costs a message, and every other device is there."""
        names = self.get_names()
        for _ in range(2):
            done = self.run_devices("abort", "--json")
            self.assertEqual([device["name"] for device in json.loads(done.stdout)], names)
            self.assertRegex(done.stderr, "^lacuna: .*“Test Platform” is left out: .*signal 6 .*Not enough memory")
            self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_only_driver_aborts(self):
        for vendor in self.vendors.iterdir():
            vendor.unlink()
        done = self.run_devices("abort", code=1)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, "^lacuna: .*“Test Platform” .*signal 6 .*Not enough memory.* Install")
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_renderer_is_last(self):
        """However many units it claims to have."""
        names = self.get_names()
        for name in "llvmpipe (LLVM 19.1.7, 256 bits)", "Oclgrind Simulator":
            self.assertEqual(self.get_names(name), names + [name])

    def test_same_name(self):
        """Two platforms that name a device alike can be told apart, and named."""
        device = json.loads(self.run_devices(None, "--json").stdout)[0]
        names = self.get_names(device["name"])
        self.assertEqual(set(names), {f"{device['name']} (Test Platform)", f"{device['name']} ({device['platform']})"})
        out = self.folder / "out.png"
        self.environment["XDG_CACHE_HOME"] = os.environ["XDG_CACHE_HOME"]  # which has the kernels
        for name, code, says in (device["name"], 1, "More than one device"), (device["platform"], 0, ""):
            sample = Path(os.environ["LACUNA_DATA"]) / "samples" / "zion-tunnel"
            done = subprocess.run([LACUNA, "fill", f"{sample}.jpg", f"{sample}.mask.png", "-o", out, "--device", name],
                                  env=self.environment, capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(says, done.stderr)


if __name__ == "__main__":
    unittest.main()
