# Rows of vectors, ours and other people's. tests/tools/vectors-check lists the files.
.PHONY: vectors
vectors: all
	@BUILD=$B tests/tools/vectors-check
