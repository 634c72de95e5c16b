# crawl: the tool build/crawl, from the command line. Most checks crawl the odd server and
# read its requests from a pipe, so that no check waits for a fixed time.
load lib/common

setup_file() {
    build "$BUILD/crawl" "$BUILD/tests/13.9/odd-server" "$BUILD/tests/13.9/sample-server"
}

setup() {
    OUT=$BATS_TEST_TMPDIR/out
    ERR=$BATS_TEST_TMPDIR/err
    SERVER=
}

teardown() {
    if [ -n "$SERVER" ]; then
        kill "$SERVER" 2>/dev/null || true
    fi
}

# serve: starts the odd server, which ends itself after a minute. URL is its address;
# descriptor 4 yields the requested paths. (Not under timeout(1): a signal that arrives
# before timeout knows its child would not reach the server.)
serve() {
    mkfifo "$BATS_TEST_TMPDIR/asked"
    "$BUILD/tests/13.9/odd-server" >"$BATS_TEST_TMPDIR/asked" 3>&- &
    SERVER=$!
    exec 4<"$BATS_TEST_TMPDIR/asked"
    read -r URL <&4
    URL=${URL%/}
}

# until_asked PATH: waits for that request.
until_asked() {
    local line
    while read -t 20 -r line <&4; do
        [ "$line" != "$1" ] || return 0
    done
    return 1
}

# crawl STATUS ARGUMENT...: runs it; stdout is in $output, stderr in $ERR.
crawl() {
    local wanted=$1
    shift
    status=0
    timeout -k 1 60 "$BUILD/crawl" "$@" >"$ERR.stdout" 2>"$ERR" 4<&- || status=$?
    output=$(cat "$ERR.stdout")
    echo "crawl $*: status $status, stderr:"
    cat "$ERR"
    [ "$status" -eq "$wanted" ]
}

# complains STATUS TEXT ARGUMENT...: it prints one line on stderr, which contains TEXT.
complains() {
    local text=$2
    crawl "$1" "${@:3}"
    [ -z "$output" ]
    [ "$(wc -l <"$ERR")" -eq 1 ]
    grep -qF -- "$text" "$ERR"
    grep -q '^crawl: ' "$ERR"
}

lines_of() {
    [ "$(wc -l <"$1/pages.jsonl")" -eq "$2" ]
}

# ---- words ----

@test "crawl: --help is on stdout and says every option" {
    crawl 0 --help
    [ ! -s "$ERR" ]
    for option in output concurrency per-host delay timeout retries depth max-pages include \
        exclude user-agent ca-file digests allow-private no-robots quiet verbose help version; do
        [[ "$output" == *"--$option"* ]]
    done
    [[ "$output" == *"Exit status"* ]]
    crawl 0 -h
    # no line is wider than a terminal
    run ! grep -qE '^.{81}' <("$BUILD/crawl" --help)
}

@test "crawl: --version" {
    crawl 0 --version
    [[ "$output" == crawl\ [0-9]* ]]
    [ ! -s "$ERR" ]
}

@test "crawl: a bad option: one line and exit 2" {
    complains 2 '--nonesuch: there is no such option' --nonesuch http://h/
    complains 2 '-x: there is no such option' -x http://h/
    complains 2 '--output: needs a value' --output
    complains 2 '-c: needs a value' -c
    complains 2 '--quiet=1: takes no value' --quiet=1 http://h/
    complains 2 '-qv: takes no value' -qv http://h/
    complains 2 'no URL is given'
    complains 2 'no URL is given' -q
    complains 2 'no URL is given' --
    [ ! -e crawl-out ]
}

