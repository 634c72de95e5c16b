# 13.1: its subjects, the lowest first. Each sees itself and the line above it.
SEES_selectors = -iquote 13.1-event-loop/selectors
SEES_13.1 = -iquote 13.1-event-loop $(SEES_selectors)
$B/obj/13.1-event-loop/selectors/%.o: SEES = $(SEES_selectors)
$B/obj/13.1-event-loop/%.o: SEES = $(SEES_13.1)

# What it is made of, and what its programs are linked with.
$B/13.1/section.a: $(call objects,13.1-event-loop/*.c 13.1-event-loop/*/*.c)
LIBS_13.1 = $B/13.1/section.a
$B/13.1/main: $B/obj/13.1-event-loop/main.o $(LIBS_13.1)

# The programs of its checks.
SEES_tests_13.1 = -iquote tests/13.1 -iquote tests/lib
$B/tests/13.1/%: SEES = $(SEES_tests_13.1) $(SEES_13.1)
$B/tests/13.1/%: tests/13.1/%.c $(LIBS_13.1)
	$(CHECK_PROGRAM)

.PHONY: 13.1 13.1-event-loop 13.1-all
all: 13.1-all
13.1-all: $B/13.1/main \
  $(patsubst %.c,$B/%,$(wildcard tests/13.1/*.c))
13.1 13.1-event-loop: 13.1-all
	$(RUN_SECTION)
