#!/usr/bin/env python3
"""What a fill keeps of a photo's file, as exiftool and vips see it: roundtrip.py LACUNA, run by meson test."""

import base64
import json
import os
import struct
import subprocess
import sys
import tempfile

lacuna = os.path.abspath(sys.argv[1])
count = 0
noted = []

# What the eight orientations make of a picture, to undo which is the orientation in the other direction.
inverse = {1: [], 2: ['flip horizontal'], 3: ['rot d180'], 4: ['flip vertical'],
           5: ['rot d90', 'flip horizontal'], 6: ['rot d270'], 7: ['rot d270', 'flip horizontal'], 8: ['rot d90']}
tags = ['-Make=Acme', '-Model=X 1', '-Artist=Zoë', '-Copyright=mine', '-ExposureTime=1/250', '-FNumber=2.8', '-ISO=400',
        '-DateTimeOriginal=2020:01:02 03:04:05', '-UserComment=héllo', '-LensModel=Foo 50', '-GPSLatitude=48.123456',
        '-GPSLatitudeRef=N', '-GPSLongitude=11.5', '-GPSLongitudeRef=W', '-InteropIndex=R03', '-XMP-dc:Title=a title',
        '-XMP-photoshop:City=Wien', '-XMP-crs:Exposure2012=+0.50']
iptc = ['-IPTC:City=Linz', '-IPTC:Keywords=one', '-IPTC:Keywords=two']
# Suffix, bands, bits that the source has, and whether the format holds IPTC and loses no pixel.
kinds = [('jpg', 3, 8), ('jpg', 1, 8), ('png', 3, 8), ('png', 4, 16), ('png', 2, 8), ('png', 1, 16), ('webp', 4, 8),
         ('tif', 3, 8), ('tif', 4, 16), ('tif', 1, 8), ('heic', 3, 8), ('heic', 4, 16), ('avif', 3, 8),
         ('avif', 4, 16)]
# Those which are tried in all eight orientations: one of each format.
turned = [('jpg', 3, 8), ('png', 4, 16), ('webp', 4, 8), ('tif', 3, 8), ('heic', 3, 8), ('avif', 3, 8)]
lossless = ('png', 'tif')


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding='utf-8').stdout


def vips(operation, *arguments):
    return run('vips', operation, *map(str, arguments))


def header(path, field):
    return run('vipsheader', '-f', field, path).strip()


def form(path):
    """All that two pictures must have in common to be compared."""
    lines = dict(line.split(': ', 1) for line in run('vipsheader', '-a', path).splitlines() if ': ' in line)
    return {field: lines[field] for field in ('width', 'height', 'bands', 'format', 'interpretation')}


def tag(path, *changes):
    """Notes a change of a file's metadata; write_tags makes all that were noted, in one run of exiftool."""
    noted.append([*changes, '-overwrite_original', '-q', '-q', path])


def write_tags():
    with open('noted', 'w', encoding='utf-8') as arguments:
        arguments.write('\n-execute\n'.join('\n'.join(change) for change in noted))
    noted.clear()
    run('exiftool', '-@', 'noted')


def make_picture(path, bands, bits):
    """96×64, no two corners alike; a slope, which lossy codecs keep."""
    vips('xyz', 'xy.v', 96, 64)
    vips('extract_band', 'xy.v', 'x.v', 0)
    vips('extract_band', 'xy.v', 'y.v', 1)
    top = 257 if bits == 16 else 1
    parts = []
    for i, (across, down, start) in enumerate([(1.5, .5, 20), (.3, 2, 40), (.5, .7, 90), (.2, .3, 200)][:bands]):
        vips('linear', 'x.v', 'ax.v', across * top, start * top)
        vips('linear', 'y.v', 'ay.v', down * top, 0)
        vips('add', 'ax.v', 'ay.v', f'band{i}.v')
        parts.append(f'band{i}.v')
    if bands in (2, 4):
        vips('linear', 'x.v', parts[-1], 2 * top, 60 * top)
    vips('bandjoin', ' '.join(parts), 'joined.v')
    vips('cast', 'joined.v', 'cast.v', 'ushort' if bits == 16 else 'uchar')
    kind = {(1, 8): 'b-w', (2, 8): 'b-w', (1, 16): 'grey16', (2, 16): 'grey16'}.get((bands, bits))
    vips('copy', 'cast.v', path, '--interpretation', kind or ('rgb16' if bits == 16 else 'srgb'))


