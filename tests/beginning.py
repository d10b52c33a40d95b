# SPDX-License-Identifier: GPL-3.0-or-later
"""The first start, the first fill, and what of it other programs get."""

import os
import pathlib
import random
import zipfile

from desktop import GdkPixbuf, GLib, drag, expect, is_same, move, press, wait

HINT = '^Brush over what should go'
SAMPLES = '^(Boats on|Golden|Hike|Picos|Tunnel)'
OFFER = 'Learn This Photo$'


def read_settings():
    path = os.path.join(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings', 'keyfile')
    with open(path, encoding='utf-8') as file:
        return file.read()


def save_patch(scenario):
    """By the third item of the menu beside Save."""
    path = scenario.folder / 'layers.ora'
    scenario.program.click('button', '^Ways to Save$')
    scenario.program.await_node('menu item', '')
    scenario.shoot('4-menu')
    press('Down', 'Down')
    press('Return')
    scenario.name_file(str(path))
    wait(lambda: scenario.program.check() or path.exists(), f'“{path}”')
    wait(lambda: len(scenario.program.windows()) == 1, 'the dialog to close')
    with zipfile.ZipFile(path) as archive:
        expect('data/patch.png' in archive.namelist(), f'The patch is no layer of {archive.namelist()}')
        (scenario.folder / 'patch.png').write_bytes(archive.read('data/patch.png'))
    hole = scenario.photo.hole
    alpha = GdkPixbuf.Pixbuf.new_from_file(str(scenario.folder / 'patch.png'))
    at = (hole[1] + hole[3] // 2) * alpha.get_rowstride() + 4 * (hole[0] + hole[2] // 2) + 3
    pixels = alpha.read_pixel_bytes().get_data()
    expect((pixels[at], pixels[3]) == (255, 0), 'The patch is not opaque where it was filled alone')


def hold_self_test(scenario):
    """Nothing is known of the device, and the program that tries it first waits for a file, which is returned; it says
    so, as one that is silent counts as hanging."""
    real = pathlib.Path(os.environ.get('LACUNA_LIBEXEC', pathlib.Path(scenario.command).parent)).absolute()
    programs, seen = scenario.folder / 'programs', scenario.folder / 'seen'
    programs.mkdir()
    for name in 'lacuna-codec', 'lacuna-probe':
        (programs / name).symlink_to(real / name)
    waiting = programs / 'lacuna-self-test'
    waiting.write_text(f'#!/bin/sh\nwhile [ ! -e "{seen}" ]; do echo waiting; sleep 1; done\n'
                       f'exec "{real}/lacuna-self-test" "$@"\n', encoding='utf-8')
    waiting.chmod(0o755)
    scenario.environment = {'LACUNA_LIBEXEC': str(programs), 'XDG_CACHE_HOME': str(scenario.folder / 'cache')}
    return seen


def run_beginning(scenario):
    """The device is prepared while nothing is open; the photo says where to begin until the first fill."""
    scenario.configure(first=True)
    seen = hold_self_test(scenario)
    scenario.start()
    program = scenario.program
    program.await_node('label', '^Preparing the device, once', patience=600)
    scenario.shoot('1-preparing')
    seen.touch()
    wait(lambda: 'prepared=' in read_settings(), 'the device to be prepared', patience=600)
    wait(lambda: not program.find('label', '^Preparing the device, once'), 'that to be said no more')
    plain = scenario.shoot('2-start')
    samples = [program.await_rest(node) for node in program.find_all('button', SAMPLES)]
    expect(len(samples) == 5 and len({y for _, y, _, _ in samples}) == 1, f'The samples are at {samples}')
    x, y, width, height = samples[0]
    move(x + width // 2, y + height // 2)
    wait(lambda: not is_same(program.capture(), plain, (x + width // 4, y + height // 4, 9, 9)),
         'the sample that is pointed at to stand out')
    scenario.tell_stalls('prepare')

    scenario.open_photo()
    program.await_node('label', HINT)
    expect(not program.find('label', '^Strongest Sources$|^Fill something to see'), 'The inspector is open at first')
    scenario.park()
    scenario.shoot('3-hint')
    scenario.brush()
    expect(not program.find('label', HINT), 'The hint stays over what is marked')
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    save_patch(scenario)
    press('ctrl+shift+a')
    wait(lambda: not scenario.can_fill(), 'nothing to be marked')
    expect(not program.find('label', HINT), 'The hint comes back after a fill')
    scenario.end()
    expect('hints=false' in read_settings(), 'The hint comes back at the next start')


def make_noise(path, width=640, height=480):
    """A photo in which nothing can be known of what is hidden: patches of chance colours."""
    chance = random.Random(1)
    pixels = bytearray(3 * width * height)
    for top in range(0, height, 40):
        for left in range(0, width, 40):
            colour = bytes(chance.randrange(256) for _ in range(3))
            for y in range(top, min(top + 40, height)):
                pixels[3 * (y * width + left):3 * (y * width + min(left + 40, width))] = colour * (min(left + 40, width) - left)
    GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(bytes(pixels)), GdkPixbuf.Colorspace.RGB, False, 8, width, height,
                                    3 * width).savev(path, 'png', [], [])


def brush_middle(box):
    """To and fro so close that a hole without gaps is left, on a screen of any size."""
    x, y, width, height = box
    drag([(x + width * (0.42 + 0.16 * (i % 2)), y + height * (0.4 + 0.01 * i)) for i in range(19)])


def fill_middle(scenario):
    brush_middle(scenario.get_pane('Photo'))
    wait(scenario.can_fill, 'something to fill')
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()


def run_offer(scenario):
    """A fill that is likely wrong has the program offer to learn the photo, once; one that is likely right has not."""
    noise, plain = scenario.folder / 'noise.png', scenario.folder / 'plain.png'
    make_noise(str(noise))
    sky = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, 640, 480)
    sky.fill(0x6090c0ff)
    sky.savev(str(plain), 'png', [], [])
    scenario.start(str(plain))
    program = scenario.program
    scenario.await_photo('plain.png')
    fill_middle(scenario)
    expect(not program.find('button', OFFER), 'To learn is offered after a fill that is right')
    program.open(str(noise))
    scenario.await_photo('noise.png')
    fill_middle(scenario)
    program.await_node('button', OFFER)
    scenario.shoot('1-offer')
    program.click('button', OFFER)
    program.await_node('button', '^Stop Learning$')
    scenario.shoot('2-learning')
    program.click('button', '^Stop Learning$')
    wait(lambda: not program.find('button', '^Stop Learning$'), 'the lesson to end')
    scenario.fill()
    program.await_node('button', r'^Variant 2\b')
    scenario.await_fill()
    expect(not program.find('button', OFFER), 'To learn is offered once more')
    scenario.end()
