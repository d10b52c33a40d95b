#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fill keeps of a photo's file, as exiftool and vips see it: roundtrip.py LACUNA CONVERT, run by meson test."""

import base64
import hashlib
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zipfile
import zlib

lacuna, convert = map(os.path.abspath, sys.argv[1:])
count = 0
noted = []

# What the eight orientations make of a picture, to undo which is the orientation in the other direction.
inverse = {1: [], 2: ['flip horizontal'], 3: ['rot d180'], 4: ['flip vertical'],
           5: ['rot d90', 'flip horizontal'], 6: ['rot d270'], 7: ['rot d270', 'flip horizontal'], 8: ['rot d90']}
tags = ['-Make=Acme', '-Model=X 1', '-Artist=Zoë', '-Copyright=mine', '-ExposureTime=1/250', '-FNumber=2.8', '-ISO=400',
        '-DateTimeOriginal=2020:01:02 03:04:05', '-UserComment=héllo', '-LensModel=Foo 50', '-GPSLatitude=48.123456',
        '-GPSLatitudeRef=N', '-GPSLongitude=11.5', '-GPSLongitudeRef=W', '-InteropIndex=R03', '-XMP-dc:Title=a title',
        '-XMP-photoshop:City=Wien']
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


def fill(sources, output, *options, box=(40, 36, 12, 12)):
    # Only the lower rows are filled, in the upright picture.
    vips('black', 'none.v', 96, 64)
    vips('draw_rect', 'none.v', 255, *box, '--fill')
    vips('copy', 'none.v', 'mask.png')
    pairs = [operand for source in sources for operand in (source, 'mask.png')]
    done = subprocess.run([lacuna, 'fill', *pairs, '-o', output, *options], stderr=subprocess.PIPE, encoding='utf-8')
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
    # Filling is tried with one of each format; what is kept is the same without.
    filled = [names[kind][5] for kind in turned]
    fill(filled, 'filled/')
    convert_all([(name, 'filled/' + name) for group in names.values() for name in group if name not in filled])

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


def make_marker(slot):
    """A small JPEG which is like no other, for a place in a file."""
    with open('thumbnail.jpg', 'rb') as file:
        jpeg = file.read()
    own = random.Random(slot).randbytes(300)
    return jpeg[:2] + b'\xff\xfe' + struct.pack('>H', len(own) + 2) + own + jpeg[2:200] + b'\xff\xd9'


def make_ifd(entries, at, follows=0):
    """A directory of a TIFF at that place, of (tag, type, count, bytes), with its data behind it."""
    data_at, head, data = at + 6 + 12 * len(entries), struct.pack('<H', len(entries)), b''
    for number, kind, n, content in sorted(entries):
        if len(content) > 4:
            place, data = data_at + len(data), data + content + bytes(len(content) % 2)
            content = struct.pack('<I', place)
        head += struct.pack('<HHI', number, kind, n) + content.ljust(4, b'\0')
    return head + struct.pack('<I', follows) + data


def make_exif(place):
    """A block with pictures wherever there is room for one: place gives what to put into a slot."""
    def entry(number, kind, slot):
        content = place(slot)
        return number, kind, len(content), content

    sub = [entry(0x927c, 7, 'MakerNote raw'), entry(0x9286, 7, 'UserComment base64'), entry(0xa302, 7, 'CFAPattern raw'),
           entry(0xa40b, 7, 'DeviceSettingDescription raw'), entry(0x8828, 7, 'OECF raw'),
           entry(0xa20c, 7, 'SpatialFrequencyResponse zlib'), entry(0xea1c, 7, 'Padding raw'),
           entry(0xfde8, 7, 'private raw'), entry(0xa433, 2, 'LensMake hex')]
    gps = [entry(0x1b, 7, 'GPSProcessingMethod base64'), entry(0x1c, 7, 'GPSAreaInformation raw')]
    first = [entry(0x10e, 2, 'ImageDescription base64'), entry(0x9c9c, 1, 'XPComment base64'), entry(0xc4a5, 7, 'PrintIM raw'),
             entry(0x13b, 2, 'Artist hex'), entry(0xc634, 1, 'DNGPrivateData zlib'), entry(0x8649, 1, 'ImageResources raw'),
             (0x10f, 2, 4, b'Acm\0'), (0x8769, 4, 1, b''), (0x8825, 4, 1, b''), (0x14a, 4, 1, b'')]
    thumb = place('Thumbnail raw')
    place_of = lambda tag: next(i for i, e in enumerate(first) if e[0] == tag)
    at = 8 + len(make_ifd(first, 8))
    parts = b''
    for number, part in ((0x8769, sub), (0x8825, gps), (0x14a, [entry(0xc000, 7, 'SubIFD raw')])):
        first[place_of(number)] = (number, 4, 1, struct.pack('<I', at + len(parts)))
        parts += make_ifd(part, at + len(parts))
    second_at = at + len(parts)
    second = [(0x103, 3, 1, b'\6\0'), (0x201, 4, 1, b''), (0x202, 4, 1, struct.pack('<I', len(thumb)))]
    second[1] = (0x201, 4, 1, struct.pack('<I', second_at + len(make_ifd(second, second_at))))
    return b'II*\0\x08\0\0\0' + make_ifd(first, 8, second_at) + parts + make_ifd(second, second_at) + thumb


