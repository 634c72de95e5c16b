# 13.1 event loop (with 13.2)
load lib/common

setup_file() {
    build 13.1-all
}

@test "13.1: the program prints what asyncio prints, under poll, select and epoll" {
    section_program 13.1
}

@test "13.1: --policy lists the selectors compiled in" {
    run -0 "$BUILD/13.1/main" --policy
    [[ "$output" == *poll* && "$output" == *select* && "$output" == *"clock: monotonic"* ]]
    LOOP_SELECTOR=select run -0 "$BUILD/13.1/main" --policy
    [[ "$output" == *"select *"* ]]
}

@test "13.1: an unknown selector or clock is refused with a message" {
    LOOP_SELECTOR=nonesuch run -1 "$BUILD/13.1/main"
    [[ "$output" == *"cannot make an event loop"* ]]
    LOOP_CLOCK=sundial run -1 "$BUILD/13.1/main"
}

@test "13.1: the ready queue and stop" {
    helper 13.1/callbacks
}

# bats test_tags=long
@test "13.1: timers" {
    helper 13.1/timers
}

@test "13.1: what a running and a closed loop refuse" {
    helper 13.1/life
}

@test "13.1: readers and writers, under each selector" {
    helper 13.1/watch
}

@test "13.1: descriptors closed too early" {
    helper 13.1/descriptors
}

@test "13.1: selectors, clocks and the environment" {
    helper 13.1/policy
}

@test "13.1: tasks take turns" {
    helper 13.1/tasks
}

@test "13.1: what each await costs" {
    helper 13.1/awaits
}

@test "13.1: errors on their way out" {
    helper 13.1/errors
}

@test "13.1: cancel, as far as the step knows it" {
    helper 13.1/cancels
}

@test "13.1: sleep" {
    helper 13.1/sleeps
}

@test "13.1: what is left when a run or a loop ends" {
    helper 13.1/ends
}

# bats test_tags=long
@test "13.1: the output is the same fifty times" {
    for i in {1..50}; do
        LOOP_CLOCK=virtual "$BUILD/13.1/main" | cmp - 13.1-event-loop/expected.txt
    done
}

# Smaller under a sanitizer, and once under valgrind, which counts every block.
# bats test_tags=long
@test "13.1: a million tasks and timers, half cancelled: in order, and all given back" {
    slow
    [ -z "$SAN" ] || export STRESS_COUNT=50000
    GLIBC_TUNABLES=glibc.malloc.tcache_count=0 helper 13.1/stress
    command -v valgrind >/dev/null && [ -z "$SAN" ] || return 0
    STRESS_COUNT=10000 run -0 timeout 120 valgrind -q --leak-check=full --error-exitcode=9 \
        "$BUILD/tests/13.1/stress"
}
