# SPDX-License-Identifier: GPL-3.0-or-later
"""The attention step by step: five steps of what was filled, with numbers that agree, by keys, buttons and the pointer."""

import pathlib
import re
import time

import desktop
from desktop import expect, get_name, is_sensitive, move, press, wait

STEPS = ['Patches', 'Similarity', 'Propagation', 'Softmax', 'Paste']


class Steps:
    """The part of the window beside the photo, in which they are gone through."""

    def __init__(self, scenario):
        self.scenario, self.program = scenario, scenario.program
        self.pane = self.program.await_node('label', f'^1 of {len(STEPS)}: ')
        while self.program.find('button', '^Direction$', self.pane) is None:
            self.pane = self.pane.get_parent()

    def find(self, role, name):
        """The first of that role whose name matches."""
        self.program.check()
        return self.program.find(role, name, self.pane)

    def await_step(self, i):
        wait(lambda: self.find('label', f'^{i + 1} of {len(STEPS)}: {STEPS[i]}$'), f'the step “{STEPS[i]}”', pause=0.2)

    def go_on(self, i):
        press('alt+Right')
        self.await_step(i)

    def read(self, pattern):
        """What a label says."""
        return re.search(pattern, get_name(wait(lambda: self.find('label', pattern), f'“{pattern}”', pause=0.2)))

    def read_best(self, pattern, most):
        """Numbers of the best patches, from above: the first is the largest."""
        labels = wait(lambda: list(self.program.find_all('label', pattern, self.pane)), 'the best patches', pause=0.2)
        numbers = [float(get_name(label).split()[0]) for label in labels]
        expect(numbers == sorted(numbers, reverse=True), f'{numbers} are not in order')
        expect(0 < numbers[0] <= most, f'{numbers[0]} is no such number')
        return numbers

    def go_through(self):
        """By keys; the numbers of the steps agree."""
        self.await_step(0)
        patch = self.read(r'C = (\d+), (\d+) numbers; ‖f‖ = (\d+\.\d+)')
        expect(int(patch[2]) == 9 * int(patch[1]) > 0, f'A patch of {patch[0]}')
        expect(self.find('image', '^Compared$'), 'The patch is not shown')
        self.scenario.shoot('1-patches')

        self.go_on(1)
        cosines = self.read_best(r'^\d\.\d{3}$', 1)
        told = self.read(r'from ([\d.]+) to ([\d.]+)\..*‖f‖ = (\d+\.\d+)')
        expect(float(told[2]) == cosines[0] and told[3] == patch[3], f'{told[0]}, but {cosines} and {patch[0]}')
        self.scenario.shoot('2-similarity')

        self.go_on(2)
        sums = self.read_best(r'^\d+\.\d{2}$', 100 * float(patch[3]))
        told = self.read(r'sums from (-?\d+\.\d+) to (\d+\.\d+)')
        expect(float(told[2]) == sums[0], f'{told[0]}, but {sums}')
        self.scenario.shoot('3-propagation')

        self.go_on(3)
        shares = self.read_best(r'^[\d.]+ %$', 100)
        told = self.read(r'all shares: (\d+\.\d+)\. Shares of 1 % or more: (\d+); the list adds up those of neighbours\.')
        expect(abs(float(told[1]) - 1) < 1e-3 and int(told[2]) > 0, told[0])
        self.scenario.shoot('4-softmax')

        self.go_on(4)
        expect(self.read_best(r'^[\d.]+ %$', 100) == shares, 'Others are pasted than have shares')
        for name in 'Mean of patches', 'Network’s result':
            expect(self.find('image', f'^{name}$'), f'“{name}” is not shown')
        self.scenario.shoot('5-paste')


def export(scenario, item, name, start, suggested):
    """By an item of the menu beside the heading, counted from 0; the file's name tells the format."""
    scenario.program.click('button', '^Export What Is Shown$')
    scenario.program.await_menu()
    press(*['Down'] * item, 'Return')
    scenario.name_file(str(scenario.folder / name), f'{pathlib.Path(scenario.photo.name).stem} {suggested}')
    # A name without suffix gets that of the first format.
    path = scenario.folder / (name if '.' in name else f'{name}.png')
    wait(lambda: path.is_file() and path.read_bytes().startswith(start), f'“{name}”', pause=0.1)
    scenario.keep_file(path)
    return path.read_bytes()


def run_steps(scenario):
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    program = scenario.program
    scenario.brush()
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    press('4', 'F9')
    program.click('button', '^Step by Step$')
    scenario.park()
    steps = Steps(scenario)
    steps.go_through()

    # Who does not see it is told, and there is no step behind the last one.
    following, previous = (steps.find('button', f'^{name} Step$') for name in ('Next', 'Previous'))
    expect(not is_sensitive(following) and is_sensitive(previous), 'The last step leads on')
    for node in program.find('image', '^Attention$'), previous:
        wait(lambda: re.search(r'^5 of 5: Paste\. .* % from around \d+, \d+.*\.$', node.get_description()), 'the step to be told')
    x, y, width, height = program.await_rest(previous)
    move(x + width // 2, y + height // 2)
    for i in 3, 2, 1, 0:
        desktop.xdotool('click', 1)
        steps.await_step(i)
    wait(lambda: not is_sensitive(previous), 'the first step')

    # The pointer asks about another place: on the other side of the hole's middle.
    place = get_name(steps.find('label', '^Column '))
    left, _, width, _ = scenario.photo.first_hole
    is_left = int(re.search(r'around (\d+), ', place)[1]) < left + width / 2
    x, y, width, height = scenario.get_hole('Attention', scenario.photo.first_hole)
    move(x + width if is_left else x, y + height // 2)
    wait(lambda: get_name(steps.find('label', '^Column ')) != place, 'another place', pause=0.2)
    steps.go_on(1)
    steps.go_on(2)
    scenario.shoot('6-another-place')
    scenario.tell_stalls('steps')

    export(scenario, 0, 'step', b'\x89PNG', 'attention.png')
    program.click('button', '^Sources$')
    program.await_node('label', r'^The other [0-9.]+ % come from many more places\.$')
    export(scenario, 0, 'sources.pdf', b'%PDF', 'attention.png')
    panes = export(scenario, 1, 'panes.svg', b'<?xml', 'figure.pdf')
    # Three gaps of 14 points are beside and between two panes, as wide as what the network saw of the photo asks.
    width = int(re.search(rb' width="(\d+)', panes)[1])
    beside = re.compile(rb',\s*%d,\s*14\)' % (width // 2 + 7))
    expect(width > 42 and beside.search(panes), f'No two panes are side by side on {width} points')
    scenario.tell_stalls('figures')
    program.click('button', '^Step by Step$')

    # The attention does not outlive its photo's closing.
    press('1')
    scenario.close_photo()
    scenario.go_on()
    scenario.await_photo(scenario.photo.name)
    wait(lambda: steps.find('label', '^There is no attention to go through'), 'no attention', pause=0.5)
    time.sleep(1)
    scenario.shoot('7-anew')
    scenario.end()
