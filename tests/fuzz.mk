# Fuzzing: tests/fuzz/NAME.c with clang's libFuzzer, AddressSanitizer and UBSan, into
# build/fuzz. To add a target, add its file, a line here with the objects that it is
# linked with, and a folder of seeds, tests/fuzz/corpus/NAME.
FUZZ_message := 13.6-http/http/message*.c 13.6-http/url/*.c
FUZZ_chunked := $(FUZZ_message)
FUZZ_url     := $(FUZZ_message)
FUZZ_inflate := 13.9-crawler/page/inflate.c 13.9-crawler/page/gzip.c

FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
N    ?= 10000000
T    ?= $(FUZZ)

.PHONY: fuzz fuzz-build
build/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h $(wildcard tests/lib/*.h 13.*/*.[ch] 13.*/*/*.[ch])
	@mkdir -p $(@D)
	$(SHOW) clang -std=c11 -D_POSIX_C_SOURCE=200809L -pthread -O2 -gdwarf-4 \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	    -iquote tests/fuzz $(SEES_tests_13.9) $(or $(SEES_13.9),$(SEES_13.6)) $< $(wildcard $(FUZZ_$*)) -o $@

fuzz-build: $(T:%=build/fuzz/%)
fuzz: fuzz-build
	@N='$N' tests/fuzz/run $T