@test "crawl: a bad value: one line and exit 2" {
    local option value
    for option in --concurrency --per-host --retries --depth --max-pages; do
        for value in '' x -1 1.5 1x 99999999999999999999 0x10 ' 1'; do
            complains 2 "crawl: $option $value: must be " $option "$value" -o "$OUT" http://h/
        done
    done
    for option in --concurrency --per-host; do
        complains 2 '0: must be from 1 to 10000' $option 0 -o "$OUT" http://h/
    done
    for option in --delay --timeout; do
        for value in '' x -1 1e3 1.2.3 . inf nan 0x1 99999999; do
            complains 2 "$option $value: must be a number of seconds" $option "$value" -o "$OUT" http://h/
        done
    done
    complains 2 '--timeout 0: must be a number of seconds' --timeout 0 -o "$OUT" http://h/
    for option in --include --exclude; do
        complains 2 '(: must be a regular expression' $option '(' -o "$OUT" http://h/
        complains 2 '[a: must be a regular expression' $option '[a' -o "$OUT" http://h/
    done
    complains 2 'must be printable ASCII' --user-agent $'a\nb' -o "$OUT" http://h/
    complains 2 'must be printable ASCII' --user-agent '' -o "$OUT" http://h/
    complains 2 '--ca-file /nonesuch: must be a file that can be read' --ca-file /nonesuch -o "$OUT" http://h/
    complains 2 "must be a folder's name" -o '' http://h/
    [ ! -e "$OUT" ]
}

@test "crawl: a bad URL: one line and exit 2, and no folder is made" {
    local url
    for url in nonsense / '' http:// 'http://[' 'http://a:99999/' 'http://1.2.3.4.5/' \
        "http://h/$(printf %09000d 0)"; do
        complains 2 "$(printf %.30s "$url")" -o "$OUT" -- "$url"
    done
    complains 2 'only http and https are supported' -o "$OUT" ftp://h/
    complains 2 'only http and https are supported' -o "$OUT" mailto:me
    complains 2 'second: is no absolute URL' -o "$OUT" http://h/ second
    [ ! -e "$OUT" ]
}

@test "crawl: what one types is shown without its control bytes" {
    complains 2 '--x\x1b[2J: there is' $'--x\e[2J'
    complains 2 'h\x1b[2J: is no absolute URL' $'h\e[2J'
    complains 3 '/nonesuch/\x1b[2J: ' -o $'/nonesuch/\e[2J' http://127.0.0.1:1/
}

@test "crawl: LOOP_CLOCK=virtual and an unknown selector are refused" {
    LOOP_CLOCK=virtual complains 2 'LOOP_CLOCK=virtual' -o "$OUT" http://h/
    LOOP_SELECTOR=nonesuch complains 2 'nonesuch' -o "$OUT" http://h/
    [ ! -e "$OUT" ]
}

# ---- files ----

@test "crawl: a folder that is not empty is refused with exit 3" {
    mkdir "$OUT"
    echo mine >"$OUT/file"
    complains 3 "$OUT: Directory not empty" -o "$OUT" http://127.0.0.1:1/
    [ "$(ls "$OUT")" = file ]
    complains 3 "$OUT/file: Not a directory" -o "$OUT/file" http://127.0.0.1:1/
    complains 3 "$OUT/no/folder: No such file" -o "$OUT/no/folder" http://127.0.0.1:1/
}

@test "crawl: a full disk ends it with exit 3, naming the file" {
    serve
    mkdir "$BATS_TEST_TMPDIR/disk"
    if mount -t tmpfs -o size=512k crawl-check "$BATS_TEST_TMPDIR/disk" 2>/dev/null; then
        run timeout 60 "$BUILD/crawl" -q --no-robots -o "$BATS_TEST_TMPDIR/disk/out" "$URL/big"
        local whole
        whole=$(tail -c 4 "$BATS_TEST_TMPDIR/disk/out/crawl.warc" | od -An -tx1)
        umount "$BATS_TEST_TMPDIR/disk"
        [ "$status" -eq 3 ]
        [[ "$output" == "crawl: $BATS_TEST_TMPDIR/disk/out/"*": No space left on device" ]]
        [ "$whole" = ' 0d 0a 0d 0a' ] # whole records only
    fi
    run bash -c "ulimit -f 64; exec timeout 60 '$BUILD/crawl' -q --no-robots -o '$OUT' '$URL/big'"
    [ "$status" -eq 3 ]
    [[ "$output" == "crawl: $OUT/"*": File too large" ]]
}

# ---- the outcome ----

