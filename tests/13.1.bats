# 13.1 event loop (with 13.2)
load common

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

@test "13.1: callbacks, timers, stop, misuse" {
    helper 13.1-loop
}

@test "13.1: readers and writers, under each selector" {
    helper 13.1-watch
}

@test "13.1: coroutines and tasks" {
    helper 13.1-tasks
}

@test "13.1: what is left when a run or a loop ends" {
    helper 13.1-ends
}

@test "13.1: the output is the same fifty times" {
    for i in {1..50}; do
        LOOP_CLOCK=virtual "$BUILD/13.1/main" | cmp - 13.1-event-loop/expected.txt
    done
}
