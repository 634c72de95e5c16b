# What the fuzz targets of 13.9's shelf are linked with, see tests/fuzz.mk.
FUZZ_inflate := 13.9-crawler/shelf/inflate*.c 13.9-crawler/shelf/checksum.c
FUZZ_content := $(FUZZ_inflate) 13.9-crawler/shelf/content.c 13.9-crawler/shelf/convert.c \
                13.9-crawler/shelf/charset.c 13.9-crawler/shelf/prescan.c \
                13.9-crawler/shelf/fields.c 13.6-http/message.c 13.6-http/shelf/message*.c
