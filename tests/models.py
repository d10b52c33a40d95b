# SPDX-License-Identifier: GPL-3.0-or-later
"""The Models page: a checkpoint comes in, fills beside the default, goes out as a file, is deleted and brought back."""

import os
import time

import desktop
from desktop import Atspi, expect, has_state, is_same, paste, press, wait

IMPORTED = 'gen_daa233_tiny'


def reach(node, what):
    """By Tab alone."""
    for _ in range(100):
        # A menu button is a box around the one that has the focus.
        if any(has_state(part, Atspi.StateType.FOCUSED) for part in desktop.walk(node)):
            return
        press('Tab')
        time.sleep(0.1)
    expect(False, f'Tab does not reach {what}')


def await_closed(program):
    """The dialog. Where nothing manages windows, GTK 4.24 leaves the display without a focus then."""
    wait(lambda: len(program.windows()) == 1, 'the dialog to close')
    desktop.xdotool('windowfocus', program.find_window()[0])


def name_file(program, path):
    """In the file dialog."""
    wait(lambda: len(program.windows()) > 1, 'the dialog')
    time.sleep(2)
    press('ctrl+l')
    press('ctrl+a')
    paste(str(path))
    # The text comes from another program.
    time.sleep(3)
    press('Return')


def compare(scenario):
    """Fills of the same hole by both models, the one a variant beside the other."""
    program = scenario.program
    scenario.brush()
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    program.click('page tab', '^Models$')
    program.click('check box', f'^{IMPORTED}$')
    program.click('page tab', '^Fill$')
    wait(scenario.can_fill, 'something to fill')
    scenario.fill()
    program.await_node('button', f'^Variant 2, filled by “{IMPORTED}”$')
    scenario.await_fill()
    scenario.park()
    hole, imported = scenario.get_hole('Photo'), scenario.shoot('3-imported')
    program.click('button', '^Variant 1, filled by “Default”$')
    scenario.park()
    wait(lambda: not is_same(program.capture(), imported, hole), 'what the other model filled')
    scenario.shoot('4-default')


def get_card(program):
    """What is told of the imported model, or None."""
    row = next((node for node in program.find_all('list item', '') if IMPORTED in desktop.read(node)), None)
    return desktop.read(row) if row is not None else None


def refuse_import(scenario):
    """What is no model is told in a dialog, with what is wrong with it."""
    program = scenario.program
    notes = scenario.folder / 'notes.safetensors'
    notes.write_text('Not a model.', encoding='utf-8')
    program.click('button', '^Import a Model$')
    name_file(program, notes)
    program.await_node('label', '^The Model Was Not Imported$')
    program.await_node('label', f'“{notes.name}”')
    scenario.shoot('0-refused')
    press('Escape')
    await_closed(program)


def import_model(scenario):
    """By keys alone; what is to be known of it is told."""
    program = scenario.program
    program.click('page tab', '^Models$')
    reach(program.await_node('button', '^Import a Model$'), 'the button that imports')
    press('Return')
    name_file(program, os.path.join(os.environ['G_TEST_SRCDIR'], 'golden', f'{IMPORTED}.pt'))
    program.await_node('label', 'pads the strided convolutions evenly')
    scenario.shoot('1-imported')
    press('Escape')
    await_closed(program)
    card = wait(lambda: get_card(program), 'the card')
    expect('Width 4' in card and 'license unknown' in card, f'The card tells “{card}”')
    scenario.shoot('2-card')


def open_menu(program):
    reach(program.await_node('button', f'What to Do with “{IMPORTED}”'), 'the model’s menu')
    press('Return')
    program.await_node('menu item', '')  # GTK 4.18 leaves items of menus without a name


def export_model(scenario):
    """Under a name without suffix, which it gets."""
    program, path = scenario.program, scenario.folder / 'out.safetensors'
    open_menu(program)
    scenario.shoot('5-menu')
    press('Return')
    scenario.name_file(str(path.with_suffix('')), suggested=f'{IMPORTED}.safetensors')
    wait(path.exists, 'the exported file')
    await_closed(program)
    expect(b'"conv1.weight"' in path.read_bytes()[:20000], 'What was exported has no layers')


def refuse_name(scenario):
    """No two models are shown by one name, however it is written."""
    program = scenario.program
    open_menu(program)
    press('Down', 'Return')
    program.await_node('label', '^Rename the Model$')
    press('ctrl+a')
    desktop.enter('DEFAULT')
    press('Return')
    program.await_node('label', '^There is a model “DEFAULT” already')
    wait(lambda: 'DEFAULT' in desktop.read_texts(program.windows()[-1]), 'what was typed')
    scenario.shoot('5-refused')
    press('Escape')
    await_closed(program)
    expect(get_card(program), 'The model has another name')


def delete_model(scenario):
    """And brings it back, chosen as it was."""
    program = scenario.program
    open_menu(program)
    press('Down', 'Down', 'Return')
    wait(lambda: get_card(program) is None, 'the card to go')
    scenario.shoot('6-deleted')
    # The last one: the header has another.
    undo = wait(lambda: list(program.find_all('button', 'Undo$'))[1:], 'the offer to undo')[-1]
    reach(undo, 'the offer to undo')
    press('Return')
    wait(lambda: get_card(program), 'the card to be back')
    scenario.shoot('7-back')
    chosen = program.await_node('check box', f'^{IMPORTED}$')
    wait(lambda: has_state(chosen, Atspi.StateType.CHECKED), 'the model to be the chosen one again')


def run_models(scenario):
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    scenario.photo.holes = [scenario.photo.hole]
    scenario.program.click('page tab', '^Models$')
    refuse_import(scenario)
    import_model(scenario)
    scenario.program.click('page tab', '^Fill$')
    compare(scenario)
    scenario.program.click('page tab', '^Models$')
    export_model(scenario)
    refuse_name(scenario)
    delete_model(scenario)
    scenario.end()
