# The workbook's one Makefile (GNU make). `make` alone prints what to type.
#
#   CC=clang, CC=musl-gcc     another compiler     -> build/clang, build/musl-gcc
#   SAN=address,undefined     sanitizers           -> build/asan
#   SAN=thread                                     -> build/tsan
#
# A section is compiled so that it sees itself and the sections below it and nothing else:
# the core files without any shelf, the shelf files with their own and the lower shelves.

ORDER := 13.1-event-loop 13.3-cancel 13.4-callbacks 13.5-executor 13.6-http \
         13.7-future-task 13.8-sync 13.9-crawler
HERE  := $(foreach s,$(ORDER),$(if $(wildcard $s/main.c),$s))
TOOLS := $(wildcard 13.6-http/shelf/serve.c 13.6-http/shelf/fetch.c 13.9-crawler/crawl.c)

number = $(firstword $(subst -, ,$1))# 13.3 of 13.3-cancel
# UPTO_13.4-callbacks: that section and those below, highest first, as the linker wants.
$(foreach s,$(ORDER),$(eval below := $s $(below))$(eval UPTO_$s := $(below)))

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
COMPILE   = $(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -pthread $(WARNINGS) $(SANITISE) $(NARROW) $(CFLAGS)
SHOW      = @$(if $V,,echo 'cc $@';)
OBJECT    = $(SHOW) $(COMPILE) -MMD -MP -c $< -o $@

core_sees  = $(foreach s,$(UPTO_$1),-iquote $s)
shelf_sees = $(foreach s,$(UPTO_$1),-iquote $s -iquote $s/shelf)
# A quoted include names a header and never a way to it, or it could leave its section.
no_paths   = @if grep -nE '^ *\# *include *"[^"]*/' $< $(wildcard $(<D)/*.h) /dev/null; then \
             echo '$<: an include may not contain "/"' >&2; exit 1; fi

# ---- what to build ----------------------------------------------------------------------

sources  = $(filter-out $1/main.c $(wildcard $1/ex[0-9].c) $(TOOLS),$(wildcard $1/*.c $1/shelf/*.c))
library  = $B/$(call number,$1)/section.a
linked   = $(foreach s,$(UPTO_$1),$(call library,$s))
program  = $B/$(call number,$1)/main
tools    = $(patsubst %.c,$B/%,$(notdir $(filter $1/%,$(TOOLS))))
helpers  = $(patsubst tests/%.c,$B/tests/%,$(wildcard tests/$(call number,$1)-*.c))
of_section = $(call program,$1) $(call tools,$1) $(call helpers,$1)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: help all twins section check twin behaviour lines crawl clean format-check 13.2 13.10 13.11 13.12 \
        $(ORDER) $(foreach s,$(ORDER),$(call number,$s) $(call number,$s)-all)

help:
	@echo 'make section            list the sections'
	@echo 'make 13.3               build and run that section, then its checks'
	@echo 'make crawl [URL=...]    crawl the bundled sample site, or what you name'
	@echo 'make check [S=13.3]     run every check, or one section'\''s (needs bats)'
	@echo 'make twin [S=13.3]      compare with real asyncio (needs CPython 3.13 or later)'
	@echo 'make bench [S=http]     measure beside asyncio and other peers (needs python3)'
	@echo 'make vectors, fuzz      other people'\''s cases, random ones'
	@echo 'make all                build everything, into $B/'
	@echo 'make clean              remove build/'
	@echo 'CC=clang  SAN=address,undefined  SAN=thread    build variants side by side'
	@echo 'LOOP_SELECTOR=poll|select|epoll  LOOP_CLOCK=virtual    how a program waits'

# The scenarios of behaviour stand on 13.8 and everything below it.
TWINS := $(if $(filter 13.8-sync,$(HERE)),$(patsubst tests/twins/%.c,$B/twins/%,$(wildcard tests/twins/*.c)))

all: $(foreach s,$(HERE),$(call of_section,$s)) $(TWINS)
twins: $(TWINS)
$B/twins/%: tests/twins/%.c $(call linked,13.8-sync)
	@mkdir -p $(@D)
	$(SHOW) $(COMPILE) -MMD -MP -MF $@.d -MT $@ -iquote tests/twins $(call shelf_sees,13.8-sync) $< $(filter %.a,$^) -o $@

define section_rules
$B/obj/$1/shelf/%.o: $1/shelf/%.c
	@mkdir -p $$(@D)
	$$(no_paths)
	$$(OBJECT) $(call shelf_sees,$1)
$B/obj/$1/%.o: $1/%.c
	@mkdir -p $$(@D)
	$$(no_paths)
	$$(OBJECT) $(call core_sees,$1)
$(call library,$1): $(patsubst %.c,$B/obj/%.o,$(call sources,$1))
	@mkdir -p $$(@D) && rm -f $$@
	@$$(AR) rcs $$@ $$^
$(call program,$1): $B/obj/$1/main.o $(call linked,$1)
	$$(SHOW) $$(COMPILE) $$^ -o $$@
$(foreach t,$(filter $1/%,$(TOOLS)),$(eval $B/$(basename $(notdir $t)): $(t:%.c=$B/obj/%.o) $(call linked,$1)))
$(call tools,$1):
	$$(SHOW) $$(COMPILE) $$^ -o $$@
$B/tests/$(call number,$1)-%: tests/$(call number,$1)-%.c $(call linked,$1)
	@mkdir -p $$(@D)
	$$(SHOW) $$(COMPILE) -MMD -MP -MF $$@.d -MT $$@ -iquote tests $(call shelf_sees,$1) $$< $$(filter %.a,$$^) -o $$@
$(call number,$1)-all: $(call of_section,$1)
$1: $(call number,$1)
$(call number,$1): $(call of_section,$1)
	@LOOP_CLOCK=virtual $(call program,$1)
	@echo
	@$$(CHECK) tests/$(call number,$1).bats
endef
$(foreach s,$(HERE),$(eval $(call section_rules,$s)))

-include $(shell test -d $B && find $B -name '*.d')

# ---- what to do with it -------------------------------------------------------------------

13.2: 13.1
13.10 13.11 13.12: 13.9
ALIAS_13.2 := 13.1
ALIAS_13.10 := 13.9
ALIAS_13.11 := 13.9
ALIAS_13.12 := 13.9
# The section that S= names, as 13.3, 13.3-cancel or an alias.
wanted := $(strip $(foreach s,$(ORDER),$(if $(filter $(or $(ALIAS_$S),$S),$s $(call number,$s)),$s)))
# (A bench has other names: tests/bench.mk.)
ifneq ($S,$(if $(wanted)$(filter bench,$(MAKECMDGOALS)),$S))
$(error no section $S: type `make section`)
endif

section: $(call number,$(wanted))
ifeq ($S,)
	@for s in $(HERE); do printf '%-18s' $$s; sed -n '/^\*\*/{s/\*\*//gp;q;}' $$s/README.md; done
	@echo 'Type `make 13.1` to build, run and check a section.'
endif

CHECK = BUILD=$B CC='$(CC)' SAN='$(SAN)' tests/run-bats
check: all
	@$(CHECK) $(if $(wanted),tests/$(call number,$(wanted)).bats,tests)

twin: $(foreach s,$(or $(wanted),$(HERE)),$(call program,$s)) $(if $(wanted),,$(TWINS))
	@BUILD=$B tests/twin $(or $(wanted),$(HERE) $(TWINS))

# One line for each row of asyncio's behaviour and of the features: what proves it.
behaviour: $(foreach s,$(filter-out 13.9-crawler,$(HERE)),$(call of_section,$s)) $(TWINS)
	@BUILD=$B tests/behaviour

# How much there is to read: lines of code, each section's core and shelf.
lines:
	@tests/lines

crawl: $B/crawl
	@BUILD=$B tests/sample-crawl $(URL)

clean:
	rm -rf build

format-check:
	clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')

# Rules of the checks' own.
-include tests/*.mk
