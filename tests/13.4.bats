# 13.4 callbacks: other threads, signals, Ctrl-C, tickers
load lib/common

setup_file() {
    build 13.4-all
}

@test "13.4: the program prints what asyncio prints, under poll, select and epoll" {
    section_program 13.4
}

# bats test_tags=long
@test "13.4: --cost prints a heading and four rows" {
    run -0 timeout 60 "$BUILD/13.4/main" --cost
    [ "${#lines[@]}" -eq 5 ]
    for i in 1 2 3 4; do # a name, nanoseconds, bytes
        [[ "${lines[i]}" =~ ^[a-z].*\ [0-9]+\.[0-9]\ +[0-9]+$ ]]
    done
    [[ "${lines[1]}" == call_soon* && "${lines[2]}" == await* ]]
    [[ "${lines[3]}" == *turn* && "${lines[4]}" == *"create a task"* ]]
}

@test "13.4: posts from other threads: none lost, in order, a sleeper is woken" {
    helper 13.4/threads
}

@test "13.4: posts: order, cancel, the wake-up pipe, the wrong thread" {
    helper 13.4/inbox
}

# bats test_tags=long
@test "13.4: signals become callbacks" {
    helper 13.4/signals
}

@test "13.4: Ctrl-C" {
    helper 13.4/interrupt
}

@test "13.4: callbacks by the million, timers, the ticker" {
    helper 13.4/callbacks
}

@test "13.4: debug mode tells of slow callbacks" {
    helper 13.4/debug
}

@test "13.4: what was wrong once stays mended" {
    helper 13.4/mended
}

# bats test_tags=long
@test "13.4: two posts at once, and a handler replaced in between" {
    helper 13.4/races
}
