# bench: the benches run, and the instructions per operation have not changed. `make
# bench` compares times with the peers', on a quiet machine.
load lib/common

bench=$BUILD/bench/bench
counts=tests/bench/counts.tsv

setup_file() {
    build "$BUILD/bench/bench" "$BUILD/bench/client" "$BUILD/serve"
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

# compare EXPECTED: prints the rows that differ by more than 5 %, and missing ones.
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
    slow
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

# ---- the HTTP client and the table ----

# serve FOLDER: starts build/serve on a free port; sets $url and $server.
serve() {
    "$BUILD/serve" --port 0 --quiet "$1" >"$BATS_TEST_TMPDIR/serve" 3>&- &
    server=$!
    until grep -q http "$BATS_TEST_TMPDIR/serve"; do kill -0 "$server"; done
    url=$(grep -o 'http://[^ ]*' "$BATS_TEST_TMPDIR/serve")
}

teardown() {
    [ -z "$server" ] || kill "$server"
}

@test "bench: the HTTP client counts good answers and bad ones" {
    mkdir "$BATS_TEST_TMPDIR/folder"
    printf %32768s x >"$BATS_TEST_TMPDIR/folder/32k.html"
    serve "$BATS_TEST_TMPDIR/folder"
    run -0 timeout 60 "$BUILD/bench/client" "${url}32k.html" 8 0.1
    [[ "$output" =~ ^[1-9][0-9]*\ 0\.[0-9]+\ [0-9.]+\ 0$ ]]
    run -0 timeout 60 "$BUILD/bench/client" "${url}none.html" 8 0.1
    [[ "$output" =~ ^0\ 0\.[0-9]+\ 0\.0\ [1-9][0-9]*$ ]]
    run -2 "$BUILD/bench/client" "$url" 0 1
    run -1 timeout 60 "$BUILD/bench/client" http://name.invalid/ 1 0.1
}

@test "bench: the table has ours, the best peer, ratios, and what is not met" {
    command -v python3 >/dev/null || skip "no python3"
    [ -z "$SAN" ] || skip "memory and time are of the plain build"
    N=1000 REPS=1 PEERS_DIR=/nonesuch run -0 timeout 120 tests/bench/run timers
    echo "$output"
    [[ "$output" == *row*ours*"best peer"*target*met* ]]
    [[ "$output" == *timer_total_per_op*asyncio*"(no libev)"* ]]
    [[ "$output" == *"not here"*/nonesuch* ]]
    grep -q '^"timer_fire",asyncio,[0-9.e+]*,[0-9.e+]*$' "$BUILD/bench/results.csv"
    grep -q '^| timer_fire | asyncio |' "$BUILD/bench/ratios.md"
    run ! tests/bench/run nonesuch
}

@test "bench: a target is met only when it is reached, and a missing peer is named" {
    command -v python3 >/dev/null || skip "no python3"
    python3 -B - <<'END'
import sys
sys.path.insert(0, 'tests/bench')
import table

def met(row, **values):
    figures = table.Figures()
    for program, value in values.items():
        figures.add(row, program.replace('_', '-'), value)
    return table.line(figures, row)

assert met('queue_pingpong', ours=10, go=20, asyncio=800)[2:7] == [
    'go 20.0', '2.00', '80.0', 'go 2.00, asyncio 80.0', 'met']
assert met('queue_pingpong', ours=10, go=19, asyncio=800)[6] == 'NOT met'
assert met('queue_pingpong', ours=10, go=20, asyncio=790)[6] == 'NOT met'
figures = table.Figures()
for value in 3, 1, 5:
    figures.add('server', 'ours', value)
    figures.add('queue_pingpong', 'ours', value)
assert figures.taken('server') == figures.taken('queue_pingpong') == {'ours': 3}
table.TAKE = 'best'
assert figures.taken('server') == {'ours': 5}
assert figures.taken('queue_pingpong') == {'ours': 1}
assert met('queue_pingpong', ours=10, asyncio=800)[6] == 'met (no go)'
assert met('queue_pingpong', ours=10)[6] == ' (no go, asyncio)'
assert met('server', ours=90, nginx=100)[6] == 'met'
assert met('server', ours=89, nginx=100)[6] == 'NOT met'
assert met('mem_bytes_per_task', ours=224, libev=104)[6] == 'met'
assert met('mem_bytes_per_task', ours=225, libev=104)[6] == 'NOT met'
assert met('crawl pg MB', ours=9, go=20, wget=10, wget2=18)[2:7:4] == ['wget2 18.0', 'met']
assert met('crawl pg MB', ours=10, go=30, wget2=18)[6] == 'NOT met'
assert met('crawl pg MB', ours=11, go=30, wget2=28)[6] == 'NOT met'
assert met('spawn_await', ours=10, rust_std=9, asyncio=1000, go=80)[6] == 'NOT met'
assert met('call_soon_chain', libev=10) is None
END
}
