"""inflate.py - streams for the checks of inflate.h, made by Python's zlib, which is also
the judge.

  inflate.py rows >tests/vectors/inflate.tsv    the small ones, and those made by hand
  inflate.py live >FILE                         large, many and damaged ones, for
                                                     inflate FILE
A live case is a line "kind name verdict in_n out_n", then the input and the output. The
verdict is ok, bad or short; of a bad one zlib does not say what came out.
"""
import random
import struct
import sys
import zlib

STRATEGIES = {"default": zlib.Z_DEFAULT_STRATEGY, "filtered": zlib.Z_FILTERED,
              "huffman": zlib.Z_HUFFMAN_ONLY, "rle": zlib.Z_RLE, "fixed": zlib.Z_FIXED}
WBITS = {"raw": -15, "zlib": 15, "gzip": 31, "deflate": 15}


def pack(kind, data, level=6, strategy=zlib.Z_DEFAULT_STRATEGY, wbits=None, flush=None):
    packer = zlib.compressobj(level, zlib.DEFLATED, wbits or WBITS[kind], 8, strategy)
    out = b""
    if flush is not None:
        for i in range(0, len(data), 1000):
            out += packer.compress(data[i:i + 1000]) + packer.flush(flush)
        data = b""
    return out + packer.compress(data) + packer.flush()


# ---- by hand -------------------------------------------------------------------------------

class Bits:
    """Bits, the lowest first; a Huffman code the highest first (RFC 1951 3.1.1)."""

    def __init__(self):
        self.bits = []

    def put(self, value, n):
        self.bits += [value >> i & 1 for i in range(n)]
        return self

    def code(self, value, n):
        self.bits += [value >> i & 1 for i in reversed(range(n))]
        return self

    def bytes(self):
        bits = self.bits + [0] * (-len(self.bits) % 8)
        return bytes(sum(b << i for i, b in enumerate(bits[at:at + 8]))
                     for at in range(0, len(bits), 8))


ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]


def dynamic(literals, distances, last=1):
    """The head of a block of type 2 whose lengths are those; lengths are written as codes
    of four bits (0 to 15), which is wasteful and always right."""
    bits = Bits().put(last, 1).put(2, 2)
    bits.put(len(literals) - 257, 5).put(len(distances) - 1, 5).put(19 - 4, 4)
    for symbol in ORDER:
        bits.put(4 if symbol < 16 else 0, 3)
    for length in literals + distances:
        bits.code(length, 4)
    return bits


def lengths(n, **some):
    row = [0] * n
    for symbol, length in some.items():
        row[int(symbol[1:])] = length
    return row


def gzip_head(flags, more=b"", head_sum=None):
    head = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\xff" + more
    if flags & 2:
        right = zlib.crc32(head) & 0xffff
        head += struct.pack("<H", right if head_sum is None else head_sum)
    return head


def gzip_tail(data, crc=0, size=0):
    return struct.pack("<II", zlib.crc32(data) ^ crc, len(data) + size)


