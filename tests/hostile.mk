# The hostile zoo: the behaviour of bad servers, and the crawler's result for each.
.PHONY: hostile
hostile: $B/tests/13.9/zoo
	@$<
