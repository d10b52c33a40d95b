# SPDX-License-Identifier: GPL-3.0-or-later
"""PNG files for tests, with Python's standard library only."""
import array
import struct
import sys
import zlib


def make_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(path, width, height, depth, channels, rows, level=1):
    """rows: bytes of each row, 16 bits big-endian."""
    header = struct.pack(">IIBBBBB", width, height, depth, {1: 0, 3: 2}[channels], 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), level)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + make_chunk(b"IHDR", header) + make_chunk(b"IDAT", data)
                     + make_chunk(b"IEND", b""))


def unfilter(kind, row, above, step):
    """Undoes a row's filter (PNG specification, section 9); the loops are written out for speed."""
    if kind == 0:
        return row
    if kind == 2:
        return bytes([(value + up) & 255 for value, up in zip(row, above)])
    row, above = bytearray(step) + row, bytes(step) + above
    for i in range(step, len(row)):
        left = row[i - step]
        if kind == 3:
            left = (left + above[i]) >> 1
        elif kind == 4:
            up, corner = above[i], above[i - step]
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            if to_left > to_up or to_left > to_corner:
                left = up if to_up <= to_corner else corner
        row[i] = (row[i] + left) & 255
    return bytes(row[step:])


def read_png(path):
    """Width, height, depth, channels and rows of a PNG without palette or interlace."""
    content, at, data = path.read_bytes(), 8, b""
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", content[at + 8:at + 18])
        elif kind == b"IDAT":
            data += content[at + 8:at + 8 + length]
        at += 12 + length
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    step = channels * depth // 8
    stride, data, rows = width * step, zlib.decompress(data), []
    for y in range(height):
        row = data[y * (stride + 1):(y + 1) * (stride + 1)]
        rows.append(unfilter(row[0], row[1:], rows[-1] if rows else bytes(stride), step))
    return width, height, depth, channels, rows


def make_photo(path, width, height, depth=8):
    """Slopes of colour with a fine pattern, so that every pixel tells where it is."""
    limit, kind = (1 << depth) - 1, {8: "B", 16: "H"}[depth]
    red = array.array(kind, [x * limit // width for x in range(width)])
    blues = [array.array(kind, [(x * 7 + y) % 64 * limit // 128 for x in range(width)]) for y in range(64)]
    rows = []
    for y in range(height):
        row = array.array(kind, bytes(width * 3 * depth // 8))
        row[0::3] = red
        row[1::3] = array.array(kind, [y * limit // height]) * width
        row[2::3] = blues[y * 13 % 64]
        if sys.byteorder == "little":
            row.byteswap()
        rows.append(row.tobytes())
    write_png(path, width, height, depth, 3, rows)


def make_mask(path, width, height, boxes):
    rows = [bytearray(width) for _ in range(height)]
    for x, y, w, h in boxes:
        for row in rows[y:y + h]:
            row[x:x + w] = b"\xff" * w
    write_png(path, width, height, 8, 1, [bytes(row) for row in rows])