def make_source(path, bands, bits, orientation):
    """A file of that format, profile and metadata included, which is stored turned and says so."""
    suffix = path.rsplit('.', 1)[1]
    picture = f'{bands}-{bits}.v'
    if not os.path.exists(picture):
        make_picture(picture, bands, bits)
    for step in inverse[orientation]:
        operation, argument = step.split()
        vips(operation, picture, f'{operation}.v', argument)
        picture = f'{operation}.v'
    options = {'jpg': '[Q=95]', 'heic': '[Q=95]', 'webp': '[lossless]', 'avif': '[Q=95]'}.get(suffix, '')
    vips('copy', picture, path + options)
    profile = [] if bands < 3 or suffix in ('heic', 'avif') else ['-icc_profile<=p3.icc']
    orient = [f'-Orientation#={orientation}']
    held = iptc if suffix in ('jpg', 'tif') else []
    tag(path, *tags, *held, *profile, *orient)
    if orientation == 6 and suffix == 'jpg':
        tag(path, '-ThumbnailImage<=thumbnail.jpg')


def boxes(data, start, end):
    while start < end:
        size, kind = struct.unpack('>I4s', data[start:start + 8])
        yield kind.decode('latin-1'), (start, start + size)
        start += size


def turn_heif(path, orientation):
    """Has the container turn its picture, by boxes which libvips does not write, beside what EXIF says."""
    # Quarter turns to the left, then the axis of a mirror.
    turns, axis = {1: (0, None), 2: (0, 1), 3: (2, None), 4: (0, 0), 5: (1, 0), 6: (3, None), 7: (1, 1),
                   8: (1, None)}[orientation]
    added = [struct.pack('>I4sB', 9, b'irot', turns)] * (turns > 0)
    added += [] if axis is None else [struct.pack('>I4sB', 9, b'imir', axis)]
    with open(path, 'rb') as file:
        data = file.read()
    start, end = next(place for kind, place in boxes(data, 0, len(data)) if kind == 'meta')
    meta = {kind: data[slice(*place)] for kind, place in boxes(data, start + 12, end)}
    parts = {kind: meta['iprp'][slice(*place)] for kind, place in boxes(meta['iprp'], 8, len(meta['iprp']))}
    n_properties, primary = len(list(boxes(parts['ipco'], 8, len(parts['ipco'])))), meta['pitm'][12:14]
    at, entries = 16, b''
    while at < len(parts['ipma']):
        item, n = parts['ipma'][at:at + 2], parts['ipma'][at + 2]
        more = bytes(0x80 | n_properties + 1 + i for i in range(len(added))) if item == primary else b''
        entries += item + bytes([n + len(more)]) + parts['ipma'][at + 3:at + 3 + n] + more
        at += 3 + n

    def make(kind, content):
        return struct.pack('>I4s', 8 + len(content), kind) + content

    iprp = make(b'iprp', make(b'ipco', parts['ipco'][8:] + b''.join(added)) + make(b'ipma', parts['ipma'][8:16] + entries))
    grown, iloc, at = len(iprp) - len(meta['iprp']), bytearray(meta['iloc']), 16
    # What lies behind the boxes moves: offsets, lengths and bases of 4 bytes, as libheif writes them.
    assert iloc[8:14] == b'\0\0\0\0\x44\x40', iloc[:16]
    while at < len(iloc):
        base, n = struct.unpack('>IH', iloc[at + 4:at + 10])
        iloc[at + 4:at + 8] = struct.pack('>I', base + grown)
        at += 10 + 8 * n
    meta.update(iprp=iprp, iloc=bytes(iloc))
    with open(path, 'wb') as file:
        file.write(data[:start] + make(b'meta', data[start + 8:start + 12] + b''.join(meta.values())) + data[end:])


