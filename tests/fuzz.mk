# Fuzzing: tests/fuzz/NAME.c with clang's libFuzzer, AddressSanitizer and UBSan, into
# build/fuzz. A target is added by its file, by a line here that says what it is linked with,
# and by a folder of seeds, tests/fuzz/corpus/NAME.
FUZZ_message := 13.6-http/shelf/message*.c
FUZZ_chunked := 13.6-http/shelf/message*.c
FUZZ_url     := 13.6-http/shelf/url*.c 13.6-http/shelf/request_head.c 13.6-http/shelf/message_fields.c

FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
T    ?= $(FUZZ)
N    ?= 10000000

.PHONY: fuzz fuzz-build
build/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h $(wildcard tests/*.h 13.*/*.[ch] 13.*/shelf/*.[ch])
	@mkdir -p $(@D)
	$(SHOW) clang -std=c11 -D_POSIX_C_SOURCE=200809L -pthread -O2 -gdwarf-4 \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	    -iquote tests/fuzz -iquote tests $(call shelf_sees,$(lastword $(HERE))) $< $(wildcard $(FUZZ_$*)) -o $@

fuzz-build: $(T:%=build/fuzz/%)
fuzz: fuzz-build
	@N='$N' tests/fuzz/run $T
