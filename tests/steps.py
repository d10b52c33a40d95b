# SPDX-License-Identifier: GPL-3.0-or-later
"""The attention step by step: five steps of what was filled, with numbers that agree, by keys, buttons and the pointer."""

import re
import time

import desktop
from desktop import expect, get_name, is_sensitive, move, press, wait

STEPS = ['Patches', 'Similarity', 'Propagation', 'Softmax', 'Paste']


def await_step(scenario, i):
    scenario.program.await_node('label', f'^{i + 1} of {len(STEPS)}: {STEPS[i]}$')
    time.sleep(0.5)


def read_numbers(scenario, pattern):
    """What the labels that match wholly say, from above."""
    found = scenario.program.find_all('label', pattern)
    return [float(get_name(label).split()[0]) for label in found]


def read_ranked(scenario, pattern, most):
    """Numbers of the strongest patches: the first is the largest."""
    numbers = wait(lambda: read_numbers(scenario, pattern), 'the strongest patches')
    expect(numbers == sorted(numbers, reverse=True), f'{numbers} are not in order')
    expect(0 < numbers[0] <= most, f'{numbers[0]} is no such number')
    return numbers


def read_label(scenario, pattern):
    return re.search(pattern, get_name(scenario.program.await_node('label', pattern)))


def go_through(scenario):
    """By keys; each step shows its numbers."""
    program = scenario.program
    await_step(scenario, 0)
    first = read_label(scenario, r'C = (\d+), (\d+) numbers; ‖f‖ = (\d+\.\d+)')
    expect(int(first[2]) == 9 * int(first[1]) > 0, f'A patch of {first[0]}')
    program.await_node('image', '^Compared$')
    scenario.shoot('1-patch')

    press('alt+Right')
    await_step(scenario, 1)
    cosines = read_ranked(scenario, r'^\d\.\d{3}$', 1)
    told = read_label(scenario, r'from ([\d.]+) to ([\d.]+)\..*‖f‖ = (\d+\.\d+)')
    expect(float(told[2]) == cosines[0] and told[3] == first[3], f'{told[0]}, but {cosines} and {first[0]}')
    scenario.shoot('2-similarity')

    press('alt+Right')
    await_step(scenario, 2)
    sums = read_ranked(scenario, r'^\d+\.\d{2}$', 9.01 * float(first[3]) * 3)
    told = read_label(scenario, r'sums from ([-\d.]+) to ([\d.]+)\.')
    expect(float(told[2]) == sums[0], f'{told[0]}, but {sums}')
    scenario.shoot('3-propagation')

    press('alt+Right')
    await_step(scenario, 3)
    shares = read_ranked(scenario, r'^[\d.]+ %$', 100)
    told = read_label(scenario, r'all shares: (\d+\.\d+)')
    expect(abs(float(told[1]) - 1) < 1e-3, told[0])
    scenario.shoot('4-softmax')

    press('alt+Right')
    await_step(scenario, 4)
    expect(read_ranked(scenario, r'^[\d.]+ %$', 100) == shares, 'Others are pasted than have shares')
    for name in 'Mean of patches', 'Network’s result':
        program.await_node('image', f'^{name}$')
    scenario.shoot('5-paste')


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
    go_through(scenario)

    # Who does not see it is told, and there is no step behind the last one.
    following, previous = (program.await_node('button', f'^{name} Step$') for name in ('Next', 'Previous'))
    expect(not is_sensitive(following) and is_sensitive(previous), 'The last step leads on')
    for node in program.find('image', '^Attention$'), previous:
        wait(lambda: re.search(r'^5 of 5: Paste\. .* % around \d+, \d+.*\.$', node.get_description()), 'the step to be told')
    for i in 3, 2, 1, 0:
        program.click('button', '^Previous Step$')
        await_step(scenario, i)
    wait(lambda: not is_sensitive(previous), 'the first step')

    # The pointer asks about another place, whose heat is drawn over the photo.
    place = get_name(program.find('label', '^Column '))
    x, y, width, height = scenario.get_hole('Attention', scenario.photo.first_hole)
    move(x + width // 2, y + height // 2)
    wait(lambda: get_name(program.find('label', '^Column ')) != place, 'another place')
    press('alt+Right', 'alt+Right')
    await_step(scenario, 2)
    scenario.shoot('6-another-place')
    scenario.tell_stalls('steps')

    # The attention does not outlive its photo's closing.
    scenario.close_photo()
    scenario.go_on()
    scenario.await_photo(scenario.photo.name)
    program.await_node('label', '^There is no attention to go through')
    scenario.shoot('7-anew')
    scenario.end()
