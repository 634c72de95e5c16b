# The scenarios of asyncio's behaviour, each beside a script for real asyncio. They use
# 13.8 and everything below it.
TWINS := $(if $(wildcard 13.8-sync),$(patsubst tests/twins/%.c,$B/twins/%,$(wildcard tests/twins/*.c)))

.PHONY: twins
all twins: $(TWINS)
$B/twins/%: SEES = -iquote tests/twins $(SEES_13.8)
$B/twins/%: tests/twins/%.c $(LIBS_13.8)
	$(CHECK_PROGRAM)

# Each section's program and each scenario beside the same program on real asyncio.
twin: $(if $(SECTION),$(SECTION)-all,all)
	@BUILD=$B tests/tools/twin $(if $(SECTION),$(wildcard $(SECTION)-*),$(patsubst %/main.c,%,$(wildcard 13.*/main.c)) $(TWINS))
