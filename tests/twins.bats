# twins: scenarios of asyncio's behaviour, group by group. The expected output was made by
# CPython 3.13 from the same scenario in Python (`make twin` compares live):
#     PYTHONPATH=tests python3.13 tests/twins/NAME.py >tests/twins/NAME.expected
load lib/common

setup_file() {
    build twins 13.8-all
}

# scenario NAME: prints asyncio's lines under each selector, and nothing on stderr.
scenario() {
    local selector
    for selector in poll select epoll; do
        LOOP_CLOCK=virtual LOOP_SELECTOR=$selector timeout 60 "$BUILD/twins/$1" \
            >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
        diff "tests/twins/$1.expected" "$BATS_TEST_TMPDIR/out"
        [ ! -s "$BATS_TEST_TMPDIR/err" ]
    done
}

@test "twins: the loop" {
    scenario loop
}

@test "twins: futures" {
    scenario futures
}

@test "twins: tasks" {
    scenario tasks
}

@test "twins: cancel" {
    scenario cancel
}

@test "twins: wait_for and timeout" {
    scenario deadlines
}

@test "twins: shield, wait and gather" {
    scenario gather
}

@test "twins: task groups" {
    scenario groups
}

@test "twins: locks and semaphores" {
    scenario locks
}

@test "twins: events, conditions, barriers" {
    scenario conditions
}

@test "twins: queues" {
    scenario queues
}

@test "twins: run()" {
    scenario runner
}

@test "twins: Ctrl-C, signals, descriptors" {
    scenario interrupts
}

@test "twins: threads, debug mode" {
    scenario threads
}

@test "twins: executors" {
    scenario executor
}

@test "twins: child processes" {
    scenario processes
}

@test "twins: streams" {
    scenario streams
}

# The rows of a scenario in which no time passes: their order does not depend on the
# clock.
timeless() {
    awk '/^B/ { if (row && still) print row; row = $1; still = 1; next }
         $2 != "0.00" { still = 0 }
         END { if (row && still) print row }' "$1"
}

@test "twins: rows in which no time passes are the same with the real clock" {
    local clock rows n=0
    for file in tests/twins/*.expected; do
        name=${file##*/}
        rows=$(timeless "$file")
        [ -n "$rows" ] || continue
        n=$((n + $(echo "$rows" | wc -l)))
        for clock in virtual monotonic; do
            LOOP_CLOCK=$clock timeout 60 "$BUILD/twins/${name%.expected}" $rows \
                >"$BATS_TEST_TMPDIR/out"
            sed -E 's/^( *[0-9-]+) [0-9]+\.[0-9]{2} /\1 /' "$BATS_TEST_TMPDIR/out" \
                >"$BATS_TEST_TMPDIR/$clock"
        done
        diff "$BATS_TEST_TMPDIR/virtual" "$BATS_TEST_TMPDIR/monotonic"
    done
    [ "$n" -ge 40 ]
}

@test "rows: what no scenario can show" {
    helper 13.8/rows
    helper 13.8/crowd
}

@test "twins: each has both languages and its expected lines" {
    for file in tests/twins/*.expected; do
        name=${file%.expected}
        [ -f "$name.c" ] && [ -f "$name.py" ]
        grep -q "scenario ${name##*/}\$" "$BATS_TEST_FILENAME"
    done
    [ "$(ls tests/twins/*.c | wc -l)" -eq "$(ls tests/twins/*.expected | wc -l)" ]
}

# A fake Python that prints the stored output, changed by the sed script.
fake_python() {
    cat >"$BATS_TEST_TMPDIR/python" <<END
#!/bin/sh
case \$1 in
--version) echo 'Python 3.$1.0' ;;
-c) [ "\$4" -le $1 ] ;;
*) sed '$2' "\${1%.py}.expected" ;;
esac
END
    chmod +x "$BATS_TEST_TMPDIR/python"
}

@test "twins: make twin tells which row differs, and which is known to" {
    export PYTHON=$BATS_TEST_TMPDIR/python
    fake_python 13 ''
    run -0 tests/tools/twin "$BUILD/twins/cancel"
    [[ "$output" == *"10 rows equal"* ]]
    fake_python 13 's/uncancel: 0/uncancel: 1/'
    run -1 tests/tools/twin "$BUILD/twins/cancel"
    [[ "$output" == *"B38 differs from its twin"*"9 rows equal"* ]]
    fake_python 11 's/uncancel: 0/uncancel: 1/'
    run -0 tests/tools/twin "$BUILD/twins/cancel"
    [[ "$output" == *"B38 differs, known, upstream's: uncancel to 0"*"9 rows equal"* ]]
    fake_python 11 's/a-CE/a-EC/'
    run -1 tests/tools/twin "$BUILD/twins/cancel"
    [[ "$output" == *"B30 differs from its twin"* ]]
    fake_python 13 '/^B39/,$d'
    run -1 tests/tools/twin "$BUILD/twins/cancel"
}
