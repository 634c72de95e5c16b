# behaviour: tests/tools/rows.tsv names for each row the checks that prove it. `make
# behaviour` runs them. These checks test that each exists, and that a wrong table or
# result is found.
load lib/common

setup_file() {
    build twins 13.1-all 13.8-all
}

# table LINE...: rows.tsv without the rows of these lines, then the lines.
table() {
    local line
    cp tests/tools/rows.tsv "$BATS_TEST_TMPDIR/rows"
    for line in "$@"; do
        grep -v "^${line%%	*}	" "$BATS_TEST_TMPDIR/rows" >"$BATS_TEST_TMPDIR/less"
        mv "$BATS_TEST_TMPDIR/less" "$BATS_TEST_TMPDIR/rows"
    done
    [ $# -eq 0 ] || printf '%s\n' "$@" | sed '/^[^	]*	*$/d' >>"$BATS_TEST_TMPDIR/rows"
}

names() {
    ROWS=$BATS_TEST_TMPDIR/rows run tests/tools/behaviour --names
    echo "$output"
}

@test "behaviour: every row is there, and every check that it names" {
    run tests/tools/behaviour --names
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == "158 rows, "* ]]
}

@test "behaviour: a check that does not exist, or a row that is not there, is found" {
    slow
    table
    names
    [ "$status" -eq 0 ]
    table 'B1	twins/loop	B99' 'B2	twins/nonesuch	B1' 'B3	13.1/timers	nonesuch' \
        'B4	13.1/nonesuch	equal deadlines keep their order' 'B5	13.1.bats	nonesuch' \
        'B6	13.8/script	nonesuch' 'B7	'
    names
    [ "$status" -eq 1 ]
    for row in B1 B2 B3 B4 B5 B6; do
        [[ "$output" == *"$row FAIL: "*" has no check "* ]]
    done
    [[ "$output" == *"B7 FAIL: no line in rows.tsv"*", 7 fail" ]]
    table 'B1	out	its reason'
    names
    [ "$status" -eq 0 ]
    [[ "$output" == *", 1 out of place"* ]]
    table
    echo 'B88	twins/loop	B1' >>"$BATS_TEST_TMPDIR/rows"
    names
    [ "$status" -eq 1 ]
}

# results: the output for a table of four rows.
results() {
    printf '%s\n' 'B1	twins/loop	B1' 'B2	twins/loop	B2' 'B4	13.1/timers	equal deadlines keep their order' \
        'B3	out	its reason' >"$BATS_TEST_TMPDIR/rows"
    BUILD=$1 ROWS=$BATS_TEST_TMPDIR/rows run tests/tools/behaviour
    echo "$output"
}

@test "behaviour: checks are run, and one that fails fails its row" {
    results "$BUILD"
    [[ "$output" == *"B1 pass"*"B2 pass"*"B3 out of place: its reason"*"B4 pass"* ]]
    [[ "$output" == *"158 rows, 3 pass, 1 out of place"* ]]
    mkdir -p "$BATS_TEST_TMPDIR/build/twins" "$BATS_TEST_TMPDIR/build/tests/13.1"
    sed 's/^  1 0.00  B$/  1 0.00  b/' tests/twins/loop.expected >"$BATS_TEST_TMPDIR/said"
    printf '#!/bin/sh\ncat "%s"\n' "$BATS_TEST_TMPDIR/said" >"$BATS_TEST_TMPDIR/build/twins/loop"
    printf '#!/bin/sh\necho "not ok 1 - equal deadlines keep their order"\n' \
        >"$BATS_TEST_TMPDIR/build/tests/13.1/timers"
    chmod +x "$BATS_TEST_TMPDIR/build/twins/loop" "$BATS_TEST_TMPDIR/build/tests/13.1/timers"
    results "$BATS_TEST_TMPDIR/build"
    [[ "$output" == *"B1 FAIL: "*"B2 pass"*"B4 FAIL: "*": not ok"* ]]
}
