# Rows of vectors, ours and other people's. A file is added in tests/vectors-check.
.PHONY: vectors
vectors: $(foreach s,$(HERE),$(filter %-vectors,$(call helpers,$s)))
	@BUILD=$B tests/vectors-check
