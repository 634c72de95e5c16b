# fuzz: a short run of each fuzz target, with a fixed seed; `make fuzz` is the long one.
load lib/common

@test "fuzz: 20,000 inputs for each target, and its seeds" {
    slow
    [ -z "$SAN" ] || skip "it has sanitizers of its own: once is enough"
    command -v clang >/dev/null || skip "no clang"
    echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' >"$BATS_TEST_TMPDIR/probe.c"
    clang -fsanitize=fuzzer,address "$BATS_TEST_TMPDIR/probe.c" -o "$BATS_TEST_TMPDIR/probe" ||
        skip "clang has no fuzzer runtime (Debian: libclang-rt-14-dev)"
    make -s fuzz-build >/dev/null
    for target in tests/fuzz/*.c; do
        target=$(basename "$target" .c)
        N=20000 SEED=1 FRESH=1 run -0 timeout 120 tests/fuzz/run "$target"
        [[ "$output" == "$target: "*", nothing found" ]]
        echo "# $output"
    done
}

@test "fuzz: the seeds are few and small" {
    [ "$(find tests/fuzz/corpus -type f | wc -l)" -le 200 ]
    [ "$(cat tests/fuzz/corpus/*/* | wc -c)" -le 204800 ]
}
