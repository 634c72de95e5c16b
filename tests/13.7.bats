# 13.7 future and task
load lib/common

setup_file() {
    build 13.7-all
}

@test "13.7: the program prints what asyncio prints, under poll, select and epoll" {
    section_program 13.7
}

# bats test_tags=long
@test "13.7: the same 50 times in a row, two at a time" {
    for i in {1..25}; do
        LOOP_CLOCK=virtual timeout 60 "$BUILD/13.7/main" >"$BATS_TEST_TMPDIR/a" 3>&- &
        LOOP_CLOCK=virtual timeout 60 "$BUILD/13.7/main" >"$BATS_TEST_TMPDIR/b"
        wait $!
        cmp 13.7-future-task/expected.txt "$BATS_TEST_TMPDIR/a"
        cmp 13.7-future-task/expected.txt "$BATS_TEST_TMPDIR/b"
    done
}

# bats test_tags=long
@test "13.7: with the real clock the pages take as long" {
    timeout 60 "$BUILD/13.7/main" >"$BATS_TEST_TMPDIR/out"
    grep -q "^gather: 0.3" "$BATS_TEST_TMPDIR/out"
    grep -q "^page 3: given up" "$BATS_TEST_TMPDIR/out"
}

@test "13.7: futures" {
    helper 13.7/futures
}

@test "13.7: what an await costs, and a cancel at any time" {
    helper 13.7/passes
}

@test "13.7: gather" {
    helper 13.7/gather
    helper 13.7/gather-cancel
}

@test "13.7: wait, wait_for, as_completed" {
    helper 13.7/wait
    helper 13.7/wait-for
    helper 13.7/as-completed
}

@test "13.7: shield" {
    helper 13.7/shield
}

@test "13.7: task group" {
    helper 13.7/groups
    helper 13.7/groups-cancel
    helper 13.7/groups-tasks
}