def rows():
    abc = b"abcabcabcabc, and so on"
    raw = pack("raw", abc)
    gz = pack("gzip", abc)
    zl = pack("zlib", abc)
    for kind in ("raw", "zlib", "gzip", "deflate"):
        yield kind, "empty", pack(kind, b""), b"", None
        yield kind, "nothing at all", b"", b"", None
        yield kind, "one byte", pack(kind, b"x"), b"x", None
        yield kind, "stored", pack(kind, abc, 0), abc, None
        yield kind, "fixed", pack(kind, abc, 6, zlib.Z_FIXED), abc, None
        text = b"".join(b"%d %d;" % (i, i * i) for i in range(25))
        yield kind, "dynamic", pack(kind, text, 9), text, None
        yield kind, "zeros", pack(kind, bytes(700)), bytes(700), None
        yield kind, "several blocks", pack(kind, text, 6, flush=zlib.Z_FULL_FLUSH), text, None
    yield "deflate", "bare", raw, abc, None
    yield "deflate", "bare and stored", pack("raw", abc, 0), abc, None
    yield "zlib", "the smallest window", pack("zlib", abc, wbits=9), abc, None

    bad = "bad-deflate: "
    yield "raw", "block type 3", b"\x07", b"", bad + "there is no block type 3"
    yield ("raw", "stored, length wrong", b"\x01\x03\x00\xfc\xfeabc", b"",
           bad + "a stored block's length is wrong")
    yield "raw", "stored, none", b"\x01\x00\x00\xff\xff", b"", None
    yield "raw", "stored, short", b"\x01\x03\x00\xfc\xffab", b"ab", "truncated: it ends in the middle"
    early = Bits().put(1, 1).put(1, 2).code(0x30 + 97, 8).code(1, 7).code(1, 5)
    yield ("raw", "distance 2 after one byte", early.put(0, 30).bytes(), b"a",
           bad + "a distance leads before the beginning")
    for symbol, code, n in ((286, 0xc6, 8), (287, 0xc7, 8)):
        yield ("raw", f"fixed, symbol {symbol}",
               Bits().put(1, 1).put(1, 2).code(code, n).put(0, 40).bytes(), b"",
               bad + "a code means nothing")
    for symbol in (30, 31):
        yield ("raw", f"fixed, distance {symbol}",
               Bits().put(1, 1).put(1, 2).code(0x30 + 97, 8).code(1, 7).code(symbol, 5)
               .put(0, 40).bytes(), b"a", bad + "a code means nothing")
    ab = Bits().put(1, 1).put(1, 2).code(0x30 + 97, 8).code(1, 7).code(0, 5)
    yield "raw", "fixed, a copy over itself", ab.code(0, 7).bytes(), b"aaaa", None

    wrong = bad + "a code has more symbols than bits for them"
    gaps = bad + "a code is incomplete"
    two = lengths(257, _97=1, _256=1)
    yield ("raw", "dynamic, two codes", dynamic(two, [0]).code(0, 1).code(1, 1).bytes(),
           b"a", None)
    yield ("raw", "dynamic, only an end", dynamic(lengths(257, _256=1), [0]).code(0, 1).bytes(),
           b"", None)
    yield ("raw", "dynamic, only an end, the other bit",
           dynamic(lengths(257, _256=1), [0]).code(1, 1).put(0, 40).bytes(), b"",
           bad + "a code means nothing")
    yield ("raw", "literal code over-subscribed",
           dynamic(lengths(257, _97=1, _98=1, _256=1), [0]).put(0, 9).bytes(), b"", wrong)
    yield ("raw", "literal code incomplete",
           dynamic(lengths(257, _97=2, _256=2), [0]).put(0, 9).bytes(), b"", gaps)
    yield ("raw", "no end of block", dynamic(lengths(257, _97=1, _98=1), [0]).put(0, 9).bytes(),
           b"", bad + "a block has no code for its end")
    yield "raw", "distance code over-subscribed", dynamic(two, [1, 1, 1]).put(0, 9).bytes(), b"", wrong
    yield "raw", "distance code incomplete", dynamic(two, [2, 2]).put(0, 9).bytes(), b"", gaps
    three = lengths(258, _97=1, _256=2, _257=2)
    yield ("raw", "one distance", dynamic(three, [1]).code(0, 1).code(3, 2).code(0, 1).code(2, 2)
           .bytes(), b"aaaa", None)
    yield ("raw", "one distance, the other bit",
           dynamic(three, [1]).code(0, 1).code(3, 2).code(1, 1).put(0, 40).bytes(), b"a",
           bad + "a code means nothing")
    yield ("raw", "no distance, but a copy",
           dynamic(three, [0]).code(0, 1).code(3, 2).put(0, 40).bytes(), b"a",
           bad + "a code means nothing")
    long = lengths(257, **{f"_{i}": i for i in range(1, 16)})
    long[256] = 15
    end = dynamic(long, [0])
    for i in range(1, 16):
        end.code((1 << i) - 2, i)
    yield ("raw", "codes of 1 to 15 bits", end.code(0x7fff, 15).bytes(), bytes(range(1, 16)),
           None)
    many = Bits().put(1, 1).put(2, 2)
    yield ("raw", "287 literals", many.put(30, 5).put(0, 5).put(0, 4).bytes(), b"",
           bad + "there are too many code lengths")
    many = Bits().put(1, 1).put(2, 2)
    yield ("raw", "31 distances", many.put(0, 5).put(30, 5).put(0, 4).bytes(), b"",
           bad + "there are too many code lengths")
    orders = Bits().put(1, 1).put(2, 2).put(0, 5).put(0, 5).put(0, 4)
    yield "raw", "no code of lengths", orders.put(0, 12).put(0, 300).bytes(), b"", gaps
    orders = Bits().put(1, 1).put(2, 2).put(0, 5).put(0, 5).put(0, 4)
    yield ("raw", "code of lengths incomplete", orders.put(1, 3).put(0, 9).put(0, 40).bytes(),
           b"", gaps)
    orders = Bits().put(1, 1).put(2, 2).put(0, 5).put(0, 5).put(0, 4)
    yield ("raw", "code of lengths over-subscribed",
           orders.put(1, 3).put(1, 3).put(1, 3).put(0, 3).put(0, 40).bytes(), b"", wrong)
    repeat = bad + "a code length is repeated wrongly"
    orders = Bits().put(1, 1).put(2, 2).put(0, 5).put(0, 5).put(0, 4)
    orders.put(1, 3).put(0, 3).put(1, 3).put(0, 3)
    yield "raw", "repeat of nothing", orders.code(0, 1).put(0, 30).bytes(), b"", repeat
    orders = Bits().put(1, 1).put(2, 2).put(0, 5).put(0, 5).put(0, 4)
    orders.put(0, 3).put(0, 3).put(1, 3).put(1, 3)
    yield ("raw", "repeat beyond the end",
           orders.code(1, 1).put(127, 7).code(1, 1).put(127, 7).bytes(), b"", repeat)
    yield "raw", "bytes after the end", raw + b"x", abc, bad + "bytes follow the end"
    yield "raw", "a block without end", raw[:-2], None, "truncated: it ends in the middle"

    short = "truncated: it ends in the middle"
    yield "zlib", "no zlib", b"<html>", b"", "bad-zlib: it does not begin as zlib"
    yield "zlib", "another method", b"\x77\x85", b"", "bad-zlib: it does not begin as zlib"
    yield "zlib", "a window too large", b"\x88\x1c", b"", "bad-zlib: it does not begin as zlib"
    yield "zlib", "a dictionary", b"\x78\xbb\0\0\0\1", b"", "bad-zlib: it needs a dictionary"
    yield ("zlib", "wrong sum", zl[:-1] + bytes([zl[-1] ^ 1]), abc,
           "bad-zlib: the check sum differs")
    yield "zlib", "no sum", zl[:-4], abc, short
    yield "zlib", "half a sum", zl[:-2], abc, short
    yield "zlib", "half a head", zl[:1], b"", short
    yield "deflate", "half a head", zl[:1], b"", short
    yield "zlib", "bytes after the end", zl + b"\n", abc, bad + "bytes follow the end"
    yield "deflate", "no deflate", b"<html><body>", None, bad + "a code is incomplete"

    begin = "bad-gzip: it does not begin as gzip"
    yield "gzip", "no gzip", b"<!DOCTYPE html><title>x", b"", begin
    yield "gzip", "another method", b"\x1f\x8b\x07" + gz[3:], b"", begin
    yield "gzip", "an unknown flag", gzip_head(32), b"", "bad-gzip: a flag is unknown"
    for flag, more in ((1, b""), (8, b"name.html\0"), (16, b"a comment\0"), (2, b""),
                       (4, b"\x05\0extra"), (4, b"\0\0"),
                       (31, b"\x02\0exname\0comment\0"), (24, b"\0\0")):
        yield ("gzip", f"flags {flag}", gzip_head(flag, more) + raw + gzip_tail(abc), abc,
               None)
    yield ("gzip", "wrong sum of its head", gzip_head(2, b"", 0) + raw + gzip_tail(abc), b"",
           "bad-gzip: the check sum of its head differs")
    yield ("gzip", "wrong sum", gzip_head(0) + raw + gzip_tail(abc, crc=1 << 31), abc,
           "bad-gzip: the check sum differs")
    yield ("gzip", "wrong size", gzip_head(0) + raw + gzip_tail(abc, size=1), abc,
           "bad-gzip: the size differs")
    yield "gzip", "ends in the head", gz[:7], b"", short
    yield "gzip", "ends in the name", gzip_head(8, b"nam"), b"", short
    yield "gzip", "ends in the middle", gz[:-14], None, short
    yield "gzip", "ends before the sum", gz[:-8], abc, short
    yield "gzip", "ends before the size", gz[:-4], abc, short
    yield "gzip", "two members", gz + pack("gzip", b"more"), abc + b"more", None
    yield "gzip", "three members, one empty", gz + pack("gzip", b"") + gz, abc + abc, None
    yield ("gzip", "no copy from the member before",
           gz + gzip_head(0) + Bits().put(1, 1).put(1, 2).code(1, 7).code(0, 5).put(0, 40).bytes(),
           abc, bad + "a distance leads before the beginning")
    yield "gzip", "bytes after the end", gz + b"<!-- -->", abc, "bad-gzip: bytes follow the end"
    yield "gzip", "zeros after the end", gz + bytes(8), abc, "bad-gzip: bytes follow the end"
    yield "gzip", "half a member after the end", gz + gz[:5], abc, short


