# 13.3 cancel, timeout, run()
load lib/common

setup_file() {
    build 13.3-all
}

@test "13.3: the program prints what asyncio prints, under poll, select and epoll" {
    section_program 13.3
}

@test "13.3: a request arrives at the innermost await, a pass later" {
    helper 13.3/cancel
}

@test "13.3: what a task may answer, and a task that cancels itself" {
    helper 13.3/answers
}

@test "13.3: requests taken back, and the message" {
    helper 13.3/message
}

@test "13.3: errors on their way out" {
    helper 13.3/errors
}

@test "13.3: states, what a task waits for, the chain of frames" {
    helper 13.3/states
}

@test "13.3: a cancel at every turn leaves nothing behind" {
    helper 13.3/everywhere
}

@test "13.3: timeouts" {
    helper 13.3/timeout
    helper 13.3/deadline
}

@test "13.3: run() ends what is left over" {
    helper 13.3/run
    helper 13.3/closers
}
