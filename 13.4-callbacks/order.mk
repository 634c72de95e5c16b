# 13.4: it sees itself and the section below it.
SEES_13.4 = -iquote 13.4-callbacks $(SEES_13.3)
$B/obj/13.4-callbacks/%.o: SEES = $(SEES_13.4)

# What it is made of, and what its programs are linked with.
$B/13.4/section.a: $(call objects,13.4-callbacks/*.c)
LIBS_13.4 = $B/13.4/section.a $(LIBS_13.3)
$B/13.4/main: $B/obj/13.4-callbacks/main.o $(LIBS_13.4)

# The programs of its checks.
SEES_tests_13.4 = -iquote tests/13.4 $(SEES_tests_13.3)
$B/tests/13.4/%: SEES = $(SEES_tests_13.4) $(SEES_13.4)
$B/tests/13.4/%: tests/13.4/%.c $(LIBS_13.4)
	$(CHECK_PROGRAM)

.PHONY: 13.4 13.4-callbacks 13.4-all
all: 13.4-all
13.4-all: $B/13.4/main \
  $(patsubst %.c,$B/%,$(wildcard tests/13.4/*.c))
13.4 13.4-callbacks: 13.4-all
	$(RUN_SECTION)
