# bench: the benches run, and an operation takes as many instructions as it did. How long
# it takes beside others' is shown by `make bench`, on a quiet machine.
load common

bench=$BUILD/bench/bench
counts=tests/bench/counts.tsv

setup_file() {
    build "$BUILD/bench/bench"
}

# prints BENCH N ROW...: it prints these rows, each with n, seconds and a value.
prints() {
    local name=$1 n=$2
    shift 2
    run -0 timeout 60 "$bench" "$name" "$n"
    [ "${#lines[@]}" -eq $# ]
    for row in "$@"; do
        [[ "$output" =~ $row\ [0-9]+\ [0-9]+\.[0-9]{6}\ [0-9]+\.[0-9]{2} ]]
    done
}

@test "bench: each of the small benches does its work" {
    prints call_soon 1000 call_soon_chain call_soon_batch
    prints timers 1000 timer_insert timer_cancel timer_fire timer_total_per_op
    prints switch 1000 task_switch
    prints spawn 1000 spawn_await spawn_await_heap
    prints queue 1000 queue_pingpong
    prints threadsafe 1000 threadsafe_throughput threadsafe_throughput_heap
    prints threadsafe_lat 100 threadsafe_lat_p50 threadsafe_lat_p99
    prints executor 1000 executor_seq executor_1000
    prints exchange 100 exchange
    for what in tasks timers descriptors urls; do
        OPERATIONS=1000 prints grow_$what 100 grow_$what
    done
}

@test "bench: an unknown one is refused, and the known ones are named" {
    run -2 "$bench" nonesuch 1
    [[ "$output" == usage:*call_soon*exchange* ]]
    run -2 "$bench" switch 0
}

# ---- instructions ----

count_once() {
    [ -z "$SAN" ] || skip "counts are of the plain build"
    command -v valgrind >/dev/null || skip "no valgrind"
    [ "$(head -n 1 $counts)" = "$("${CC:-gcc}" --version | head -n 1)" ] ||
        skip "counts are of another compiler: $(head -n 1 $counts)"
    [ -s "$BATS_FILE_TMPDIR/counts" ] ||
        tests/bench/count "$bench" >"$BATS_FILE_TMPDIR/counts" 2>"$BATS_TEST_TMPDIR/err" ||
        { cat "$BATS_TEST_TMPDIR/err"; return 1; }
}

# compare EXPECTED: names the rows that differ by more than 5 %, and those missing.
compare() {
    awk -F '\t' '
        NF != 3 { next }
        NR == FNR { count[$1 " " $2] = $3; next }
        {
            row = $1 " " $2; seen++
            if (!(row in count)) { print row ": not counted"; bad = 1 }
            else if (count[row] > $3 * 1.05 || count[row] < $3 * 0.95) {
                printf "%s: %s instructions, expected %s\n", row, count[row], $3
                bad = 1
            }
            delete count[row]
        }
        END {
            for (row in count) { print row ": not expected"; bad = 1 }
            exit bad || !seen
        }' "$BATS_FILE_TMPDIR/counts" "$1"
}

@test "bench: an operation takes the instructions it took (make counts renews them)" {
    count_once
    run compare $counts
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "bench: a count that is off by more than 5 % is found, and a row too many or too few" {
    count_once
    awk -F '\t' -v OFS='\t' '$1 == "switch" { $3 *= 0.94 } 1' $counts >"$BATS_TEST_TMPDIR/less"
    run -1 compare "$BATS_TEST_TMPDIR/less"
    [[ "$output" == "switch 3000: "*"expected"* ]]
    awk -F '\t' -v OFS='\t' '$1 == "switch" { $3 *= 1.06 } 1' $counts >"$BATS_TEST_TMPDIR/more"
    run -1 compare "$BATS_TEST_TMPDIR/more"
    sed /switch/d $counts >"$BATS_TEST_TMPDIR/fewer"
    run -1 compare "$BATS_TEST_TMPDIR/fewer"
    [[ "$output" == *"not expected"* ]]
    sed 's/switch/swatch/' $counts >"$BATS_TEST_TMPDIR/other"
    run -1 compare "$BATS_TEST_TMPDIR/other"
    [[ "$output" == *"swatch 3000: not counted"* ]]
}

@test "bench: what grows does not cost more for it, or as a logarithm does" {
    count_once
    awk -F '\t' '
        /^grow_/ && !($1 in first) { first[$1] = $3; next }
        /^grow_/ { rows++; if ($3 > first[$1] * 1.25) { print $1 ": " first[$1], $3; bad = 1 } }
        END { exit bad || rows != 4 }' "$BATS_FILE_TMPDIR/counts"
}
