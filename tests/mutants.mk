# Mutation tests, which break the code to test the checks; and repeated runs under load.
.PHONY: mutants repeat repeat-check
mutants:
	@tests/tools/mutants

repeat: all
	@BUILD=$B tests/tools/repeat
repeat-check: all
	@BUILD=$B tests/tools/repeat --check