def judge(kind, data):
    """ok, bad or short, and what came out (None: zlib does not say)."""
    out = b""
    while True:
        z = zlib.decompressobj(WBITS[kind])
        try:
            out += z.decompress(data)
        except zlib.error:
            return "bad", None
        if not z.eof:
            return "short", out
        if not z.unused_data:
            return "ok", out
        data = z.unused_data
        if kind != "gzip":
            return "bad", None


def field(data):
    return "".join(chr(b) if 0x21 <= b < 0x7f and b != 0x5c else "\\x%02x" % b
                   for b in data) or "\\e"


def print_rows():
    print("# source: own, made by tests/13.9/inflate.py and judged by zlib through CPython; CC0; columns: "
          "name, kind (raw|zlib|gzip|deflate), input, output, why it ends or -")
    for kind, name, data, out, why in rows():
        verdict, got = judge("raw" if kind == "deflate" and "bare" in name else kind, data)
        wanted = "ok" if why is None else "short" if why.startswith("truncated") else "bad"
        if not data:
            verdict, got = "ok", b""
        assert verdict == wanted, (kind, name, verdict)
        out = got if out is None and got is not None else out or b""
        assert got is None or got == out, (kind, name, got)
        print(kind + ", " + name, kind, field(data), field(out), why or "-", sep="\t")


