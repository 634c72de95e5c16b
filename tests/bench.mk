# The cost of our operations beside that of other programs: see tests/bench/run.
BENCH := $B/bench
SMALL := main callbacks tasks memory threads growth exchange

$B/obj/tests/bench/%.o: SEES = $(SEES_13.9)
$(BENCH)/bench: $(SMALL:%=$B/obj/tests/bench/%.o) $(LIBS_13.9)
	@mkdir -p $(@D)
	$(SHOW) $(LINK)
$(BENCH)/client: $B/obj/tests/bench/http_client.o $(LIBS_13.6)
	@mkdir -p $(@D)
	$(SHOW) $(LINK)

.PHONY: counts
# Instructions per operation, which tests/bench.bats compares with the committed ones.
counts: $(BENCH)/bench
	@CC='$(CC)' tests/bench/count $< >$B/counts && mv $B/counts tests/bench/counts.tsv
	@cat tests/bench/counts.tsv

.PHONY: bench
# Ours beside every installed peer, in one table: make bench
# S=tasks|timers|threads|http|crawl.
bench: $(BENCH)/bench $(BENCH)/client $B/crawl $B/serve $B/fetch
	@BUILD=$B tests/bench/run $S
