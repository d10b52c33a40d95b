# SPDX-License-Identifier: GPL-3.0-or-later
"""Saving: the format is chosen from a list, the name gets its suffix, samples go to the person's own pictures, and what was
filled is told in the file where that is asked for."""

import json
import os
import subprocess
import time

import desktop
from desktop import expect, press, wait


RECORD = '^Record What Was Filled$'


def open_dialog(scenario, keys='ctrl+s'):
    press(keys)
    scenario.program.await_node('button', r'\bSave$')
    wait(lambda: len(scenario.program.windows()) > 1, 'the dialog')
    time.sleep(1)


def read_record(path):
    """What a file tells of fills."""
    done = subprocess.run(['exiftool', '-json', '-struct', '-XMP-lacuna:all', '-XMP-iptcExt:all', path], check=True,
                          capture_output=True, text=True)
    return {name: value for name, value in json.loads(done.stdout)[0].items() if name != 'SourceFile'}


def click(program, node):
    """In the newest window, a dialog for files, which says of itself that it is something else."""
    frame, place = program.get_frame(program.windows()[-1])
    x, y, width, height = desktop.get_extents(node)
    desktop.move(place[0] + x - frame[0] + width // 2, place[1] + y - frame[1] + height // 2)
    desktop.xdotool('click', 1)


def save_as(scenario, path, record):
    """With the switch turned to be so; returns what it was at first."""
    open_dialog(scenario, 'ctrl+shift+s')
    program = scenario.program
    press('ctrl+a')
    desktop.enter(str(path))
    box = program.await_node('check box', RECORD)
    before = desktop.has_state(box, desktop.Atspi.StateType.CHECKED)
    if before != record:
        click(program, box)
        wait(lambda: desktop.has_state(box, desktop.Atspi.StateType.CHECKED) == record, 'the switch')
    scenario.shoot(f'2-record-{record}')
    click(program, program.await_node('button', r'\bSave$'))
    wait(lambda: program.check() or path.exists(), f'“{path}”')
    wait(lambda: len(program.windows()) == 1, 'the dialog to close')
    return before


def record(scenario, pictures):
    """Off at first, and nothing is told then; it stays on where it was turned on, and what is filled later is told too."""
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    untold, told = pictures / 'untold.jpg', pictures / 'told.jpg'
    expect(not save_as(scenario, untold, False), 'The switch is on at first')
    expect(read_record(untold) == {}, 'What was not asked for was told')
    save_as(scenario, told, True)
    found = read_record(told)
    expect('compositeWithTrained' in found['DigitalSourceType'], f'{found}')
    for fill in found['Fills']:
        expect(fill['Model'] == 'default' and fill['Pixels'] > 0 and 'Distance' in fill, f'{fill}')
    # Saved once more without a dialog.
    told.unlink()
    press('ctrl+s')
    wait(lambda: scenario.program.check() or told.exists(), f'“{told}”')
    expect(read_record(told) == found, 'The second time something else was told')


def save_bare(scenario, folder, name, keys='ctrl+s'):
    """Under a name without suffix and folder, as a photo of the folder."""
    program, saved = scenario.program, folder / f'{name}.jpg'
    if len(program.windows()) == 1:
        open_dialog(scenario, keys)
    press('ctrl+a')
    desktop.enter(name)
    press('Return')
    wait(lambda: program.check() or saved.exists(), f'“{saved}”')
    wait(lambda: len(program.windows()) == 1, 'the dialog to close')
    expect(not os.path.exists(folder / name), 'A name without suffix was taken as it is')


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
    save_bare(scenario, pictures, 'holiday')
    record(scenario, pictures)
    scenario.end()

    # As a session, which has a copy of it, it is a sample all the same.
    scenario.start()
    scenario.program.click('button', '^zion-tunnel.jpg, ')
    scenario.await_photo('zion-tunnel.jpg')
    save_bare(scenario, pictures, 'again', 'ctrl+shift+s')
    scenario.end()
