# Break the code, and see that the checks see it; run the checks again and again under load.
.PHONY: mutants repeat repeat-check
mutants:
	@tests/tools/mutants

repeat: all
	@BUILD=$B tests/tools/repeat
repeat-check: all
	@BUILD=$B tests/tools/repeat --check
