# 13.5: it sees itself and the section below it.
SEES_13.5 = -iquote 13.5-executor $(SEES_13.4)
$B/obj/13.5-executor/%.o: SEES = $(SEES_13.5)

# What it is made of, and what its programs are linked with.
$B/13.5/section.a: $(call objects,13.5-executor/*.c)
LIBS_13.5 = $B/13.5/section.a $(LIBS_13.4)
$B/13.5/main: $B/obj/13.5-executor/main.o $(LIBS_13.5)

# The programs of its checks.
SEES_tests_13.5 = -iquote tests/13.5 $(SEES_tests_13.4)
$B/tests/13.5/%: SEES = $(SEES_tests_13.5) $(SEES_13.5)
$B/tests/13.5/%: tests/13.5/%.c $(LIBS_13.5)
	$(CHECK_PROGRAM)

.PHONY: 13.5 13.5-executor 13.5-all
all: 13.5-all
13.5-all: $B/13.5/main \
  $(patsubst %.c,$B/%,$(wildcard tests/13.5/*.c))
13.5 13.5-executor: 13.5-all
	$(RUN_SECTION)