def make_xmp(place):
    """Properties that hold pictures, in lists of what may stay and of what goes."""
    text = lambda slot: place(slot).decode()
    keywords = re.findall('.{1,60}', text('keywords base64').replace('\n', ''))
    items = ''.join(f'<rdf:li>{keyword}</rdf:li>' for keyword in keywords)
    spaces = {'dc': 'http://purl.org/dc/elements/1.1/', 'xmp': 'http://ns.adobe.com/xap/1.0/',
              'xmpGImg': 'http://ns.adobe.com/xap/1.0/g/img/', 'GImage': 'http://ns.google.com/photos/1.0/image/',
              'GDepth': 'http://ns.google.com/photos/1.0/depthmap/', 'photoshop': 'http://ns.adobe.com/photoshop/1.0/',
              'crs': 'http://ns.adobe.com/camera-raw-settings/1.0/', 'own': 'http://example.org/own/',
              'lr': 'http://ns.adobe.com/lightroom/1.0/', 'exif': 'http://ns.adobe.com/exif/1.0/'}
    names = ' '.join(f'xmlns:{prefix}="{address}"' for prefix, address in spaces.items())
    return f'''<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" {names} GImage:Data="{text('GImage base64')}" own:data="{text('own hex')}"
 xmp:Label="{text('Label base64')}" photoshop:History="{text('History base64')}" crs:Look="{text('Look base64')}"
 photoshop:Headline="{text('Headline hex')}" exif:MakerNote="{text('exif base64')}" xmp:Rating="5">
<GDepth:Data>{text('GDepth base64')}</GDepth:Data><dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text('description numbers')}</rdf:li></rdf:Alt></dc:description>
<lr:hierarchicalSubject><rdf:Bag><rdf:li>{text('subject hex')}</rdf:li></rdf:Bag></lr:hierarchicalSubject>
<xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType="Resource"><xmpGImg:format>JPEG</xmpGImg:format>
<xmpGImg:image>{text('Thumbnails base64')}</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails>
</rdf:Description></rdf:RDF></x:xmpmeta>'''.encode()


class Markers:
    """Pictures put into a file: of what kind is the last word of a slot's name."""

    def __init__(self, path):
        self.path, self.slots = path, {}

    def place(self, slot):
        marker = self.slots[slot] = make_marker(self.path + slot)
        digits = marker.hex()
        return {'raw': marker, 'base64': base64.b64encode(marker), 'zlib': zlib.compress(marker),
                'hex': '\n'.join(re.findall('.{1,72}', digits)).encode(),
                'numbers': ' '.join(map(str, marker)).encode()}[slot.split()[-1]]


def search(data, markers):
    """The slots whose pictures lie in the bytes."""
    unpacked = b''
    for found in re.finditer(rb'\x78[\x01\x5e\x9c\xda]', data):
        try:
            unpacked += zlib.decompressobj().decompress(data[found.start():])
        except zlib.error:
            pass
    dense = re.sub(rb'[\s\0]', b'', data + unpacked)
    numbers, whole = re.sub(rb'\W+', b' ', data), data + unpacked + data.replace(b'\0', b'')
    for slot, marker in markers.slots.items():
        part = marker[20:80]
        coded = [base64.b64encode(part[i:])[4:60] for i in range(3)]
        if (part in whole or any(code in dense for code in coded) or part.hex().encode() in dense.lower()
                or ' '.join(map(str, part)).encode() in numbers):
            yield slot


def append_to(path, *content):
    with open(path, 'ab') as file:
        file.write(b''.join(content))


def insert(path, at, content):
    with open(path, 'rb') as file:
        data = file.read()
    at = at if isinstance(at, int) else data.rindex(at)
    with open(path, 'wb') as file:
        file.write(data[:at] + content + data[at:])


