# 13.8 locks, queues, child processes, channels
load lib/common

setup_file() {
    build 13.8-all
}

@test "13.8: the program prints what asyncio prints, under poll, select and epoll" {
    section_program 13.8
}

@test "13.8: an unknown selector is refused with a message" {
    LOOP_SELECTOR=nonesuch run -1 "$BUILD/13.8/main"
    [[ "$output" == *"cannot make an event loop"* ]]
}

@test "13.8: scripts of locks, semaphores, events, conditions, barriers, queues: asyncio's passes" {
    helper 13.8/script tests/vectors/sync-scripts.txt
}

@test "13.8: two loops, who holds the lock, the queue's table" {
    helper 13.8/sync
}

# bats test_tags=long
@test "13.8: child processes" {
    helper 13.8/process
}

@test "13.8: channels and run_coroutine_threadsafe" {
    helper 13.8/threads
}