def read_tags(*paths):
    return json.loads(run('exiftool', '-q', '-j', '-G1', '-a', '-struct', *paths))


def select(found):
    """By group and name, less what is about the file and how its pixels are stored."""
    stored = {'ImageWidth', 'ImageHeight', 'BitsPerSample', 'Compression', 'PhotometricInterpretation', 'StripOffsets',
              'SamplesPerPixel', 'RowsPerStrip', 'StripByteCounts', 'PlanarConfiguration', 'Predictor', 'SampleFormat',
              'ExtraSamples', 'XResolution', 'YResolution', 'ResolutionUnit', 'YCbCrPositioning', 'Orientation',
              'ExifImageWidth', 'ExifImageHeight', 'XMPToolkit', 'PageNumber', 'SubfileType', 'FillOrder',
              'ComponentsConfiguration', 'FlashpixVersion', 'ColorSpace', 'ExifVersion', 'NewSubfileType'}
    groups = ('IFD0', 'ExifIFD', 'GPS', 'InteropIFD', 'IPTC', 'XMP', 'ICC')
    # Where Photoshop puts it in a TIFF is a second place for it.
    found = {key.replace('IPTC2:', 'IPTC:'): value for key, value in found.items()}
    return {key: value for key, value in found.items()
            if key.startswith(groups) and key.split(':')[1] not in stored}


def difference(a, b):
    """The largest in the rows that are not filled."""
    vips('subtract', a, b, 'difference.v')
    vips('extract_area', 'difference.v', 'known.v', 0, 0, 96, 20)
    vips('abs', 'known.v', 'absolute.v')
    return float(vips('max', 'absolute.v'))


def check(name, sources, outputs):
    """All of that kind, in the orientations, against what vips makes of the source and what that was made of."""
    global count
    for source, output, before, found in zip(sources, outputs, map(select, read_tags(*sources)), read_tags(*outputs)):
        after = select(found)
        assert before.keys() >= {'IFD0:Make', 'ExifIFD:ExposureTime', 'GPS:GPSLatitude', 'XMP-dc:Title'}, before
        assert before == after, (source, {k: (before.get(k), after.get(k)) for k in before.keys() ^ after.keys()
                                          | {k for k in before.keys() & after.keys() if before[k] != after[k]}})
        assert found.get('IFD0:Orientation', 'Horizontal (normal)') == 'Horizontal (normal)', (output, found)
        assert not any(key.endswith(':ThumbnailImage') for key in found), (output, found)
        vips('autorot', source, 'upright.v')
        expected, got = form('upright.v'), form(output)
        assert expected == got, (output, expected, got)
        deep = 16 if got['format'] == 'ushort' else 8
        largest = 0 if source.endswith(lossless) else 0.04 * (2 ** deep - 1)
        # What was turned to make the source.
        off = difference(source.rsplit('-', 1)[0] + '.v', output)
        assert off <= largest, (output, off)
    count += 1
    print(f'ok {count} - {name}', flush=True)


def fill(sources, output):
    # Only the lower rows are filled, in the upright picture.
    vips('black', 'none.v', 96, 64)
    vips('draw_rect', 'none.v', 255, 40, 36, 12, 12, '--fill')
    vips('copy', 'none.v', 'mask.png')
    pairs = [operand for source in sources for operand in (source, 'mask.png')]
    done = subprocess.run([lacuna, 'fill', *pairs, '-o', output], stderr=subprocess.PIPE, encoding='utf-8')
    assert done.returncode == 0, done.stderr
    return done.stderr