def segment(marker, content):
    return struct.pack('>BBH', 0xff, marker, len(content) + 2) + content


def chunk(kind, content):
    return struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))


def mark_jpeg(path, place):
    def resource(number, slot):
        content = place(slot)
        return b'8BIM' + struct.pack('>HHI', number, 0, len(content)) + content + bytes(len(content) % 2)

    resources = b'Photoshop 3.0\0' + resource(1036, '1036 raw') + resource(1033, '1033 raw') + resource(2000, 'path raw')
    preview = place('preview raw')
    records = b'\x1c\2\x5a\0\4Linz\x1c\2\xca' + struct.pack('>H', len(preview)) + preview
    resources += b'8BIM\4\4\0\0' + struct.pack('>I', len(records)) + records
    insert(path, 2, segment(0xe0, b'JFXX\0\x10' + place('JFXX raw')) + segment(0xed, resources)
           + segment(0xe2, b'MPF\0' + place('MPF raw')) + segment(0xe2, b'FPXR\0' + place('FPXR raw'))
           + segment(0xeb, place('APP11 raw')) + segment(0xea, place('APP10 zlib')) + segment(0xfe, place('comment base64'))
           + segment(0xfe, b'a\0' + place('comment raw')))
    insert(path, b'\xff\xdb\0', segment(0xe1, b'http://ns.adobe.com/xmp/extension/\0' + place('extension base64')))
    append_to(path, place('trailer raw'))


def mark_png(path, place):
    raw = b'\nexif\n%8d\n' % 500
    insert(path, b'\0\0\0\x09pHYs', b''.join([
        chunk(b'tEXt', b'Thumb\0' + place('tEXt base64')), chunk(b'tEXt', b'Description\0' + place('Description hex')),
        chunk(b'zTXt', b'Raw profile type APP1\0\0' + zlib.compress(raw + place('profile hex'))),
        chunk(b'tEXt', b'Raw profile type 8bim\0' + raw + place('resources hex')),
        chunk(b'iTXt', b'Comment\0\0\0\0\0' + place('iTXt base64')),
        chunk(b'iTXt', b'Other\0\1\0\0\0' + zlib.compress(place('packed base64'))),
        chunk(b'prVt', place('private raw')), chunk(b'acTL', struct.pack('>II', 2, 0))]))
    insert(path, b'\0\0\0\0IEND', chunk(b'fdAT', b'\0\0\0\1' + place('frame zlib')))
    append_to(path, place('trailer raw'))


def mark_webp(path, place):
    content = place('chunk raw')
    append_to(path, b'PREV', struct.pack('<I', len(content)), content, bytes(len(content) % 2))
    with open(path, 'r+b') as file:
        size = os.path.getsize(path)
        file.seek(4)
        file.write(struct.pack('<I', size - 8))
    append_to(path, place('trailer raw'))


def mark_tiff(path, place):
    append_to(path, place('trailer raw'))


def mark_heif(path, place):
    content = place('box raw')
    append_to(path, struct.pack('>I4s', 8 + len(content), b'free'), content)


def make_marked(suffix, markers):
    path = markers.path
    vips('copy', '3-8.v', path + ('[tile,tile-width=32]' if suffix == 'tif' else ''))
    with open(path + '.xmp', 'wb') as file:
        file.write(make_xmp(markers.place))
    blocks = [f'-xmp<={path}.xmp']
    if suffix == 'tif':
        for name, slot in (('ImageDescription', 'ImageDescription base64'), ('XPComment', 'XPComment base64'),
                           ('UserComment', 'UserComment base64'), ('Artist', 'Artist hex'),
                           ('PhotoshopThumbnail', '1036 raw'), ('IPTC:ObjectPreviewData', 'preview raw'),
                           ('CFAPattern', 'CFAPattern raw'), ('PrintIM', 'PrintIM raw'), ('MakerNoteUnknownBinary', 'MakerNote raw')):
            with open(path + name.replace(':', ''), 'wb') as file:
                file.write(markers.place(slot))
            blocks.append(f"-{name}<={path}{name.replace(':', '')}")
    else:
        with open(path + '.exif', 'wb') as file:
            file.write(make_exif(markers.place))
        blocks.append(f'-exif<={path}.exif')
    tag(path, '-m', *blocks)
    return {'jpg': mark_jpeg, 'png': mark_png, 'webp': mark_webp, 'tif': mark_tiff}.get(suffix, mark_heif)


def convert_all(pairs):
    """Loads and saves, in one run; what was noted of each."""
    return run(convert, *[path for pair in pairs for path in pair]).splitlines()


