#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plug-in for GIMP 3: writes the layer and the selection as PNG files, runs “lacuna fill” on them, and puts what was
filled above the layer, as a layer of its own."""
import gettext
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp, Gio, GLib, GObject

PROCEDURE = "plug-in-lacuna-remove"
SECONDS_OF_PULSE = 0.1
_ = gettext.translation("lacuna", fallback=True).gettext


class Failure(Exception):
    """Its message is for the user."""


def check(image, drawables):
    """The layer that is to be filled."""
    if len(drawables) != 1 or not isinstance(drawables[0], Gimp.Layer) or drawables[0].is_group():
        raise Failure(_("Choose one layer: masks, channels and groups of layers can't be filled."))
    layer = drawables[0]
    if layer.is_indexed():
        raise Failure(_("The image has a palette, which can't be filled. Choose Image → Mode → RGB first."))
    if Gimp.Selection.is_empty(image):
        raise Failure(_("Nothing is selected. Select what is to be removed first."))
    if not layer.mask_intersect()[0]:
        raise Failure(_("The selection lies outside the layer. Choose the layer that it is on."))
    return layer


def succeed(result):
    """The result of a procedure of GIMP's, unless it failed."""
    if not result:
        raise Failure(Gimp.get_pdb().get_last_error())
    return result


def save_image(image, path):
    """Takes the image."""
    try:
        succeed(Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(str(path)), None))
    finally:
        image.delete()


def save_layer(layer, path):
    """Alone, as it is without opacity, mode and layer mask."""
    source = layer.get_image()
    profile = source.get_color_profile()
    image = Gimp.Image.new_with_precision(layer.get_width(), layer.get_height(), source.get_base_type(),
                                          source.get_precision())
    if profile is not None:
        image.set_color_profile(profile)
    copy = Gimp.Layer.new_from_drawable(layer, image)
    image.insert_layer(copy, None, 0)
    if copy.get_mask() is not None:
        copy.remove_mask(Gimp.MaskApplyMode.DISCARD)
    copy.set_opacity(100)
    copy.set_mode(Gimp.LayerMode.NORMAL)
    copy.set_offsets(0, 0)
    copy.set_visible(True)
    save_image(image, path)


def save_selection(layer, path):
    """The part of the selection that is on the layer: white where it selects anything, be it little."""
    width, height = layer.get_width(), layer.get_height()
    _, x, y = layer.get_offsets()
    selection = layer.get_image().get_selection().get_buffer()
    pixels = selection.get(Gegl.Rectangle.new(x, y, width, height), 1.0, "Y u8", Gegl.AbyssPolicy.NONE)
    image = Gimp.Image.new(width, height, Gimp.ImageBaseType.GRAY)
    mask = Gimp.Layer.new(image, "mask", width, height, Gimp.ImageType.GRAY_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(mask, None, 0)
    buffer = mask.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), "Y' u8", pixels.translate(b"\0" + b"\xff" * 255))
    buffer.flush()
    save_image(image, path)


def fill(photo, mask, filled):
    lacuna = shutil.which("lacuna")
    if lacuna is None:
        raise Failure(_("The program “lacuna” is not in the PATH. Install Lacuna, then start GIMP again."))
    process = subprocess.Popen([lacuna, "fill", photo, mask, "-o", filled], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, errors="replace")
    said = None
    while said is None:
        try:
            said = process.communicate(timeout=SECONDS_OF_PULSE)[1]
        except subprocess.TimeoutExpired:
            Gimp.progress_pulse()
    if process.returncode != 0 or not filled.exists():
        raise Failure(said.strip() or _("The program “lacuna” ended before it was done."))


def load_layer(path, image):
    """The file's pixels as a layer of image, not yet in it. A profile that the file lacks is the image's."""
    loaded = succeed(Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path))))
    profile = image.get_color_profile()
    if loaded.get_color_profile() is None and profile is not None:
        loaded.set_color_profile(profile)
    layer = Gimp.Layer.new_from_drawable(loaded.get_layers()[0], image)
    loaded.delete()
    return layer


def insert_filled(image, layer, path):
    """Above the layer, and clear where nothing is selected."""
    filled = load_layer(path, image)
    filled.set_name("Lacuna")
    succeed(image.insert_layer(filled, layer.get_parent(), image.get_item_position(layer)))
    _, left, top = layer.get_offsets()
    filled.set_offsets(left, top)
    filled.add_alpha()
    filled.add_mask(filled.create_mask(Gimp.AddMaskType.SELECTION))
    filled.remove_mask(Gimp.MaskApplyMode.APPLY)
    _, x, y, width, height = filled.mask_intersect()
    filled.resize(width, height, -x, -y)
    return filled


def remove_selection(image, drawables):
    """The new layer."""
    layer = check(image, drawables)
    Gimp.progress_init(_("Removing the selection"))
    # Nobody else can look into the folder.
    with tempfile.TemporaryDirectory(prefix="lacuna-") as folder:
        photo, mask, filled = (Path(folder, name) for name in ("photo.png", "mask.png", "filled.png"))
        save_layer(layer, photo)
        save_selection(layer, mask)
        fill(photo, mask, filled)
        image.undo_group_start()
        try:
            return insert_filled(image, layer, filled)
        finally:
            image.undo_group_end()
            Gimp.progress_end()


def run(procedure, run_mode, image, drawables, config, data):
    Gegl.init(None)
    try:
        layer = remove_selection(image, drawables)
    except (Failure, OSError) as error:
        return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, GLib.Error(str(error)))
    if run_mode != Gimp.RunMode.NONINTERACTIVE:
        Gimp.displays_flush()
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())
    values.remove(1)
    values.insert(1, GObject.Value(Gimp.Layer, layer))
    return values


class Lacuna(Gimp.PlugIn):
    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return [PROCEDURE]

    def do_create_procedure(self, name):
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        procedure.set_image_types("*")
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
        procedure.set_documentation(_("Remove what is selected, and fill its place from the rest of the layer"),
                                    _("Runs “lacuna fill” with the layer and the selection. What was filled becomes a "
                                      "layer of its own above it, as opaque as the selection is strong."), name)
        procedure.set_menu_label(_("Lacuna: _Remove Selection"))
        procedure.add_menu_path("<Image>/Filters/Enhance")
        procedure.set_attribution("The Lacuna developers", "The Lacuna developers", "2026")
        procedure.add_layer_return_value("layer", _("Layer"), _("The new layer, with what was filled"), False,
                                         GObject.ParamFlags.READWRITE)
        return procedure


Gimp.main(Lacuna.__gtype__, sys.argv)
