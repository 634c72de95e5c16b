# 13.8: it sees itself and the section below it.
SEES_13.8 = -iquote 13.8-sync $(SEES_13.7)
$B/obj/13.8-sync/%.o: SEES = $(SEES_13.8)

# What it is made of, and what its programs are linked with.
$B/13.8/section.a: $(call objects,13.8-sync/*.c)
LIBS_13.8 = $B/13.8/section.a $(LIBS_13.7)
$B/13.8/main: $B/obj/13.8-sync/main.o $(LIBS_13.8)

# The programs of its checks.
SEES_tests_13.8 = -iquote tests/13.8 $(SEES_tests_13.7)
$B/tests/13.8/%: SEES = $(SEES_tests_13.8) $(SEES_13.8)
$B/tests/13.8/%: tests/13.8/%.c $(LIBS_13.8)
	$(CHECK_PROGRAM)

.PHONY: 13.8 13.8-sync 13.8-all
all: 13.8-all
13.8-all: $B/13.8/main \
  $(patsubst %.c,$B/%,$(wildcard tests/13.8/*.c))
13.8 13.8-sync: 13.8-all
	$(RUN_SECTION)