def pictures():
    """A picture in every place that there is, and none left in any format."""
    global count
    suffixes = ('jpg', 'png', 'webp', 'tif', 'heic', 'avif')
    marked = [Markers(f'marked-{suffix}.{suffix}') for suffix in suffixes]
    finish = [make_marked(suffix, markers) for suffix, markers in zip(suffixes, marked)]
    # Without EXIF of its own a PNG is read in another way.
    marked.append(Markers('bare.png'))
    finish.append(make_marked('png', marked[-1]))
    noted[-1].pop(2)
    write_tags()
    for markers, mark in zip(marked, finish):
        mark(markers.path, markers.place)
        with open(markers.path, 'rb') as file:
            found = set(search(file.read(), markers))
        # Some formats have no place for some; what exiftool refused to write is not tried.
        markers.slots = {slot: marker for slot, marker in markers.slots.items() if slot in found}
    assert sum(len(markers.slots) for markers in marked) >= 140, [(m.path, len(m.slots)) for m in marked]
    pairs = [(markers, f'{markers.path}.{suffix}') for markers in marked for suffix in suffixes]
    notes = convert_all([(markers.path, output) for markers, output in pairs])
    for (markers, output), note in zip(pairs, notes):
        with open(output, 'rb') as file:
            left = list(search(file.read(), markers))
        assert not left, (output, left)
        assert 'left out' in note, (output, note)
    found = read_tags(*[output for _, output in pairs])
    rating = [each['XMP-xmp:Rating'] for each in found]
    assert rating == [5] * len(pairs), rating
    count += 1
    print(f'ok {count} - pictures in metadata')


texts = [
    '-Make=Apple', '-Model=iPhone 15', '-Artist=Zoë', '-Copyright=© mine', '-ImageDescription=A hill', '-Software=17.1',
    '-ModifyDate=2020:01:02 03:04:05', '-XPTitle=Tïtle 標題', '-Rating=4', '-ExposureTime=1/250', '-FNumber=2.8', '-ISO=400',
    '-DateTimeOriginal=2020:01:02 03:04:05', '-OffsetTimeOriginal=+02:00', '-SubSecTimeOriginal=123', '-UserComment=héllo',
    '-LensModel=Foo 50', '-LensMake=Foo', '-FocalLength=50', '-Flash#=16', '-WhiteBalance#=1', '-MeteringMode#=5',
    '-ExposureProgram#=2', '-ImageUniqueID=0123456789abcdef0123456789abcdef', '-BodySerialNumber=42',
    '-GPSLatitude=48.123456', '-GPSLatitudeRef=N', '-GPSLongitude=11.5', '-GPSLongitudeRef=W', '-GPSAltitude=500',
    '-GPSTimeStamp=01:02:03', '-XMP-dc:Title=Ein Titel', '-XMP-dc:Description=Grüße aus Wien', '-XMP-dc:Subject=one, two',
    '-XMP-dc:Creator=Zoë', '-XMP-dc:Rights=mine', '-XMP-xmp:Rating=4', '-XMP-xmp:Label=Red', '-XMP-photoshop:City=Wien',
    '-XMP-photoshop:Headline=News', '-XMP-iptcCore:Location=Ring', '-XMP-iptcCore:CreatorWorkURL=http://example.org/a/b',
    '-XMP-iptcExt:PersonInImage=Ada', '-XMP-lr:HierarchicalSubject=Places|Wien', '-XMP-xmpRights:UsageTerms=ask',
    '-XMP-aux:Lens=Foo 50', '-XMP-digiKam:TagsList=Places/Wien']


def make_maker_note():
    """As a telephone of Apple's writes it, with one tag."""
    return b'Apple iOS\0\0\1MM' + struct.pack('>H', 1) + struct.pack('>HHII', 1, 9, 1, 14) + b'\0\0\0\0'