@test "crawl: two pages: exit 0, a summary, two lines" {
    serve
    crawl 0 --no-robots -o "$OUT" "$URL"
    [[ "$output" == "pages        2  2xx 2 "* ]]
    [[ "$output" == *"connections  1 opened, 1 times reused, 0 found closed"* ]]
    [ ! -s "$ERR" ] # no progress: stderr is no terminal
    lines_of "$OUT" 2
    grep -q '"title":"start"' "$OUT/pages.jsonl"
    grep -qF "{\"url\":\"$URL/page\",\"status\":200,\"depth\":1,\"from\":\"$URL/\"," "$OUT/pages.jsonl"
}

@test "crawl: robots.txt is asked for once, unless --no-robots" {
    serve
    crawl 0 -q -o "$OUT" "$URL"
    crawl 0 -q --no-robots -o "$OUT-2" "$URL"
    kill "$SERVER"
    SERVER=
    [ "$(cat <&4 | tr '\n' ' ')" = '/robots.txt / /page / /page ' ]
}

@test "crawl: a page that is not there gives exit 8" {
    serve
    crawl 8 --no-robots -o "$OUT" "$URL/nonesuch"
    [[ "$output" == *"4xx 1"* ]]
    lines_of "$OUT" 1
}

@test "crawl: a page that stays busy gives exit 8, after its retries" {
    serve
    crawl 8 -q --no-robots --retries 1 -o "$OUT" "$URL/busy"
    grep -q '"status":503,.*"attempts":2,' "$OUT/pages.jsonl"
}

@test "crawl: a closed port gives exit 4" {
    serve
    kill "$SERVER"
    wait "$SERVER" || true
    SERVER=
    crawl 4 --retries 0 -o "$OUT" "$URL/"
    [[ "$output" == *"failed 1"* ]]
    grep -q '"error":"robots.txt: refused: nothing listens there"' "$OUT/pages.jsonl"
    crawl 4 -q --no-robots --retries 0 -o "$OUT-2" "$URL/"
    grep -q '"error":"refused: nothing listens there"' "$OUT-2/pages.jsonl"
}

@test "crawl: a page that hangs is given up after --timeout" {
    serve
    crawl 4 -q --no-robots --retries 0 --timeout 1.5 -o "$OUT" "$URL/hang"
    grep -q '"error":"head-timeout: no complete head within 1.5 s"' "$OUT/pages.jsonl"
    grep -qE '"ms":[0-9]{3,4},' "$OUT/pages.jsonl"
}

@test "crawl: -q prints nothing" {
    serve
    crawl 0 -q -o "$OUT" "$URL/"
    [ -z "$output" ]
    [ ! -s "$ERR" ]
}

@test "crawl: -v prints a line a page on stderr, and the summary" {
    serve
    crawl 0 -v --no-robots -o "$OUT" "$URL/"
    [ "$(wc -l <"$ERR")" -eq 2 ]
    grep -qE "^200 +33 $URL/\$" "$ERR"
    grep -qE "^200 +6 $URL/page\$" "$ERR"
    [[ "$output" == *"pages        2"* ]]
    crawl 8 -q -v --no-robots -o "$OUT-2" "$URL/nonesuch" # both: no summary
    [ -z "$output" ]
    grep -q '^404 ' "$ERR"
}

@test "crawl: hostile bytes of a page never reach the terminal, nor the lines" {
    serve
    crawl 8 -v --no-robots -o "$OUT" "$URL/hostile"
    [ "$(wc -l <"$ERR")" -eq 4 ]
    grep -qF '\x9b' "$ERR" # it arrived, as text
    run ! env LC_ALL=C grep -q '[^ -~]' "$ERR"
    run ! env LC_ALL=C grep -q '[^ -~]' "$OUT/pages.jsonl"
    LC_ALL=C grep -qa "$(printf '\033')" "$OUT/crawl.warc" # the archive has the bytes
}

@test "crawl: --depth, --max-pages, --include, --exclude, --digests" {
    serve
    crawl 0 -q --no-robots --depth 0 -o "$OUT-1" "$URL/"
    lines_of "$OUT-1" 1
    crawl 0 -q --no-robots --max-pages 1 -o "$OUT-2" "$URL/"
    lines_of "$OUT-2" 1
    crawl 0 -q --no-robots --include=nothing -o "$OUT-3" "$URL/"
    lines_of "$OUT-3" 1
    crawl 0 -q --no-robots --exclude '/pa.e$' -o "$OUT-4" "$URL/"
    lines_of "$OUT-4" 1
    crawl 0 -q --no-robots --include pa --exclude x --digests -o "$OUT-5" "$URL/"
    lines_of "$OUT-5" 2
    grep -qa '^WARC-Payload-Digest: sha1:' "$OUT-5/crawl.warc"
    run ! grep -qa Digest "$OUT-4/crawl.warc"
}

