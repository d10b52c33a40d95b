# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios of tests/scenario.py in which what the program uses breaks: decoders, encoders and drivers."""

import os
import pathlib
import shutil

from desktop import expect, is_same, press, wait

BREAKS = {'crash': 'ended by signal 11', 'memory': 'ended by signal 6', 'hang': 'did not answer within'}
BREAKS_PATIENCE = 240  # seconds: longer than the program's own, for one that hangs


def use_helpers(scenario, codec):
    """The programs that Lacuna starts, but for another codec."""
    helpers = scenario.folder / 'helpers'
    helpers.mkdir()
    for name in 'lacuna-probe', 'lacuna-self-test':
        (helpers / name).symlink_to(pathlib.Path(os.environ['LACUNA_LIBEXEC'], name))
    (helpers / 'lacuna-codec').symlink_to(codec)
    scenario.environment = {**(scenario.environment or {}), 'LACUNA_LIBEXEC': str(helpers)}


def await_complaint(scenario, heading, says, state):
    """An error that says so, which is then closed."""
    program = scenario.program
    program.await_node('label', heading, BREAKS_PATIENCE)
    program.await_node('label', says)
    scenario.shoot(state)

    def is_closed():
        """A dialog that was just shown may not take the first click yet."""
        if program.find('label', heading) is not None:
            program.click('button', r'\bClose$')
        return program.find('label', heading) is None

    wait(is_closed, 'the error to be closed', pause=1)


def stop_saving(scenario, path):
    """A save that takes long is shown, and can be stopped, though its photo is closed meanwhile."""
    program = scenario.program
    scenario.begin_save(str(path))
    program.await_node('button', '^Do Not Save$')
    scenario.park()
    press('F10')
    program.await_menu()
    press('Down', 'Return')
    program.await_node('button', '(?i)tunnel')
    program.await_node('label', f'^Saving “{path.name}”…$')
    scenario.shoot('3-saving')

    def is_stopped():
        """A window whose photo was just closed may not take the first click yet."""
        if program.find('button', '^Do Not Save$') is not None:
            program.click('button', '^Do Not Save$')
        return program.find('button', '^Do Not Save$') is None

    wait(is_stopped, 'the save to be stopped', pause=2)
    # A busy machine may find what is told in passing too late: that it is no error.
    expect(len(program.windows()) == 1 and not path.exists(), 'What was not to be saved was, or is told as an error')


def run_codec(scenario):
    """Decoders and encoders that crash, take all memory or hang: an error each, and the next photo opens."""
    use_helpers(scenario, pathlib.Path(os.environ['G_TEST_BUILDDIR'], 'codec', 'lacuna-codec'))
    other = scenario.folder / 'other.png'
    shutil.copy(scenario.photo.path, other)
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    program = scenario.program
    for kind, how in BREAKS.items():
        broken = scenario.folder / f'{kind}.png'
        shutil.copy(scenario.photo.path, broken)
        program.open(str(broken))
        await_complaint(scenario, '^The Photo Could Not Be Opened$', f'{kind}.*the decoder {how}', f'1-{kind}-opened')
        broken.unlink()
        program.open(str(other))
        scenario.await_photo(other.name)
        if kind == 'hang':
            stop_saving(scenario, broken)
            program.open(str(other))
            scenario.await_photo(other.name)
        scenario.begin_save(str(broken))
        await_complaint(scenario, '^The Photo Could Not Be Saved$', f'{kind}.*the encoder {how}', f'2-{kind}-saved')
        expect(not broken.exists(), 'What could not be saved is there')
        scenario.open_photo()
        blocked = program.read_watchdog()[0]
        expect(blocked < 1000, f'{kind}: the main loop stood still for {blocked} ms')
    scenario.end()


def use_driver(scenario, behaviour):
    """The driver of driver.c beside those that are installed, and a cache with the kernels of these."""
    vendors, cache = (scenario.folder / name / behaviour for name in ('vendors', 'cache'))
    for folder in vendors, cache / 'lacuna':
        folder.mkdir(parents=True)
    for vendor in pathlib.Path('/etc/OpenCL/vendors').glob('*.icd'):
        shutil.copy(vendor, vendors)
    (vendors / '0-test.icd').write_text(os.environ['G_TEST_BUILDDIR'] + '/driver.so\n', encoding='utf-8')
    kernels = pathlib.Path(os.environ['XDG_CACHE_HOME'], 'lacuna', 'programs')
    if kernels.exists():
        shutil.copytree(kernels, cache / 'lacuna' / 'programs')
    scenario.environment = {'OCL_ICD_VENDORS': str(vendors), 'LACUNA_TEST_DRIVER': behaviour,
                            'XDG_CACHE_HOME': str(cache)}


def run_drivers(scenario):
    """Drivers that end who builds by them, or give wrong numbers: that is told, and the next device fills."""
    for behaviour in 'build-abort', 'idle':
        use_driver(scenario, behaviour)
        scenario.start(scenario.photo.path)
        scenario.await_photo(scenario.photo.name)
        # It is met when the device is prepared.
        scenario.program.await_node('label', f'“{behaviour}” is set aside, because its driver .Test Platform')
        scenario.shoot(f'1-{behaviour}')
        scenario.brush()
        hole, before = scenario.get_hole('Photo'), scenario.program.capture()
        scenario.fill()
        wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
        scenario.await_fill()
        wait(lambda: not is_same(scenario.program.capture(), before, hole), 'the hole to be filled')
        scenario.undo()
        wait(scenario.can_fill, 'the fill to be undone')
        scenario.end()