def text_tags():
    """What people want kept is, in every pair of formats; and what was not there is not made up."""
    global count
    suffixes = ('jpg', 'png', 'webp', 'tif', 'heic', 'avif')
    sources = [f'texts.{suffix}' for suffix in suffixes]
    sub = make_ifd([(0x9000, 7, 4, b'0232'), (0x927c, 7, len(make_maker_note()), make_maker_note())], 8 + 6 + 24 + 6)
    first = make_ifd([(0x10f, 2, 6, b'Apple\0'), (0x8769, 4, 1, struct.pack('<I', 44))], 8)
    with open('apple.exif', 'wb') as file:
        file.write(b'II*\0\x08\0\0\0' + first + sub)
    for source in sources:
        vips('copy', '3-8.v', source)
        if not source.endswith('tif'):
            tag(source, '-exif<=apple.exif')
        tag(source, *texts, '-Orientation#=6', '-ExifImageWidth=96', '-ExifImageHeight=64')
    write_tags()
    pairs = [(source, f'{source}.{suffix}') for source in sources for suffix in suffixes]
    notes = convert_all(pairs)
    assert notes == [''] * len(pairs), notes
    before = {found['SourceFile']: select(found) for found in read_tags(*sources)}
    for (source, output), found in zip(pairs, read_tags(*[output for _, output in pairs])):
        after = select(found)
        lost = {key for key, value in before[source].items() if after.get(key) != value}
        assert len(before[source]) >= 40 and not lost, (output, {key: (before[source][key], after.get(key)) for key in lost})
        assert found['IFD0:Orientation'] == 'Horizontal (normal)', output
        turned_here = (64, 96) if source.endswith(('jpg', 'png', 'webp', 'tif')) else (96, 64)
        assert (found['ExifIFD:ExifImageWidth'], found['ExifIFD:ExifImageHeight']) == turned_here, (output, found)
        maker = source.endswith('tif') or found.get('Apple:MakerNoteVersion') == 14
        assert maker, (output, found)
    count += 1
    print(f'ok {count} - text tags in every pair of formats')


def add_tag(profile, name, content):
    """An ICC profile with one more tag: the table grows by one entry, and all offsets by its size."""
    n = int.from_bytes(profile[128:132], 'big')
    table = b''.join(profile[at:at + 4] + (int.from_bytes(profile[at + 4:at + 8], 'big') + 12).to_bytes(4, 'big')
                     + profile[at + 8:at + 12] for at in range(132, 132 + 12 * n, 12))
    entry = name + (len(profile) + 12).to_bytes(4, 'big') + len(content).to_bytes(4, 'big')
    grown = (n + 1).to_bytes(4, 'big') + table + entry + profile[132 + 12 * n:] + content
    return (len(grown) + 128).to_bytes(4, 'big') + profile[4:128] + grown


def profiles():
    """What makes a profile's colours stays, and all of it where nothing hides in it; a picture in it goes."""
    global count
    vips('copy', '3-8.v', 'plain.jpg[profile=srgb]')
    profile = subprocess.run(['exiftool', '-icc_profile', '-b', 'plain.jpg'], check=True, stdout=subprocess.PIPE).stdout
    with open('private.icc', 'wb') as file:
        file.write(add_tag(profile, b'priv', b'data\0\0\0\0' + b'\xff\xd8\xff\xe0' + bytes(range(256))))
    vips('copy', '3-8.v', 'private.jpg')
    tag('private.jpg', '-icc_profile<=private.icc')
    write_tags()
    notes = convert_all([('plain.jpg', 'plain.jpg.png'), ('private.jpg', 'private.jpg.png')])
    assert notes[0] == '' and notes[1].startswith('Small copies of the photo in its metadata'), notes
    kept, cleaned = (subprocess.run(['exiftool', '-icc_profile', '-b', name], check=True, stdout=subprocess.PIPE).stdout
                     for name in ('plain.jpg.png', 'private.jpg.png'))
    assert kept == profile and b'\xff\xd8\xff' not in cleaned and b'rXYZ' in cleaned, (len(kept), len(cleaned))
    count += 1
    print(f'ok {count} - a picture in a profile')


