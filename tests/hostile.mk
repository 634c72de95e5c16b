# The hostile zoo: what a bad server may do, and what the crawler makes of it.
.PHONY: hostile
hostile: $B/tests/13.9/zoo
	@$<
