# 13.6-more: the race for a connection, accepting and closing, and the capacity of one
# thread.
load lib/common

setup_file() {
    build 13.6-all
}

selectors="poll select epoll"

@test "13.6: a race of addresses: CPython's traces, failures, cancelled in any pass" {
    for selector in $selectors; do
        LOOP_SELECTOR=$selector helper 13.6/staggered-race \
            "starts, wins and failures are CPython's" "sixteen addresses of three families" \
            "cancelled anywhere, once and twice" "a time limit waits for the clean-up" names
    done
}

@test "13.6: a mute ::1 and 127.0.0.1, in real time" {
    helper 13.6/staggered-race "::1 and 127.0.0.1"
    [[ "$output" != *"# skipped"* ]] || skip "no ::1 here"
}

@test "13.6: accepting in bursts, a pause when descriptors run out" {
    for selector in $selectors; do
        LOOP_SELECTOR=$selector helper 13.6/accept "up to the backlog in one go" \
            "no descriptor is left: a pause of a second" \
            "a limit below what is watched" "closed in the pause"
    done
}

@test "13.6: closing a server: who is waited for, who is closed" {
    for selector in $selectors; do
        LOOP_SELECTOR=$selector helper 13.6/accept "wait_closed waits for those that live" \
            "closed by the first to come" "close_clients lets an answer end" \
            "abort_clients waits for nothing" "closed while sending"
    done
}

@test "13.6: a thousand connections on one thread, under poll and epoll" {
    for selector in poll epoll; do
        LOOP_SELECTOR=$selector helper 13.6/many "a thousand connections on one thread"
        [[ "$output" != *"# skipped"* ]] || skip "too few descriptors are allowed"
        [[ "$output" == *"# $selector: peak 1000 connections, "* ]]
    done
}

@test "13.6: 9,900 connections, 200 of them busy, in less than 60 MB" {
    helper 13.6/crowd
    [[ "$output" != *"# skipped"* ]] || skip "too few descriptors are allowed"
    echo "${output%%$'\n'*}" >&3
}

@test "13.6: what a connection and a sleeping task cost" {
    helper 13.6/many "what a connection costs" "what a sleeping task costs"
}

@test "13.6: a hundred answers of 50 ms together take 50 ms" {
    for selector in $selectors; do
        LOOP_SELECTOR=$selector helper 13.6/many "a hundred slow answers in the time of one"
    done
}