def truths():
    """What the metadata say is true of the photo as it is now, and IPTC goes on as XMP where a format has no place for it."""
    global count
    vips('copy', '3-8.v', 'lying.jpg')
    vips('copy', '3-8.v', 'both.png')
    tag('lying.jpg', '-Orientation#=6', '-XResolution=300', '-YResolution=150', '-ResolutionUnit=inches',
        '-FocalPlaneXResolution=1000',
        '-FocalPlaneYResolution=500', '-SubjectArea=10 20 5 5', '-RelatedImageWidth=96', '-RelatedImageHeight=64',
        '-IPTC:DateCreated=2019:05:06', '-IPTC:TimeCreated=01:02:03+00:00', '-IPTC:Category=ABC', '-IPTC:Urgency=5',
        '-IPTC:SupplementalCategories=hills')
    tag('both.png', '-EXIF:Make=Acme', '-IPTC:Keywords=one', '-IPTC:Keywords=two', '-IPTC:By-line=Zoë', '-m')
    write_tags()
    notes = convert_all([('lying.jpg', 'lying.jpg.png'), ('both.png', 'both.png.png')])
    assert notes == ['Metadata of an unknown kind are left out.', ''], notes
    lying, both = read_tags('lying.jpg.png', 'both.png.png')
    expected = {'IFD0:XResolution': 150, 'IFD0:YResolution': 300, 'ExifIFD:FocalPlaneXResolution': 500,
                'ExifIFD:FocalPlaneYResolution': 1000, 'PNG-pHYs:PixelsPerUnitX': 5906,
                'PNG-pHYs:PixelsPerUnitY': 11811, 'InteropIFD:RelatedImageWidth': 64,
                'InteropIFD:RelatedImageHeight': 96, 'XMP-photoshop:Category': 'ABC',
                'XMP-photoshop:DateCreated': '2019:05:06 01:02:03+00:00'}
    assert {key: lying.get(key) for key in expected} == expected, lying
    assert lying['XMP-photoshop:SupplementalCategories'] in ('hills', ['hills']), lying
    assert 'ExifIFD:SubjectArea' not in lying, lying
    assert (both['IFD0:Make'], both['XMP-dc:Subject'], both['XMP-dc:Creator']) == ('Acme', ['one', 'two'], ['Zoë']), both
    count += 1
    print(f'ok {count} - metadata are true of the turned photo')


def png_chunks(path):
    with open(path, 'rb') as file:
        data = file.read()
    at = 8
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at + 8])
        yield kind.decode()
        at += 12 + size


def texts_of_png():
    """A PNG's texts in any alphabet, a JPEG's comment, and nothing twice or made up."""
    global count
    vips('copy', '3-8.v', 'words.png')
    vips('copy', '3-8.v', 'words.jpg')
    # libvips 8.16 makes an EXIF block up.
    tag('words.png', '-EXIF:all=', '-PNG:Title=Plain', '-PNG:Description=Grüße 標題', '-PNG:Comment=Wörter',
        '-PNG:Disclaimer=Hot')
    tag('words.jpg', '-Comment=Grüße 標題', '-IPTC:City=Linz', '-IPTC:Keywords=one', '-IPTC:Keywords=two')
    write_tags()
    with open('words.png', 'rb') as file:
        data = file.read()
    start = data.index(b'pHYs') - 4
    with open('words.png', 'wb') as file:
        file.write(data[:start] + data[start + 21:])
    pairs = [('words.png', 'png.png'), ('png.png', 'png.jpg'), ('png.jpg', 'png2.png'), ('words.png', 'png.tif'),
             ('words.png', 'png.webp'), ('words.jpg', 'jpg.jpg'),
             ('words.jpg', 'jpg.png'), ('words.jpg', 'jpg.webp'), ('words.jpg', 'jpg.tif')]
    assert convert_all(pairs) == [''] * len(pairs)
    found = {each['SourceFile']: each for each in read_tags(*[output for _, output in pairs])}
    assert found['png.png']['PNG:Title'] == 'Plain', found
    assert found['png.png']['PNG:Description'] == 'Grüße 標題', found
    assert found['png.png']['PNG:Comment'] == 'Wörter', found
    assert found['png.jpg']['File:Comment'] == found['png2.png']['PNG:Comment'] == 'Wörter\nDisclaimer: Hot', found
    assert found['png.tif']['ExifIFD:UserComment'] == 'Wörter\nDisclaimer: Hot', found
    for output in 'png.jpg', 'png2.png', 'png.tif', 'png.webp':
        assert found[output]['XMP-dc:Title'] == 'Plain', found[output]
        assert found[output]['XMP-dc:Description'] == 'Grüße 標題', found[output]
    assert found['jpg.jpg']['File:Comment'] == found['jpg.png']['PNG:Comment'] == 'Grüße 標題', found
    assert found['jpg.webp']['ExifIFD:UserComment'] == found['jpg.tif']['ExifIFD:UserComment'] == 'Grüße 標題', found
    assert found['jpg.webp']['XMP-photoshop:City'] == found['jpg.png']['XMP-photoshop:City'] == 'Linz', found
    assert found['jpg.webp']['XMP-dc:Subject'] == ['one', 'two'], found
    assert sorted(set(png_chunks('png.png'))) == ['IDAT', 'IEND', 'IHDR', 'iTXt'], list(png_chunks('png.png'))
    assert not any(key.startswith(('IFD0:', 'ExifIFD:')) for key in found['png.jpg']), found['png.jpg']
    assert found['png.jpg']['JFIF:ResolutionUnit'] == 'None', found['png.jpg']
    run(convert, 'texts.jpg', 'texts.png')
    assert list(png_chunks('texts.png')).count('eXIf') == 1
    count += 1
    print(f'ok {count} - texts of PNG and JPEG')


