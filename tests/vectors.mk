# Rows of vectors, ours and other people's. A file is added in tests/tools/vectors-check.
.PHONY: vectors
vectors: all
	@BUILD=$B tests/tools/vectors-check
