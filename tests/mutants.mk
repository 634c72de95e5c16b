# Break the code, and see that the checks see it; run the checks again and again under load.
.PHONY: mutants repeat repeat-check
mutants:
	@tests/mutants

repeat: all
	@BUILD=$B tests/repeat
repeat-check: all
	@BUILD=$B tests/repeat --check