# ---- live ----------------------------------------------------------------------------------

def samples():
    rng = random.Random(13)
    words = [bytes(rng.choices(b"etaoin shrdlu<>/=\"\n", k=rng.randint(2, 9)))
             for _ in range(3000)]
    text = (b" ".join(rng.choices(words, k=180000))[:1_000_000]) * 5
    return {"empty": b"", "one": b"x", "text": text[:100_000], "text5MB": text,
            "random": rng.randbytes(70_000), "zeros": bytes(200_000),
            "mixed": text[:40_000] + rng.randbytes(40_000) + bytes(40_000) + text[:90_000],
            "far": text[:32768] * 4, "bytes": bytes(range(256)) * 100}


def live_cases():
    data = samples()
    for name, sample in data.items():
        levels = (6,) if name == "text5MB" else range(10)  # 0 is stored
        for kind in ("raw", "zlib", "gzip"):
            for level in levels:
                yield kind, f"{name}-{level}", pack(kind, sample, level)
        for strategy, number in STRATEGIES.items():
            yield "gzip", f"{name}-{strategy}", pack("gzip", sample, 6, number)
        yield "zlib", f"{name}-window", pack("zlib", sample, wbits=10)
        if 0 < len(sample) < 300_000:
            yield "gzip", f"{name}-flushed", pack("gzip", sample, 6, flush=zlib.Z_SYNC_FLUSH)
            yield "gzip", f"{name}-members", b"".join(
                pack("gzip", sample[i:i + 5000]) for i in range(0, len(sample), 5000))
    yield "gzip", "large-members", b"".join(
        pack("gzip", data["mixed"][i:] + data["text"]) for i in range(5))
    rng = random.Random(7)
    for i in range(2500):  # damaged: a few bits wrong, or cut
        kind = rng.choice(("raw", "zlib", "gzip"))
        sample = data[rng.choice(("text", "mixed", "zeros", "bytes"))]
        at = rng.randrange(len(sample))
        stream = bytearray(pack(kind, sample[at:at + rng.choice((20, 300, 3000))],
                                rng.randrange(10), rng.choice(list(STRATEGIES.values()))))
        for _ in range(rng.randint(1, 3)):
            stream[rng.randrange(len(stream))] ^= 1 << rng.randrange(8)
        if rng.random() < 0.2 and len(stream) > 4:
            del stream[rng.randrange(4, len(stream)):]
        yield kind, f"damaged-{i}", bytes(stream)
    for i in range(2500):  # noise behind the head of a dynamic block
        yield "raw", f"noise-{i}", bytes([rng.randrange(256) & ~7 | 5]) + rng.randbytes(80)


def print_live():
    out = sys.stdout.buffer
    for kind, name, data in live_cases():
        verdict, got = judge(kind, data)
        got = got or b""
        out.write(b"%s %s %s %d %d\n" % (kind.encode(), name.encode(), verdict.encode(),
                                        len(data), len(got)))
        out.write(data + got)


print_live() if sys.argv[1:] == ["live"] else print_rows()
