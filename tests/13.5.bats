# 13.5 executor
load lib/common

setup_file() {
    build 13.5-all
}

@test "13.5: the program prints what asyncio prints, under poll, select and epoll" {
    section_program 13.5
}

# bats test_tags=long
@test "13.5: fifty times the same lines, with both cores busy" {
    slow
    local i
    (while :; do :; done) 3>&- &
    local first=$!
    (while :; do :; done) 3>&- &
    local second=$!
    for i in $(seq 50); do
        LOOP_CLOCK=virtual timeout 20 "$BUILD/13.5/main" >"$BATS_TEST_TMPDIR/out$i" || break
        cmp 13.5-executor/expected.txt "$BATS_TEST_TMPDIR/out$i" || break
    done
    kill "$first" "$second"
    [ "$i" -eq 50 ]
    cmp 13.5-executor/expected.txt "$BATS_TEST_TMPDIR/out50"
}

# bats test_tags=long
@test "13.5: the pool, run_in_executor and cancel" {
    helper 13.5/executor
}

@test "13.5: the default pool has min(32, processors + 4) threads" {
    command -v nproc >/dev/null || skip "no nproc"
    local cpus
    cpus=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
    WANT_THREADS=$((cpus + 4 < 32 ? cpus + 4 : 32)) helper 13.5/executor "default size"
    command -v taskset >/dev/null || skip "no taskset"
    WANT_THREADS=5 run timeout 20 taskset -c 0 "$BUILD/tests/13.5/executor" "default size"
    [ "$status" -eq 0 ]
}

@test "13.5: the default executor: made late, joined by run(), given up at the deadline" {
    helper 13.5/default
}

# bats test_tags=long
@test "13.5: nothing is lost (valgrind), no lock is misused (helgrind)" {
    slow
    command -v valgrind >/dev/null || skip "no valgrind"
    [ -z "$SAN" ] || skip "a sanitizer is in use"
    LOOP_CLOCK=virtual timeout 60 valgrind -q --leak-check=full --error-exitcode=9 \
        "$BUILD/13.5/main" | cmp - 13.5-executor/expected.txt
    helgrind="valgrind -q --tool=helgrind --suppressions=tests/lib/valgrind.supp --error-exitcode=9"
    LOOP_CLOCK=virtual timeout 60 $helgrind "$BUILD/13.5/main" >/dev/null
    run timeout 60 $helgrind "$BUILD/tests/13.5/default"
    echo "$output"
    [ "$status" -eq 0 ]
}
