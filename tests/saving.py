# SPDX-License-Identifier: GPL-3.0-or-later
"""Saving: the format is chosen from a list, the name gets its suffix, samples go to the person's own pictures."""

import os
import time

import desktop
from desktop import expect, press, wait


def open_dialog(scenario):
    press('ctrl+s')
    scenario.program.await_node('button', r'\bSave$')
    wait(lambda: len(scenario.program.windows()) > 1, 'the dialog')
    time.sleep(1)


def run_saving(scenario):
    """A sample, under a name without suffix, as the second of the formats that are listed."""
    pictures = scenario.folder / 'Pictures'
    pictures.mkdir()
    config = scenario.folder / '.config' / 'user-dirs.dirs'
    config.write_text('XDG_PICTURES_DIR="$HOME/Pictures"\n', encoding='utf-8')
    scenario.start()
    program = scenario.program
    program.click('button', '(?i)tunnel')
    scenario.await_photo('zion-tunnel.jpg')
    wait(scenario.can_fill, 'the sample’s mask')

    open_dialog(scenario)
    scenario.shoot('1-dialog')
    dialog = program.windows()[-1]
    formats = [node for node in desktop.walk(dialog) if desktop.get_role(node) == 'combo box']
    expect(any('JPEG' in desktop.read(node) for node in formats), 'The dialog lists no formats')
    press('ctrl+a')
    desktop.enter('holiday')
    press('Return')
    saved = pictures / 'holiday.jpg'
    wait(lambda: program.check() or saved.exists(), f'“{saved}”')
    wait(lambda: len(program.windows()) == 1, 'the dialog to close')
    expect(not os.path.exists(pictures / 'holiday'), 'A name without suffix was taken as it is')
    scenario.end()