def roundtrip():
    names = {}
    for suffix, bands, bits in kinds:
        orientations = range(1, 9) if (suffix, bands, bits) in turned else [1]
        names[suffix, bands, bits] = [f'{bands}-{bits}-{o}.{suffix}' for o in orientations]
        for orientation, name in zip(orientations, names[suffix, bands, bits]):
            make_source(name, bands, bits, orientation)
    write_tags()
    for name in [name for group in names.values() for name in group if name.endswith(('heic', 'avif'))]:
        turn_heif(name, int(name.split('-')[2][0]))
    fill([name for group in names.values() for name in group], 'filled/')

    for (suffix, bands, bits), group in names.items():
        check(f'{suffix} of {bands} bands and {bits} bits', group, ['filled/' + name for name in group])


def convert_between_formats():
    """EXIF of a JPEG through a TIFF, and back."""
    global count
    make_source('a.jpg', 3, 8, 6)
    write_tags()
    fill_to = lambda source, output: run(lacuna, 'fill', source, 'mask.png', '-o', output)
    fill_to('a.jpg', 'b.tif')
    fill_to('b.tif', 'c.jpg')
    first, last = map(select, read_tags('a.jpg', 'c.jpg'))
    assert first == last, (first, last)
    count += 1
    print(f'ok {count} - JPEG to TIFF to JPEG')


def sampling():
    global count
    make_picture('picture.v', 3, 8)
    vips('copy', 'picture.v', 'picture.png')
    sources = [f'sampled-{factors}.jpg' for factors in ('1x1', '2x1', '1x2', '2x2', '4x1')]
    for source in sources:
        run('convert', 'picture.png', '-sampling-factor', source[8:11], '-quality', '87', source)
        tag(source, '-XMP-dc:Title=kept', '-Artist=kept', '-icc_profile<=p3.icc')
    write_tags()
    fill(sources, 'filled/')
    for source in sources:
        before, after = [run('exiftool', '-s3', '-YCbCrSubSampling', '-Title', '-Artist', '-ProfileDescription', path)
                         for path in (source, 'filled/' + source)]
        assert before == after and len(before.splitlines()) == 4, (source, before, after)
        assert difference(source, 'filled/' + source) < 8
    count += 1
    print(f'ok {count} - sampling of a JPEG')


def cmyk():
    global count
    make_picture('picture.v', 3, 8)
    vips('icc_transform', 'picture.v', 'cmyk.jpg[Q=95]', 'cmyk', '--input-profile', 'srgb')
    said = fill(['cmyk.jpg'], 'filled/')
    assert 'CMYK' in said, said
    assert header('filled/cmyk.jpg', 'bands') == '3'
    assert 'sRGB' in run('exiftool', '-s3', '-ProfileDescription', 'filled/cmyk.jpg')
    vips('icc_transform', 'cmyk.jpg', 'rgb.v', 'srgb', '--embedded', '--black-point-compensation')
    assert difference('rgb.v', 'filled/cmyk.jpg') < 10
    count += 1
    print(f'ok {count} - CMYK becomes RGB, and that is said')


def pages():
    global count
    make_picture('picture.v', 3, 8)
    vips('replicate', 'picture.v', 'two.v', 1, 2)
    run('vips', 'tiffsave', 'two.v', 'two.tif', '--page-height', '64')
    said = fill(['two.tif'], 'filled/')
    assert '2 pages' in said, said
    assert header('filled/two.tif', 'height') == '64'
    count += 1
    print(f'ok {count} - the first of two pages, and that is said')


with tempfile.TemporaryDirectory(prefix='lacuna-roundtrip-') as folder:
    os.chdir(folder)
    make_picture('thumbnail.jpg', 3, 8)
    vips('icc_transform', 'thumbnail.jpg', 'p3.v', 'p3', '--input-profile', 'srgb')
    with open('p3.icc', 'wb') as profile:
        profile.write(base64.b64decode(header('p3.v', 'icc-profile-data')))
    roundtrip()
    convert_between_formats()
    sampling()
    cmyk()
    pages()
print(f'1..{count}')
