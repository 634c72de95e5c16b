# What it costs, beside what it costs others: see tests/bench/run.
BENCH := $B/bench
SMALL := main callbacks tasks memory threads growth exchange

$B/obj/bench/%.o: tests/bench/%.c
	@mkdir -p $(@D)
	$(OBJECT) $(call shelf_sees,13.9-crawler)
$(BENCH)/bench: $(SMALL:%=$B/obj/bench/%.o) $(call linked,13.9-crawler)
	@mkdir -p $(@D)
	$(SHOW) $(COMPILE) $^ -o $@
$(BENCH)/client: $B/obj/bench/http_client.o $(call linked,13.6-http)
	@mkdir -p $(@D)
	$(SHOW) $(COMPILE) $^ -o $@

.PHONY: counts
# Instructions that each operation takes, for tests/bench.bats to compare with.
counts: $(BENCH)/bench
	@CC='$(CC)' tests/bench/count $< >$B/counts && mv $B/counts tests/bench/counts.tsv
	@cat tests/bench/counts.tsv

.PHONY: bench
# Ours beside every peer that is here, in one table: make bench S=tasks|timers|threads|http|crawl.
bench: $(BENCH)/bench $(BENCH)/client $(call tools,13.9-crawler) $(call tools,13.6-http)
	@BUILD=$B tests/bench/run $S
