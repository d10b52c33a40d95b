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
import time
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

    def fill(self, *arguments, code=0):
        """Returns what is said on standard error, and the report."""
        sample = Path(os.environ["LACUNA_DATA"]) / "samples" / "zion-tunnel"
        done = subprocess.run([LACUNA, "fill", f"{sample}.jpg", f"{sample}.mask.png", "-o", self.folder / "out.png",
                               "--force", "--json", *arguments],
                              env=self.environment, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr, json.loads(done.stdout)["fills"][0]

    def use_kernels(self):
        """Of the other device, which are compiled already."""
        kernels = Path(os.environ["XDG_CACHE_HOME"]) / "lacuna" / "programs"
        if kernels.exists():
            shutil.copytree(kernels, self.folder / "cache/lacuna/programs")

    def test_device_fails(self):
        """One that ends the process that builds by it, or gives wrong numbers, is set aside, and that is told; the photo is
        filled on the next, and the second time it is not tried."""
        self.use_kernels()
        good = self.get_names()
        for behaviour, says in ("build-abort", "signal 6 .*Cannot select"), ("idle", "computes wrong numbers"):
            self.assertEqual(self.get_names(behaviour), [behaviour, *good])
            for arguments in (), ("--device", behaviour):
                said, report = self.fill(*arguments)
                note = f"“{behaviour}” is set aside, because its driver .Test Platform, version test. .*{says}.* Update"
                self.assertRegex(said, note)
                self.assertRegex(report["notes"][0], note)
                self.assertEqual(report["device"], good[0])
            done = self.run_devices(behaviour, "--json")
            self.assertEqual([device["name"] for device in json.loads(done.stdout)], good)
            self.assertRegex(done.stderr, note)

    def test_only_device_fails(self):
        for vendor in self.vendors.iterdir():
            vendor.unlink()
        self.assertEqual(self.get_names("build-abort"), ["build-abort"])
        said, report = self.fill(code=1)
        self.assertRegex(said, "“build-abort” is set aside, .*signal 6")
        self.assertRegex(report["error"], "“build-abort” is set aside, .*signal 6")

    def watch_tests(self):
        """From here on the program that tries devices also writes down when it runs, and ends badly on damaged kernels."""
        libexec, helpers, log = Path(os.environ["LACUNA_LIBEXEC"]), self.folder / "helpers", self.folder / "log"
        helpers.mkdir()
        for name in "lacuna-codec", "lacuna-probe":
            (helpers / name).symlink_to(libexec / name)
        (helpers / "lacuna-self-test").write_text(
            f"#!/bin/sh\necho run >>{log}\n"
            '[ -e "$XDG_CACHE_HOME/lacuna/programs/damaged" ] && echo step && kill -s ABRT $$\n'
            f'exec {libexec}/lacuna-self-test "$@"\n')
        (helpers / "lacuna-self-test").chmod(0o700)
        self.environment["LACUNA_LIBEXEC"] = str(helpers)
        return lambda: len(log.read_text().splitlines())

    def kill_fill(self):
        """While it uses the device."""
        sample = Path(os.environ["LACUNA_DATA"]) / "samples" / "zion-tunnel"
        process = subprocess.Popen([LACUNA, "fill", f"{sample}.jpg", f"{sample}.mask.png", "-o", self.folder / "out.png",
                                    "--force"], env=self.environment, stderr=subprocess.DEVNULL)
        marker = self.folder / f"cache/lacuna/pocl/running-{process.pid}"
        while not marker.exists() or "device-" not in marker.read_text():
            self.assertIsNone(process.poll())
            time.sleep(.002)
        process.kill()
        process.wait()

    def test_tried_once(self):
        """And again after an end amid work. What kernels in the cache do is not held against the driver."""
        self.use_kernels()
        count = self.watch_tests()
        for n in 1, 1:
            self.assertEqual(self.fill()[1]["notes"], [])
            self.assertEqual(count(), n)
        self.kill_fill()
        (self.folder / "cache/lacuna/programs/damaged").write_bytes(b"")
        for n in 3, 3:
            self.assertEqual(self.fill()[1]["notes"], [])
            self.assertEqual(count(), n)
        self.assertFalse((self.folder / "cache/lacuna/programs/damaged").exists())

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