@test "crawl: the sample site, page by page" {
    timeout 60 env BUILD="$BUILD" tests/tools/sample-crawl 4<&- 3>&-
}

# ---- progress ----

@test "crawl: a line of progress on a terminal, taken away at the end" {
    command -v script >/dev/null || skip "script(1) is not installed (bsdutils)"
    serve
    mkfifo "$BATS_TEST_TMPDIR/screen"
    echo "echo \$\$ >'$OUT.pid'; exec '$BUILD/crawl' --no-robots -c 2 --per-host 2 -o '$OUT' $URL/both" \
        >"$BATS_TEST_TMPDIR/command"
    timeout -k 1 60 script -qefc "sh '$BATS_TEST_TMPDIR/command'" /dev/null \
        >"$BATS_TEST_TMPDIR/screen" </dev/null 3>&- 4<&- &
    exec 6<"$BATS_TEST_TMPDIR/screen"
    shows 'pages, 0 queued, 2 in flight, 0 errors, '
    kill -INT "$(cat "$OUT.pid")"
    shows '(stopping; once more to stop at once)'
    kill -INT "$(cat "$OUT.pid")"
    shows 'pages        1  2xx 1 '
    status=0
    wait $! || status=$?
    exec 6<&-
    [ "$status" -eq 130 ]
}

# shows TEXT: reads the terminal's output until TEXT appears.
shows() {
    local part
    while read -t 20 -r -d $'\r' -u 6 part; do
        [[ "$part" != *"$1"* ]] || return 0
    done
    [[ "$part" == *"$1"* ]]
}

# ---- Ctrl-C ----

# begin_crawl URL...: in the background; CRAWL is its process, says() reads its stderr.
begin_crawl() {
    mkfifo "$OUT.said"
    timeout -k 1 60 sh -c 'echo $$ >"$0"; exec "$@"' "$OUT.pid" "$BUILD/crawl" -v --no-robots \
        -c 2 --per-host 2 -o "$OUT" "$@" >"$OUT.summary" 2>"$OUT.said" 3>&- 4<&- &
    CRAWL=$!
    exec 6<"$OUT.said"
}

# says TEXT: the next line on stderr contains it.
says() {
    local line
    read -t 20 -r -u 6 line
    echo "stderr: $line"
    [[ "$line" == *"$1"* ]]
}

interrupt() {
    kill -INT "$(cat "$OUT.pid")"
}

# interrupted PAGES: Ctrl-C ends it, it prints nothing more, and has written so many
# pages.
interrupted() {
    run ! read -t 20 -r -u 6
    status=0
    wait "$CRAWL" || status=$?
    exec 6<&-
    cat "$OUT.summary"
    [ "$status" -eq 130 ]
    grep -q "^pages        $1  2xx $1 " "$OUT.summary"
    lines_of "$OUT" "$1"
}

go() { # makes the server answer /wait
    local host=${URL#http://}
    exec 5<>"/dev/tcp/${host%:*}/${host#*:}"
    printf 'GET /go HTTP/1.1\r\nHost: h\r\n\r\n' >&5
    read -r _ <&5
    exec 5>&-
}

@test "crawl: Ctrl-C once lets what is in flight end, then exit 130 with a summary" {
    serve
    begin_crawl "$URL/wait"
    until_asked /wait
    interrupt
    says 'crawl: stopping; once more to stop at once'
    go
    says "$URL/wait"
    interrupted 1
    grep -q '1 not reached' "$OUT.summary" # its link was not followed
}

@test "crawl: Ctrl-C twice ends at once, exit 130 with a summary" {
    serve
    begin_crawl "$URL/both"
    until_asked /wait
    until_asked /hang
    says "$URL/both"
    interrupt
    says 'crawl: stopping; once more to stop at once'
    interrupt
    interrupted 1 # no line for the two that were in flight
    grep -q '2 not reached' "$OUT.summary"
}
