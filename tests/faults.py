#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults from outside: faults.py LACUNA INJECTOR EDIT ENDURE [REPORT], the program to test, injector.c, edit.c and endure.c
as they are built. Whatever goes wrong, the outcome has to be right, told, or an error. A short round; with the file
REPORT a long one, which is told there."""
import collections
import concurrent.futures
import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from png import make_mask, make_photo, read_png

LACUNA, INJECTOR, EDIT, ENDURE = sys.argv[1:5]
REPORT = Path(sys.argv[5]) if len(sys.argv) > 5 else None
N_FAULTS, N_KILLS, N_FILLS = (1000, (80, 60, 100), 1000) if REPORT else (60, (2, 2, 4), 30)
N_WORKERS = 2  # each does a part of the faults
MODEL = Path(os.environ["G_TEST_SRCDIR"]) / "golden" / "generator_tiny_oihw.safetensors"
HOLE = (60, 50, 30, 24)
PATIENCE = 120  # seconds after which a program hangs
STALE = 100     # seconds: hidden files that old are swept
OUTCOMES = "right", "told", "error"

STATUSES = -5, -4, -6, -36  # out of resources, of device memory, of host memory, invalid queue
QUERIES = -30, -5           # invalid value
DISK, READING = (28, 5), (5,)  # ENOSPC, EIO
FAULTS = {
    **dict.fromkeys(["clGetPlatformIDs", "clGetPlatformInfo", "clGetDeviceIDs", "clGetDeviceInfo", "clGetKernelInfo",
                     "clGetKernelWorkGroupInfo", "clGetProgramInfo", "clGetProgramBuildInfo"], QUERIES),
    **dict.fromkeys(["clCreateContext", "clCreateCommandQueue", "clCreateBuffer", "clCreateProgramWithSource",
                     "clCreateProgramWithBinary", "clCreateKernel", "clSetKernelArg", "clEnqueueNDRangeKernel",
                     "clEnqueueWriteBuffer", "clEnqueueFillBuffer", "clFlush", "clFinish", "clWaitForEvents",
                     "clRetainProgram", "clReleaseCommandQueue", "clReleaseContext", "clReleaseEvent",
                     "clReleaseKernel", "clReleaseMemObject", "clReleaseProgram"], STATUSES),
    "clBuildProgram": (-11, *STATUSES),
    "clGetEventInfo": (*QUERIES, "event"),
    "clEnqueueReadBuffer": (*STATUSES, "nan", "random", "zero"),
    "malloc": (12,),
    "read": READING,
    "pread64": READING,
    **dict.fromkeys(["openat64", "write", "fsync", "linkat", "renameat"], (*DISK, "before", "after")),
    **dict.fromkeys(["fchmod", "fchown"], (1, "before", "after")),  # EPERM
}
KINDS = "## Kinds of fault"    # heading of the last section of REPORT, which is written by hand
NEVER = "clGetEventProfilingInfo"  # in a fill


class Place:
    """A folder with a photo and its mask, and kernels that are compiled already."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lacuna-"))
        self.work = self.folder / "work"
        self.work.mkdir()
        for name in "cache", "tmp", "data", "state", "bare":
            (self.folder / name).mkdir()
        self.photo, self.mask, self.out = (self.work / name for name in ("photo.png", "mask.png", "out.png"))
        make_photo(self.photo, 192, 144)
        make_mask(self.mask, 192, 144, [HOLE])
        caches = Path(os.environ["POCL_CACHE_DIR"]), Path(os.environ["XDG_CACHE_HOME"]) / "lacuna"
        for cache, copy in zip(caches, (self.folder / "cache/pocl", self.folder / "cache/lacuna")):
            if cache.is_dir():
                # Other tests may be compiling into it: what is not finished goes away, or gets its name, meanwhile.
                shutil.copytree(cache, copy, ignore=shutil.ignore_patterns("tempfile_*", ".*"))
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "G_DEBUG": "fatal-criticals",
                            "TMPDIR": str(self.folder / "tmp"), "POCL_CACHE_DIR": str(self.folder / "cache/pocl")}
        for name in "cache", "data", "state":
            self.environment[f"XDG_{name.upper()}_HOME"] = str(self.folder / name)

    def start(self, *command, stdin=subprocess.DEVNULL, **environment):
        return subprocess.Popen([*map(str, command)], env={**self.environment, **environment}, stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def fill(self, out=None, **environment):
        """Its exit code, None where it hangs; what it says; and its report."""
        process = self.start(LACUNA, "fill", self.photo, self.mask, "-o", out or self.out, "--force", "--json", "--model",
                             MODEL, **environment)
        try:
            text, said = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None, "", {}
        return process.returncode, said, json.loads(text)["fills"][0] if text else {}

    def age(self):
        """What was left is from long ago."""
        for path in self.folder.rglob(".lacuna-*"):
            os.utime(path, (time.time() - STALE,) * 2)

    def list_litter(self):
        """What nobody wants: files in the work's folder and hidden ones anywhere."""
        found = {path.name for path in self.work.iterdir()} - {"photo.png", "mask.png", "out.png", "photos"}
        found |= {path.name for path in self.folder.rglob(".lacuna-*")}
        return sorted(found | {path.name for path in (self.folder / "tmp").iterdir()})

    def is_only_hole_changed(self):
        before, after = read_png(self.photo), read_png(self.out)
        x, y, width, height = HOLE
        step = before[3] * before[2] // 8
        return before[:4] == after[:4] and all(
            (a[:x * step] == b[:x * step] and a[(x + width) * step:] == b[(x + width) * step:])
            if y <= row < y + height else a == b
            for row, (a, b) in enumerate(zip(before[4], after[4])))


class Injections:
    def __init__(self, place):
        self.place = place
        self.bare = {"XDG_CACHE_HOME": str(place.folder / "bare")}
        assert place.fill()[0] == 0, "without a fault"
        self.right = place.out.read_bytes()
        self.counts = self.count()
        self.bare_counts = self.count(**self.bare)
        self.check_all_are_tried()

    def count(self, **environment):
        """How often each function is called in a fill."""
        log = self.place.folder / "log"
        code, said, _ = self.place.fill(LD_PRELOAD=INJECTOR, LACUNA_FAULT_LOG=str(log), **environment)
        assert (code, self.place.out.read_bytes()) == (0, self.right), said
        self.clear_bare()
        return {line.split()[0]: int(line.split()[1]) for line in log.read_text().splitlines()}

    def clear_bare(self):
        shutil.rmtree(self.place.folder / "bare")
        (self.place.folder / "bare").mkdir()

    def check_all_are_tried(self):
        """The program calls no function of OpenCL that has no faults here."""
        called = {name.decode() for name in re.findall(rb"(?<=\0)cl[A-Z]\w+(?=\0)", Path(LACUNA).read_bytes())}
        assert called - set(FAULTS) - {NEVER} == set(), called - set(FAULTS)
        assert set(self.counts) | set(self.bare_counts) >= set(FAULTS) - {"clGetProgramBuildInfo"}, self.counts

    def plan(self):
        """Faults without end, each kind in turn: function, how, whether once, from which call on, without kernels."""
        kinds = [(function, how, once) for function, ways in FAULTS.items() for how in ways
                 for once in ((True,) if how in ("before", "after") else (True, False))]
        chance = random.Random(1)
        chance.shuffle(kinds)
        tried = set()
        while True:
            for function, how, once in kinds:
                is_bare = function not in self.counts
                n = (self.bare_counts if is_bare else self.counts).get(function, 1)
                # Kernels that are all compiled anew take long.
                first = n if function == "clCreateProgramWithBinary" and not once else chance.randint(1, n)
                if (function, how, once, first) not in tried:
                    tried.add((function, how, once, first))
                    yield function, how, once, first, is_bare
            if len(tried) > 100 * N_FAULTS:
                return

    def judge(self, code, said, report, old):
        """What came of a fault."""
        now = self.place.out.read_bytes() if self.place.out.exists() else None
        if code is None:
            return "hang"
        if code < 0 and code != -signal.SIGKILL or code > 1:
            return "crash"
        if code != 0 and now not in (old, self.right if code < 0 else old):
            return "partial"
        if code < 0:
            return self.look_after_kill()
        if self.place.list_litter():
            return "litter"
        if code == 1:
            return "error" if said.startswith("lacuna: ") and report.get("error") else "silent"
        if now == self.right:
            return "right"
        if now is None or not self.place.is_only_hole_changed():
            return "wrong"
        return "told" if report["notes"] and said else "silent"

    def look_after_kill(self):
        """The next fill goes well and cleans up."""
        self.place.age()
        code, _, _ = self.place.fill()
        if code != 0 or self.place.out.read_bytes() != self.right:
            return "lost"
        return "litter" if self.place.list_litter() else "right"

    def inject(self, function, how, once, first, is_bare, old):
        """Returns the outcome and what was said, or None where the call was never made."""
        log = self.place.folder / "log"
        log.unlink(missing_ok=True)
        self.place.out.unlink(missing_ok=True)
        if old is not None:
            self.place.out.write_bytes(old)
        count = 1 if once else 2**31 - 1 - first
        code, said, report = self.place.fill(LD_PRELOAD=INJECTOR, LACUNA_FAULT=f"{function} {first} {count} {how}",
                                             LACUNA_FAULT_LOG=str(log), **(self.bare if is_bare else {}))
        self.clear_bare()
        if log.exists() and f"{function} " not in re.sub(r"(?m)^\w+ \d+ 0$", "", log.read_text()):
            return None
        outcome = self.judge(code, said, report, old)
        for path in self.place.folder.rglob(".lacuna-*"):
            path.unlink()
        return outcome, said

    def run(self, n, worker):
        """Every N_WORKERSth of the plan's, n of them."""
        table, bad, done = collections.defaultdict(collections.Counter), [], 0
        for fault in itertools.islice(self.plan(), worker, None, N_WORKERS):
            found = self.inject(*fault, old=b"old" if done % 2 else None)
            if found is None:
                continue
            function, how, once, first, _ = fault
            table[function, how, once][found[0]] += 1
            if found[0] not in OUTCOMES:
                bad.append(f"{function} {how} {'once' if once else 'always'} from call {first}: {found[0]}: {found[1]}")
                print(bad[-1], flush=True)
            done += 1
            if done == n:
                break
        return table, bad


class Kills:
    """SIGKILL at moments by chance."""

    def __init__(self, place):
        self.place = place
        self.chance = random.Random(2)
        self.table, self.bad = collections.defaultdict(collections.Counter), []

    def note(self, what, outcome, said=""):
        self.table[what][outcome] += 1
        if outcome not in OUTCOMES:
            self.bad.append(f"killed {what}: {outcome} {said}")
            print(self.bad[-1], flush=True)

    def kill_after(self, process, seconds):
        time.sleep(seconds)
        process.kill()
        return process.communicate()

    def kill_fills(self, n):
        """Every other over the photo itself."""
        place, source = self.place, self.place.photo.read_bytes()
        place.out.unlink(missing_ok=True)
        start = time.monotonic()
        place.fill()
        seconds, right = time.monotonic() - start, place.out.read_bytes()
        for i in range(n):
            place.out.unlink(missing_ok=True)
            out, what = (place.photo, "while it saves over the photo") if i % 2 else (place.out, "while it fills")
            process = place.start(LACUNA, "fill", place.photo, place.mask, "-o", out, "--force", "--model", MODEL)
            # Most of them around the end, where the file is written.
            self.kill_after(process, seconds * self.chance.choice((self.chance.random(), self.chance.uniform(.7, 1.1))))
            whole = (source, right) if i % 2 else (None, right)
            found = out.read_bytes() if out.exists() else None
            place.photo.write_bytes(source)
            place.age()
            code, said, _ = place.fill()
            if found not in whole or code != 0 or place.out.read_bytes() != right:
                self.note(what, "lost", said)
            else:
                self.note(what, "litter" if place.list_litter() else "right", place.list_litter())

    def kill_trainings(self, n):
        """Each goes on from the snapshot of the one before."""
        place, step = self.place, 0
        photos = place.work / "photos"
        photos.mkdir()
        for i in range(3):
            make_photo(photos / f"{i}.png", 80 + i, 64)
        arguments = [photos, "--base", "none", "--width", 4, "--side", 32, "--batch", 1, "--name", "small",
                     "--set", "steps=1000000", "--set", "snapshot_minutes=0.01"]
        state = place.folder / "data/lacuna/training/small/state.safetensors"
        for _ in range(n):
            process, first = self.train_on(arguments)
            said = self.kill_after(process, self.chance.uniform(0, 1.5))[1]
            self.note("while it trains", "lost" if first is None or first < step else "right", said)
            if state.exists():
                arguments, step = ["--resume", "--name", "small"], self.read_step(state)
            place.age()
        process, _ = self.train_on(arguments)
        process.send_signal(signal.SIGINT)
        process.communicate()
        if self.read_step(state) <= step or place.list_litter():
            self.note("while it trains", "litter", place.list_litter())

    def train_on(self, arguments):
        """A training that has begun to learn, and at which step it began; None: it ended."""
        process = self.place.start(LACUNA, "train", *arguments, "--json")
        steps = (json.loads(line)["step"] for line in process.stdout if '"step"' in line)
        first = next(steps, None)
        learns = first is not None and any(step > first for step in steps)
        return process, first if learns else None

    def read_step(self, state):
        content = state.read_bytes()
        header = json.loads(content[8:8 + int.from_bytes(content[:8], "little")])
        return json.loads(header["__metadata__"]["progress"])["step"]

    def edit(self, end):
        """An editing session that goes on with the one before, until end() ends it: the steps that it found, those it
        said to be kept, and what else it said."""
        process = self.place.start(EDIT, self.place.photo, MODEL, stdin=subprocess.PIPE)
        first = process.stdout.readline()
        text, said = end(process)
        numbers = [int(line) for line in (first + text).split()]
        return numbers[0] if numbers else -1, max(numbers, default=-1), said

    def close(self, process, seconds):
        time.sleep(seconds)
        return process.communicate("close\n")

    def end_editing(self, n):
        """Killed and closed by turns; what was kept is there again, and more where it was closed."""
        sessions, kept = self.place.folder / "data/lacuna/sessions", 0
        for i in range(n):
            seconds = self.chance.uniform(0, 2)
            what, end = (("while it edits", self.kill_after), ("never: closed while it edits", self.close))[i % 2]
            found, most, said = self.edit(lambda process: end(process, seconds))
            self.note(what, "lost" if found < kept else "right", f"{found} of {kept} {said}")
            kept = max(most, kept)
            if kept > 150:
                shutil.rmtree(sessions)
                kept = 0
            self.place.age()
        found, _, said = self.edit(lambda process: self.close(process, 0))
        if found < kept or len(list(sessions.iterdir())) != 1:
            self.note("while it edits", "lost", said)
        steps = list(sessions.glob("*/step-*"))
        shutil.rmtree(sessions)
        if len(steps) > 200 or self.place.list_litter():
            self.note("while it edits", "litter", [len(steps), *self.place.list_litter()])

    def run(self, n_fills, n_trainings, n_edits):
        self.kill_fills(n_fills)
        self.kill_trainings(n_trainings)
        self.end_editing(n_edits)
        return self.table, self.bad


def endure(place, n):
    """Bytes of memory after a fifth of n fills in one process, and after all."""
    process = place.start(ENDURE, MODEL, n)
    text, said = process.communicate()
    assert process.returncode == 0, said
    return [int(line) for line in text.split()]


def name_fault(function, how, once):
    often = "once" if once else "on and on"
    number = {28: "ENOSPC", 5: "EIO", 12: "ENOMEM", 1: "EPERM"}.get(how, how)
    if how in ("before", "after"):
        return f"killed {how} `{function}`"
    if how == "event":
        return f"a command fails after it was sent, {often}"
    if how in ("nan", "random", "zero"):
        words = {"nan": "not a number", "random": "random bytes", "zero": "zeros"}
        return f"`{function}` gives {words[how]}, {often}"
    return f"`{function}`: {number}, {often}"


def read_kinds(path):
    """What people wrote into the report: a section that stays."""
    text = path.read_text() if path.exists() else ""
    return text[text.index(KINDS):] if KINDS in text else ""


def write_report(path, faults, kills, memory):
    rows = sorted((name_fault(*fault), counter) for fault, counter in faults.items())
    lines = ["# Reliability", "",
             "Written by `faults.py` from its long round; see there. *Right*: the same bytes as without the fault; *told*: "
             "another result, with a", "note; *error*: none, with a message, and what was there before is as it was.", "",
             f"## {sum(c.total() for _, c in rows)} faults in fills", "",
             "| fault | tried | right | told | error | else |", "|---|---:|---:|---:|---:|---:|"]
    rows += [("all", sum(faults.values(), collections.Counter()))]
    for name, counter in rows:
        known = [counter[outcome] for outcome in OUTCOMES]
        lines.append(f"| {name} | {counter.total()} | " + " | ".join(map(str, known))
                     + f" | {counter.total() - sum(known)} |")
    lines += ["", f"## {sum(c.total() for c in kills.values())} kills", "",
              "What was done before, and all that the next start finds, is whole, and nothing is left behind.", "",
              "| killed | times | right | else |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {c.total()} | {c['right']} | {c.total() - c['right']} |" for name, c in kills.items()]
    lines += ["", "## Memory", "",
              f"{N_FILLS} fills in one process: {memory[0] / 2**20:.1f} MiB after a fifth of them, "
              f"{memory[1] / 2**20:.1f} MiB after all.", "", read_kinds(path)]
    path.write_text("\n".join(lines))


def in_place(work):
    """Calls it with a folder of its own."""
    place = Place()
    try:
        return work(place)
    finally:
        shutil.rmtree(place.folder)


def main():
    faults, bad = collections.defaultdict(collections.Counter), []
    with concurrent.futures.ThreadPoolExecutor() as pool:
        injections = [pool.submit(in_place, lambda place, i=i: Injections(place).run(N_FAULTS // N_WORKERS, i))
                      for i in range(N_WORKERS)]
        killed = pool.submit(in_place, lambda place: Kills(place).run(*N_KILLS))
        endured = pool.submit(in_place, lambda place: endure(place, N_FILLS))
        for injected in injections:
            for fault, counter in injected.result()[0].items():
                faults[fault].update(counter)
            bad += injected.result()[1]
        kills, bad_kills = killed.result()
        memory = endured.result()
    if REPORT:
        write_report(REPORT, faults, kills, memory)
    print(sum(faults.values(), collections.Counter()), {name: dict(c) for name, c in kills.items()}, memory)
    # A short round is too short for memory to settle.
    return len(bad) + len(bad_kills) + (memory[1] > memory[0] * (1.02 if REPORT else 1.1)) != 0


if __name__ == "__main__":
    sys.exit(main())
