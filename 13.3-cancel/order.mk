# 13.3: it sees itself and the section below it.
SEES_13.3 = -iquote 13.3-cancel $(SEES_13.1)
$B/obj/13.3-cancel/%.o: SEES = $(SEES_13.3)

# What it is made of, and what its programs are linked with.
$B/13.3/section.a: $(call objects,13.3-cancel/*.c)
LIBS_13.3 = $B/13.3/section.a $(LIBS_13.1)
$B/13.3/main: $B/obj/13.3-cancel/main.o $(LIBS_13.3)

# The programs of its checks.
SEES_tests_13.3 = -iquote tests/13.3 $(SEES_tests_13.1)
$B/tests/13.3/%: SEES = $(SEES_tests_13.3) $(SEES_13.3)
$B/tests/13.3/%: tests/13.3/%.c $(LIBS_13.3)
	$(CHECK_PROGRAM)

.PHONY: 13.3 13.3-cancel 13.3-all
all: 13.3-all
13.3-all: $B/13.3/main \
  $(patsubst %.c,$B/%,$(wildcard tests/13.3/*.c))
13.3 13.3-cancel: 13.3-all
	$(RUN_SECTION)
