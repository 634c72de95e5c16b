# hostile: the tool against the hostile server, behaviours 1 to 41 of the zoo.
load lib/common

setup_file() {
    build "$BUILD/tests/13.9/zoo" "$BUILD/tests/13.9/hostile-server" "$BUILD/crawl" "$BUILD/fetch"
}

setup() {
    OUT=$BATS_TEST_TMPDIR/out
    SERVER=
}

teardown() {
    if [ -n "$SERVER" ]; then
        kill "$SERVER" 2>/dev/null || true
    fi
}

# serve: starts the server, which ends itself after a minute. URL is its address; nothing
# listens at REFUSES, and nothing accepts at FULL.
serve() {
    mkfifo "$BATS_TEST_TMPDIR/said"
    "$BUILD/tests/13.9/hostile-server" 60 >"$BATS_TEST_TMPDIR/said" 3>&- &
    SERVER=$!
    exec 4<"$BATS_TEST_TMPDIR/said"
    read -r URL <&4
    read -r _ REFUSES <&4
    read -r _ FULL <&4
    URL=${URL%/}
}

# line URL WORDS: pages.jsonl has a line for the URL, which contains WORDS.
line() {
    echo "looking for $1: $2"
    grep -F "{\"url\":\"$1\"," "$OUT/pages.jsonl" | tee "$OUT.line"
    grep -qF -- "$2" "$OUT.line"
}

@test "hostile: each alone, beside good hosts, all together: its reason, within its bounds" {
    helper 13.9/zoo
    [ "${lines[-1]}" = '41 behaviours, 41 as expected, 0 not' ]
}

@test "hostile: build/crawl on all of them at once: it ends, and each has its line" {
    local path reason
    serve
    # Connecting may take a third of the seconds, and a busy machine needs some.
    run timeout 60 "$BUILD/crawl" -v --no-robots -c 64 --per-host 64 --retries 0 \
        --timeout 3 -o "$OUT" "$URL" "$REFUSES" "$FULL" http://nowhere.invalid/ 4<&-
    [ "$status" -eq 4 ]
    run ! env LC_ALL=C grep -n '[^ -~]' "$OUT/pages.jsonl" - <<<"$output"
    [ -z "$(sed 's/^{"url":"\([^"]*\)".*/\1/' "$OUT/pages.jsonl" | sort | uniq -d)" ]
    "$BUILD/tests/13.9/hostile-server" --list >"$OUT.list"
    [ "$(wc -l <"$OUT.list")" -ge 48 ]
    while read -r path reason; do
        case $path,$reason in
        /31*) line "$URL$path" '"error":"' ;; # --timeout decides which clock
        *,'leads on') line "$URL$path" '"error":null' ;;
        *,[0-9]*) line "$URL$path" "\"status\":$reason," ;;
        *) line "$URL$path" "\"error\":\"$reason: " ;;
        esac
    done <"$OUT.list"
    line "$REFUSES" '"error":"refused: '
    line "$FULL" '"error":"connect-timeout: '
    line http://nowhere.invalid/ '"error":"no-address: '
    command -v python3 >/dev/null || skip "no python3 to judge the JSON"
    python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="ascii"):
    json.loads(line)' "$OUT/pages.jsonl"
}

@test "hostile: build/fetch on each of them ends, with a documented exit status" {
    serve
    "$BUILD/tests/13.9/hostile-server" --list >"$OUT.list"
    while read -r path _; do
        status=0
        timeout 20 "$BUILD/fetch" --timeout 0.2 "$URL$path" >/dev/null 2>"$OUT.err" 4<&- ||
            status=$?
        echo "$path: status $status: $(cat "$OUT.err")"
        [[ "$status" == [048] ]]
    done <"$OUT.list"
}
