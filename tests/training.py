# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenario of tests/scenario.py that trains models: from a folder of photos to fills by what was learnt from it."""

import re
import shutil
import subprocess
import sys
import time

import desktop
from desktop import GdkPixbuf, enter, expect, is_same, is_sensitive, move, paste, press, wait, xdotool

# A window of another program, which a manager makes the active one.
OTHER = """
import gi
gi.require_version('Gtk', '4.0')
from gi.repository import GLib, Gtk
Gtk.init()
Gtk.Window(default_width=80, default_height=80, title='Another Program').present()
GLib.MainLoop().run()
"""


def make_folder(scenario):
    """Photos to learn from: the sample's parts, which are like one another; and a file that is none."""
    folder = scenario.folder / 'learnt'
    folder.mkdir()
    pixbuf = GdkPixbuf.Pixbuf.new_from_file(scenario.photo.path)
    side = min(pixbuf.get_width(), pixbuf.get_height()) // 2
    for i in range(6):
        part = pixbuf.new_subpixbuf(i * side // 6, i * side // 6, side, side)
        part.savev(str(folder / f'{i}.jpg'), 'jpeg', [], [])
    (folder / 'notes.txt').write_text('Not a photo.', encoding='utf-8')
    return str(folder)


def choose_folder(scenario, folder):
    # Newer GTK names a button in a row by the row.
    scenario.program.click('button', '^(Choose|Folder$)')
    name_folder(scenario, folder)
    wait(lambda: len(scenario.program.windows()) == 1, 'the dialog to close', pause=0.5)


def name_folder(scenario, folder):
    """In the dialog that GTK has where there is no portal."""
    # GTK 4.8 stumbles over questions about a dialog that comes or goes.
    time.sleep(2)
    wait(lambda: len(scenario.program.windows()) > 1, 'the dialog', pause=0.5)
    move(scenario.size[0] // 2, scenario.size[1] // 3)
    press('ctrl+l')
    press('ctrl+a')
    paste(folder)
    # GTK 4.18 completes it by a slash, which is selected, and then takes it for no folder.
    time.sleep(0.5)
    press('Delete')
    press('Return')
    time.sleep(1)


def open_numbers(scenario):
    scenario.program.scroll_to(scenario.program.await_node('label', '^Hyperparameters$'))
    scenario.program.click('label', '^Hyperparameters$')


def set_numbers(scenario, numbers):
    """Hyperparameters, by their names."""
    for name, number in numbers.items():
        x, y, _, height = scenario.program.scroll_to(scenario.program.await_node('spin button', f'^{re.escape(name)}$'))
        move(x + 12, y + height // 2)
        xdotool('click', 1)
        press('ctrl+a')
        enter(str(number))
        press('Tab')


def use(scenario, name):
    """Presses a button of the Training page, which may have to be scrolled to."""
    scenario.program.scroll_to(scenario.program.await_node('button', name))
    scenario.program.click('button', name)


def get_step(scenario):
    """The step that the training is at, or None."""
    label = scenario.program.find('label', r'^Step \d+ of \d+')
    return int(desktop.get_name(label).split()[1]) if label is not None else None


def watch_curves(scenario):
    """Until they have moved."""
    program = scenario.program
    curves = program.scroll_to(program.await_node('image', '^Losses'))
    before = program.capture()
    wait(lambda: not is_same(program.capture(), before, curves), 'the curves to move')
    return curves


def fill_by(scenario, model):
    """Chooses a model, fills by it, and undoes that. Returns the screen as it was."""
    program = scenario.program
    program.click('page tab', '^Models$')
    program.click('check box', f'^{model}$')
    program.click('page tab', '^Fill$')
    wait(scenario.can_fill, 'something to fill')
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    scenario.park()
    picture = scenario.shoot(f'9-filled-{model}')
    scenario.undo()
    wait(scenario.can_fill, 'the fill to be undone')
    return picture


def await_end(scenario, unmarked):
    """Goes on with a training and leaves its page, whose switch marks then that it is over; who does not look at the window
    is told. unmarked: the Fill page before."""
    program = scenario.program
    told = scenario.folder / 'told'
    with told.open('w') as file:
        monitor = subprocess.Popen(['dbus-monitor', "member='Notify'"], stdout=file)
    other = None
    try:
        wait(lambda: told.read_text(encoding='utf-8'), 'the monitor of notifications')
        use(scenario, '^Resume$')
        wait(lambda: get_step(scenario), 'the first step after the pause', pause=0.002)
        program.click('page tab', '^Fill$')
        scenario.park()
        other = subprocess.Popen([sys.executable, '-c', OTHER])
        tab = program.await_rest(program.await_node('page tab', '^Training$'))
        wait(lambda: not is_same(program.capture(), unmarked, tab), 'the mark of a training that is over', pause=0.2)
        wait(lambda: re.search('The Training Is Over.*1 photo was held out', told.read_text(encoding='utf-8'), re.S),
             'the notification')
    finally:
        for process in filter(None, (monitor, other)):
            process.terminate()
            process.wait()
    scenario.shoot('6-marked')
    program.click('page tab', '^Training$')


def keep_worse(scenario):
    """One photo can't tell how well a model does, and a step that is much too large makes it worse: it can be kept."""
    program, folder = scenario.program, scenario.folder / 'single'
    folder.mkdir()
    shutil.copy(scenario.folder / 'learnt' / '0.jpg', folder)
    program.click('page tab', '^Training$')
    choose_folder(scenario, str(folder))
    program.await_node('label', '1 usable photo. None can be held out')
    open_numbers(scenario)
    set_numbers(scenario, {'Learning rate (Adam)': 0.01, 'Learning rate warm-up in steps': 0,
                           'Decay of the weights’ moving average (EMA)': 0})
    use(scenario, '^Start$')
    wait(lambda: get_step(scenario), 'the first step')
    # It is looked at how well it does, though it was paused before.
    use(scenario, '^Pause$')
    program.await_node('label', '^Paused$')
    use(scenario, '^Stop$')
    program.await_node('label', '^The only photo was learnt from, so it can’t be told')
    expect(not is_sensitive(program.find('button', '^Use This Model$')), 'A model that is worse is offered for use')
    scenario.shoot('10-worse')
    use(scenario, '^Discard$')
    program.await_node('button', '^Start$')
    # The last one: the header has another.
    undo = wait(lambda: list(program.find_all('button', 'Undo$'))[1:], 'the offer to undo')[-1]
    scenario.shoot('11-discarded')
    x, y, width, height = program.await_rest(undo)
    move(x + width // 2, y + height // 2)
    xdotool('click', 1)
    program.await_node('label', '^The only photo was learnt from, so it can’t be told')
    use(scenario, '^Keep$')
    program.await_node('button', '^Start$')
    program.click('page tab', '^Models$')
    program.await_node('check box', '^mine 2$')
    scenario.shoot('12-kept')


def run_training(scenario):
    """From a folder of photos to a fill by the model that was learnt from it."""
    folder = make_folder(scenario)
    scenario.start()
    program = scenario.program
    program.await_node('button', '^Open a Photo')
    unmarked = scenario.shoot('0-start')
    program.click('page tab', '^Training$')
    scenario.shoot('1-setup')
    choose_folder(scenario, folder)
    program.await_node('label', '6 usable photos, 1 of them is held out .* too few to tell')
    scenario.shoot('2-folder')
    open_numbers(scenario)
    set_numbers(scenario, {'Steps': 250, 'Batch size': 2, 'Crop size in pixels': 64})
    scenario.shoot('3-options')
    use(scenario, '^Start$')
    wait(lambda: get_step(scenario), 'the first steps')
    x, y, width, height = watch_curves(scenario)
    move(x + 2 * width // 3, y + height // 2)
    scenario.shoot('4-running')
    press('ctrl+w')
    # The buttons of such a question are there twice, side by side and above one another: keys tell them apart.
    program.await_node('button', r'\bGo On$')
    press('Escape')
    wait(lambda: len(program.windows()) == 1, 'the question to go')

    use(scenario, '^Pause$')
    program.await_node('label', '^Paused$')
    program.await_node('button', '^Resume$')
    paused = program.capture()
    time.sleep(1)
    expect(is_same(program.capture(), paused, program.get_box(program.find('image', '^Losses'))), 'A paused curve moves')
    scenario.shoot('5-paused')
    await_end(scenario, unmarked)
    program.await_node('label', '^Result$')
    program.await_node('label', '1 photo was held out: too few to tell')
    scenario.shoot('7-result')
    scenario.tell_stalls('training')
    # It is over for the next run of the program too, which has nothing else to keep it by.
    scenario.end()
    scenario.start()
    program = scenario.program
    program.await_node('button', '^Open a Photo')
    program.click('page tab', '^Training$')
    program.await_node('label', '^Result$')
    scenario.shoot('7-again')
    use(scenario, '^Use This Model$')
    program.await_node('button', '^Start$')
    scenario.shoot('8-used')

    scenario.open_photo()
    scenario.brush()
    chosen = [fill_by(scenario, model) for model in ('mine', 'Default', 'mine')]
    hole = scenario.get_hole('Photo')
    expect(not is_same(chosen[0], chosen[1], hole), 'The new model fills as the one before')
    expect(is_same(chosen[0], chosen[2], hole), 'The new model fills otherwise the second time')
    if not scenario.is_narrow():
        keep_worse(scenario)
    scenario.end()