def open_raster(path, folder):
    """The pictures of an OpenRaster file, patch and photo as its stack names them, and both as one."""
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert first.filename == 'mimetype' and first.compress_type == zipfile.ZIP_STORED, archive.namelist()
        assert archive.read('mimetype') == b'image/openraster' and archive.testzip() is None
        image = xml.etree.ElementTree.fromstring(archive.read('stack.xml'))
        layers = [layer.get('src') for layer in image.find('stack').findall('layer')]
        archive.extractall(folder)
    assert (image.get('w'), image.get('h')) == ('96', '64') and len(layers) == 2, layers
    assert header(f'{folder}/Thumbnails/thumbnail.png', 'width') == '96'
    return [f'{folder}/{name}' for name in layers + ['mergedimage.png']]


def largest(a, b):
    vips('subtract', a, b, 'difference.v')
    vips('abs', 'difference.v', 'absolute.v')
    return float(vips('max', 'absolute.v'))


def check_layers(name, photo, patch, flat, bits):
    """The patch is opaque where it was filled and clear elsewhere, and over the photo it is the fill."""
    opaque = 2 ** bits - 1
    last = int(header(patch, 'bands')) - 1
    vips('extract_band', patch, 'alpha.v', last)
    for box, value in (((40, 36, 12, 12), opaque), ((0, 0, 96, 36), 0), ((0, 48, 96, 16), 0), ((0, 0, 40, 64), 0),
                       ((52, 0, 44, 64), 0)):
        vips('extract_area', 'alpha.v', 'part.v', *box)
        assert float(vips('min', 'part.v')) == float(vips('max', 'part.v')) == value, (name, box)
    space = {(1, 8): 'b-w', (3, 8): 'srgb', (3, 16): 'rgb16'}[last, bits]
    vips('composite2', photo, patch, 'over.v', 'over', '--compositing-space', space)
    vips('extract_band', 'over.v', 'colours.v', 0, '--n', last)
    vips('extract_band', flat, 'flat.v', 0, '--n', last)
    off = largest('colours.v', 'flat.v')
    assert off <= 1, (name, off)


def patches():
    """A fill as a layer over the photo, beside the flat file."""
    global count
    for suffix, bands, bits in [('jpg', 3, 8), ('png', 4, 16), ('tif', 1, 8)]:
        source, flat = f'patched.{suffix}', 'flat.png'
        make_source(source, bands, bits, 6 if suffix == 'jpg' else 1)
        write_tags()
        vips('autorot', source, 'upright.v')
        for path in ('layers.tif', 'layers.ora'):
            run(lacuna, 'fill', source, 'mask.png', '-o', flat, '--patch', path)
            if path.endswith('ora'):
                patch, photo, merged = open_raster(path, f'{suffix}-raster')
                assert largest(merged, flat) == 0, suffix
            else:
                photo, patch = path + '[page=0]', path + '[page=1]'
                assert header(path, 'n-pages') == '2'
                vips('extract_band', photo, 'page.v', 0, '--n', 1 if bands < 3 else 3)
                vips('extract_band', 'upright.v', 'known.v', 0, '--n', 1 if bands < 3 else 3)
                assert largest('page.v', 'known.v') == 0, suffix
            assert form(patch)['format'] == ('ushort' if bits == 16 else 'uchar'), (path, suffix)
            check_layers(f'{suffix} in {path}', photo, patch, flat, bits)
            before, (after,) = select(read_tags(flat)[0]), read_tags(photo.split('[')[0])
            if path.endswith('ora'):
                assert before == select(after), (suffix, before, after)
            assert {'IFD0:Make', 'ExifIFD:ExposureTime', 'XMP-dc:Title'} <= select(after).keys(), (path, after)
            assert not any(key.endswith(':ThumbnailImage') for key in after), after
    count += 1
    print(f'ok {count} - patches as layers')


def read_record(*paths):
    """What each file tells of its fills, and what IPTC calls such a picture."""
    return [(found.get('XMP-lacuna:Fills'), found.get('XMP-iptcExt:DigitalSourceType')) for found in read_tags(*paths)]


