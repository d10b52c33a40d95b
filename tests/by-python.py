#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains from another language, fills by what was learnt and traces it, for library.py: by-python.py FOLDER

The folder is filled with two small photos."""

import math
import pathlib
import sys

import gi
import numpy as np

gi.require_version("Lacuna", "0")
from gi.repository import Gio, GLib, Lacuna

NAME = "tiny"
PATIENCE = 300  # seconds, as kernels may have to be compiled
BOX = (24, 20, 9, 12)  # of the hole: left, top, width, height


def make_photo(seed, width, height):
    samples = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Lacuna.Photo.new(width, height, 3, 8, GLib.Bytes.new(samples.tobytes()))


def put_photos(folder):
    options = Lacuna.SaveOptions.new()
    options.quality = 95
    for i in range(2):
        make_photo(i, 60 + i, 50).save(str(folder / f"{i}.jpg"), options)


def make_options():
    options = Lacuna.TrainingOptions.new(Lacuna.TrainingPreset.QUICK, True)
    options.steps, options.batch, options.side, options.width = 100000, 1, 32, 4
    return options


def run(trainer, cancellable, watch):
    """What it told, kept beyond the calls that told it."""
    loop, reports, results = GLib.MainLoop(), [], []

    def note(report):
        reports.append(report.copy())
        watch(report)

    def end(source, result, data):
        results.append(result)
        loop.quit()

    # PyGObject wants the data of all callbacks but the last as a tuple, of further arguments.
    trainer.run_async(note, (), cancellable, end, None)
    patience = GLib.timeout_add_seconds(PATIENCE, loop.quit)
    loop.run()
    assert results, "the training doesn't end"
    GLib.source_remove(patience)
    trainer.run_finish(results[0])
    return reports


def check_cancelled(trainer):
    """Cancelled once it learns, it has a snapshot to go on from."""
    cancellable = Gio.Cancellable()
    try:
        run(trainer, cancellable, lambda report: report.step > 0 and cancellable.cancel())
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED), error
    else:
        assert False, "a cancelled training went on to its end"
    assert trainer.has_snapshot() and trainer.get_progress().step > 0


def check_trained(trainer):
    steps = trainer.get_progress().step + 2
    trainer.set_steps(steps)
    reports = run(trainer, None, lambda report: None)
    progress = trainer.get_progress().copy()
    assert progress.name == NAME and progress.step == reports[-1].step == steps, (progress.step, steps)
    assert progress.options.width == 4 and progress.n_photos == progress.n_held_out == 1
    points = [report.point for report in reports if report.has_point]
    assert any(point.step == steps and math.isfinite(point.held_out) for point in points), points
    losses = [point.losses.copy() for point in points if math.isfinite(point.losses.l1)]
    assert losses and all(each.l1 > 0 and each.reconstruction > 0 for each in losses), losses
    samples = [sample.copy() for report in reports for sample in report.samples or []]
    assert samples and all(sample.filled.get_width() == sample.mask.get_width() == 32 for sample in samples), samples


def check_traced(model):
    photo = make_photo(2, 64, 56)
    hole = np.zeros((56, 64), np.uint8)
    left, top, width, height = BOX
    hole[top:top + height, left:left + width] = 255
    mask = Lacuna.Mask.new_from_bytes(64, 56, GLib.Bytes.new(hole.tobytes()))
    options = Lacuna.FillOptions.new()
    options.model = model
    options.keep_scores = True
    fill = Lacuna.Engine.new(None, 0).fill(photo, mask, options, None, None, None)
    assert fill.get_model() == model, fill.get_model()
    box = Lacuna.Box()
    box.x, box.y, box.width, box.height = BOX
    provenance = Lacuna.Provenance.new(fill, photo, box)
    weights, invented = (np.frombuffer(provenance.dup_array(array).get_data(), np.float32).reshape(-1, height, width)
                         for array in (Lacuna.ProvenanceArray.WEIGHTS, Lacuna.ProvenanceArray.INVENTED))
    assert len(weights) == provenance.get_n_sources()
    assert np.allclose(weights.sum(axis=0) + invented[0], 1, atol=1e-3), "the shares don't sum to 1"


def main(folder):
    put_photos(folder)
    trainer = Lacuna.Trainer.new(Lacuna.Engine.new(None, 0), NAME, str(folder), Lacuna.BASE_NONE, make_options())
    check_cancelled(trainer)
    check_trained(trainer)
    check_traced(Lacuna.training_get_best_path(NAME))


main(pathlib.Path(sys.argv[1]))
