# What the fuzz target of inflate.h is linked with, see tests/fuzz.mk.
FUZZ_inflate := 13.9-crawler/shelf/inflate*.c 13.9-crawler/shelf/checksum.c