def check_fill(told, box, width, height, **steered):
    weights = os.path.join(os.environ['LACUNA_DATA'], 'models', 'default.safetensors')
    with open(weights, 'rb') as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    names = 'X', 'Y', 'Width', 'Height', 'PhotoWidth', 'PhotoHeight'
    assert [told['Box'][name] for name in names] == [*box, width, height], told
    assert told['Program'].startswith('Lacuna ') and told['Model'] == 'default' and told['ModelSHA256'] == digest, told
    assert told['Pixels'] == box[2] * box[3] and abs(told['Copied'] + told['Invented'] - 1) < 0.001, told
    assert 0 < told['Distance']['Mean'] <= told['Distance']['Most'] and told['Misfit']['Most'] >= 0, told
    free = {'Avoided': 0, 'Preferred': 0, 'Strength': 0, 'Lines': 0, 'Variant': 0}
    assert told['Steered'] == {**free, **steered}, told
    assert 0 < told['Trust']['Least'] <= told['Trust']['Mean'] <= 1, told


def records():
    """What was filled is told in every format where that is asked for, and nowhere else."""
    global count
    source_type = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'
    # Stored turned, but for a JPEG whose blocks are kept.
    sources = [f'recorded-{orientation}.{suffix}' for orientation, suffix in
               ((1, 'jpg'), (6, 'jpg'), (3, 'png'), (8, 'webp'), (5, 'tif'), (2, 'heic'), (7, 'avif'))]
    for source in sources:
        make_source(source, 3, 8, int(source[9]))
    write_tags()
    for source in sources[-2:]:
        turn_heif(source, int(source[9]))
    fill(sources, 'filled/')
    fill(sources, 'told/', '--record')
    for source, (fills, kind), before in zip(sources, read_record(*['told/' + source for source in sources]),
                                             read_record(*['filled/' + source for source in sources])):
        with open('filled/' + source, 'rb') as file:
            assert b'acuna' not in file.read(), source
        assert before == (None, None) and kind == source_type and len(fills) == 1, (source, before, kind, fills)
        check_fill(fills[0], (40, 36, 12, 12), 96, 64)

    # What was told stays where it is filled again, and after that is told of what is new.
    again = ['told/' + source for source in sources]
    fill(again, 'untold/', box=(10, 30, 8, 6))
    for name, area in ('avoided', (70, 4, 6, 5)), ('preferred', (2, 10, 40, 20)):
        vips('black', 'none.v', 96, 64)
        vips('draw_rect', 'none.v', 255, *area, '--fill')
        vips('copy', 'none.v', f'{name}.png')
    with open('lines.json', 'w') as file:
        file.write('[[[0, 33], [30, 33]]]')
    fill(again, 'both/', '--record', '--avoid', 'avoided.png', '--prefer', 'preferred.png', '--strength', '0.25',
         '--lines', 'lines.json', box=(10, 30, 8, 6))
    for first, untold, both in zip(read_record(*again), read_record(*[f'untold/{source}' for source in sources]),
                                   read_record(*[f'both/{source}' for source in sources])):
        assert untold == first and both[0][:1] == first[0] and len(both[0]) == 2 and both[1] == source_type, both
        check_fill(both[0][1], (10, 30, 8, 6), 96, 64, Avoided=30, Preferred=800, Strength=0.25, Lines=1)

    # Turned by another program, which knows nothing of boxes.
    boxes_of = {2: (44, 36), 3: (44, 16), 4: (40, 16), 5: (36, 40), 6: (16, 40), 7: (16, 44), 8: (36, 44)}
    for orientation in boxes_of:
        run('exiftool', '-q', f'-Orientation#={orientation}', '-o', f'turned-{orientation}.jpg', f'told/{sources[0]}')
        run(convert, f'turned-{orientation}.jpg', f'upright-{orientation}.jpg')
    for (orientation, place), (fills, _) in zip(boxes_of.items(), read_record(*[f'upright-{o}.jpg' for o in boxes_of])):
        check_fill(fills[0], (*place, 12, 12), *((96, 64) if orientation < 5 else (64, 96)))
    count += 1
    print(f'ok {count} - what was filled, told on request')


with tempfile.TemporaryDirectory(prefix='lacuna-roundtrip-') as folder:
    os.chdir(folder)
    make_picture('thumbnail.jpg', 3, 8)
    vips('icc_transform', 'thumbnail.jpg', 'p3.v', 'p3', '--input-profile', 'srgb')
    with open('p3.icc', 'wb') as profile:
        profile.write(base64.b64decode(header('p3.v', 'icc-profile-data')))
    make_picture('3-8.v', 3, 8)
    pictures()
    text_tags()
    truths()
    profiles()
    texts_of_png()
    roundtrip()
    convert_between_formats()
    sampling()
    cmyk()
    pages()
    patches()
    records()
print(f'1..{count}')
