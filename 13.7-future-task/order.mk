# 13.7: it sees itself and the section below it.
SEES_13.7 = -iquote 13.7-future-task $(SEES_13.6)
$B/obj/13.7-future-task/%.o: SEES = $(SEES_13.7)

# What it is made of, and what its programs are linked with.
$B/13.7/section.a: $(call objects,13.7-future-task/*.c)
LIBS_13.7 = $B/13.7/section.a $(LIBS_13.6)
$B/13.7/main: $B/obj/13.7-future-task/main.o $(LIBS_13.7)

# The programs of its checks.
SEES_tests_13.7 = -iquote tests/13.7 $(SEES_tests_13.6)
$B/tests/13.7/%: SEES = $(SEES_tests_13.7) $(SEES_13.7)
$B/tests/13.7/%: tests/13.7/%.c $(LIBS_13.7)
	$(CHECK_PROGRAM)

.PHONY: 13.7 13.7-future-task 13.7-all
all: 13.7-all
13.7-all: $B/13.7/main \
  $(patsubst %.c,$B/%,$(wildcard tests/13.7/*.c))
13.7 13.7-future-task: 13.7-all
	$(RUN_SECTION)
