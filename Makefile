# The workbook's one Makefile (GNU make). `make` alone prints what to type.
#
#   CC=clang, CC=musl-gcc     another compiler     -> build/clang, build/musl-gcc
#   SAN=address,undefined     sanitizers           -> build/asan
#   SAN=thread                                     -> build/tsan
#   CFLAGS, CPPFLAGS, LDFLAGS, LDLIBS              as everywhere
#
# Each section has a file order.mk: which headers its files see, of what its library is made,
# and what its programs are linked with.

# ---- what to type ---------------------------------------------------------------------

help:
	@echo 'make section            list the sections'
	@echo 'make 13.3               build and run that section, then its quick checks'
	@echo 'make crawl [URL=...]    crawl the bundled sample site, or what you name'
	@echo 'make check [S=13.3]     run every check, or one section'\''s (needs bats)'
	@echo 'make twin [S=13.3]      compare with real asyncio (needs CPython 3.13 or later)'
	@echo 'make bench [S=http]     measure beside asyncio and other peers (needs python3)'
	@echo 'make vectors, fuzz      other people'\''s cases, random ones'
	@echo 'make all                build everything, into $B/'
	@echo 'make clean              remove build/'
	@echo 'CC=clang  SAN=address,undefined  SAN=thread    build variants side by side'
	@echo 'LOOP_SELECTOR=poll|select|epoll  LOOP_CLOCK=virtual    how a program waits'

# ---- how to compile -------------------------------------------------------------------

ifeq ($(origin CC),default)
CC := gcc
endif
IS_CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null))
VARIANT  := $(patsubst gcc,,$(notdir $(CC))) $(patsubst address%,asan,$(patsubst thread,tsan,$(SAN)))
B        := build$(addprefix /,$(subst $() ,-,$(strip $(VARIANT))))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wimplicit-fallthrough \
            $(if $(IS_CLANG),-Wconditional-uninitialized,-Wjump-misses-init) -Werror
SANITISE := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# Left to itself, gcc 12 joins two neighbouring pointers to store them as one. A ring's links
# are read one by one right after: apart, an item goes through a queue in 3 % less time.
NARROW   := -fno-tree-slp-vectorize
# valgrind 3.19 cannot read the debug information that clang writes by default.
CFLAGS   ?= -O2 -g$(if $(IS_CLANG),dwarf-4)
# Files of 2 GiB and dates after 2038, on 32 bits too.
LARGE    := -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
COMPILE   = $(CC) -std=c11 -D_POSIX_C_SOURCE=200809L $(LARGE) $(CPPFLAGS) -pthread $(WARNINGS) $(SANITISE) $(NARROW) $(CFLAGS)
LINK      = $(COMPILE) $(LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS) -o $@
SHOW      = @$(if $V,,echo 'cc $@';)
# The objects of a library: of the files that match, those that are no program.
PROGRAMS  = %/main.c %/ex1.c %/ex2.c %/ex3.c %/ex4.c
objects   = $(patsubst %.c,$B/obj/%.o,$(filter-out $(PROGRAMS),$(wildcard $1)))

# A program of the checks: one source file, and the libraries that it stands on.
CHECK_PROGRAM = @mkdir -p $(@D); \
	$(if $V,set -x;,echo 'cc $@';) \
	$(COMPILE) -MMD -MP -MF $@.d -MT $@ $(SEES) $< $(LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS) -o $@

.DELETE_ON_ERROR:
.SECONDARY:
-include $(wildcard 13.*/order.mk)

# A quoted include names a header and never a way to it, or it could leave its section.
$B/obj/%.o: %.c
	@mkdir -p $(@D)
	@if grep -nE '^ *# *include *"[^"]*/' $< $(wildcard $(<D)/*.h) /dev/null; then \
	    echo '$<: an include may not contain "/"' >&2; exit 1; fi
	$(SHOW) $(COMPILE) -MMD -MP $(SEES) -c $< -o $@
$B/13.%/section.a:
	@mkdir -p $(@D) && rm -f $@
	@$(AR) rcs $@ $^
$B/13.%/main:
	$(SHOW) $(LINK)
$B/serve $B/fetch $B/crawl:
	$(SHOW) $(LINK)
-include $(shell test -d $B && find $B -name '*.d')

# ---- what to do with it ---------------------------------------------------------------

.PHONY: help all section check twin behaviour lines health health-update crawl clean format-check
all:
clean:
	rm -rf build

# S names a section: by its number, by its folder, or by a number that the course gives it
# (13.2 is in 13.1, 13.10 to 13.12 are in 13.9). SECTION is the number of its folder.
ALIAS_13.2  := 13.1
ALIAS_13.10 := 13.9
ALIAS_13.11 := 13.9
ALIAS_13.12 := 13.9
SECTION := $(firstword $(subst -, ,$S))
SECTION := $(or $(ALIAS_$(SECTION)),$(SECTION))
ifneq ($(filter section check twin,$(MAKECMDGOALS)),)
ifneq ($S,$(if $(filter $(SECTION)-%,$(patsubst %/,%,$(wildcard 13.*/))),$S))
$(error no section $S: type `make section`)
endif
endif
.PHONY: 13.2 13.10 13.11 13.12
13.2: 13.1
13.10 13.11 13.12: 13.9

section: $(SECTION)
ifeq ($S,)
	@for s in 13.*/README.md; do \
	    printf '%-18s' "$${s%/*}"; sed -n '/^\*\*/{s/\*\*//gp;q;}' "$$s"; done
	@echo 'Type `make 13.1` to build, run and check a section.'
endif

# One section: its program beside what asyncio printed, then its quick checks.
RUN_SECTION = @BUILD=$B CC='$(CC)' SAN='$(SAN)' tests/tools/section $(<:-all=)
CHECK       = @BUILD=$B CC='$(CC)' SAN='$(SAN)' tests/tools/run-bats
check: all
	$(CHECK) $(if $(SECTION),tests/$(SECTION)*.bats,tests)

crawl: $B/crawl $B/serve $B/fetch
	@BUILD=$B tests/tools/sample-crawl $(URL)

# One line for each row of asyncio's behaviour and of the features: what proves it.
behaviour: all
	@BUILD=$B tests/tools/behaviour

lines:
	@tests/lines

# How easy the code is to read, in figures, beside the committed ones.
health:
	@tests/tools/health
health-update:
	@tests/tools/health --update

format-check:
	clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')

# Rules of the checks' own.
include $(wildcard tests/*.mk)
