# 13.9 crawler (with 13.10, 13.11 and 13.12). The tool build/crawl is checked in crawl.bats.
load lib/common

setup_file() {
    build 13.9-all
}

# vectors NAME: the same with other people's rows, where they are installed.
vectors() {
    local folder=${VECTORS:-../shared/vectors}
    [ -d "$folder" ] || skip "no vectors in $folder"
    helper "$1" "$folder"
}

@test "13.9: the program prints what asyncio prints, under poll, select and epoll" {
    section_program 13.9
}

# bats test_tags=long
@test "13.9: fifty times the same lines, with both cores busy" {
    slow
    local i
    (while :; do :; done) 3>&- &
    local first=$!
    (while :; do :; done) 3>&- &
    local second=$!
    for i in $(seq 50); do
        LOOP_CLOCK=virtual timeout 20 "$BUILD/13.9/main" >"$BATS_TEST_TMPDIR/out$i" || break
        cmp 13.9-crawler/expected.txt "$BATS_TEST_TMPDIR/out$i" || break
    done
    kill "$first" "$second"
    [ "$i" -eq 50 ]
    cmp 13.9-crawler/expected.txt "$BATS_TEST_TMPDIR/out50"
}

@test "13.9: the frontier: each URL once, in turn, and when it is over" {
    helper 13.9/frontier
}

# bats test_tags=long
@test "13.9: retries and delays; 100,000 URLs" {
    helper 13.9/retry
}

@test "13.9: connections are used again, and none is lost" {
    helper 13.9/connector-limits
}

# bats test_tags=long
@test "13.9: the connector: limits, turns, a thousand cancels" {
    helper 13.9/connector
}

@test "13.9: where a name may lead, and names that lead elsewhere later" {
    helper 13.9/transport
}

@test "13.9: a fetch: framing, heads, errors" {
    helper 13.9/fetch
}

# bats test_tags=long
@test "13.9: a fetch: timeouts, kept connections that close, cancels, the limit" {
    helper 13.9/fetch-times
}

# bats test_tags=long
@test "13.9: a fetch: each way to fail has a name and a time" {
    helper 13.9/reasons
}

# bats test_tags=long
@test "13.9: a session: redirects, requests made again, unchanged pages" {
    helper 13.9/session
    run -0 env BUILD="$BUILD" timeout 60 tests/tools/vectors-check redirects
    echo "$output"
}

@test "13.9: what an answer to robots.txt means" {
    helper 13.9/robots-fetch
}

@test "13.9: a crawl: scope, redirects, limits" {
    helper 13.9/crawl
}

@test "13.9: a crawl: in flight, tried again, forbidden" {
    helper 13.9/crawl-ends
}

@test "13.9: a crawl: stopped by Ctrl-C, or by a full disk" {
    helper 13.9/crawl-stop
}

@test "13.9: what a crawl writes: JSON lines and WARC records" {
    helper 13.9/output
}

# bats test_tags=long
@test "13.9: the store: records, digests, what it refuses" {
    helper 13.9/store
}

# bats test_tags=long
@test "13.9: the store on a full disk" {
    slow
    helper 13.9/store-full
}

# bats test_tags=long
@test "13.9: links in HTML" {
    helper 13.9/links
}

# bats test_tags=long
@test "13.9: links in HTML, other people's pages" {
    vectors 13.9/links-vectors
}

# bats test_tags=long
@test "13.9: inflate: the bounds, and small streams" {
    helper 13.9/inflate
    run -0 env BUILD="$BUILD" timeout 120 tests/tools/vectors-check inflate
    [[ "$output" == *"inflate: "*" agree, also byte by byte and at each cut"* ]]
}

# bats test_tags=long
@test "13.9: inflate: what Python's zlib makes, and breaks" {
    slow
    python3 -c 'import zlib' 2>/dev/null || skip "no python3 with zlib"
    python3 tests/13.9/inflate.py live >"$BATS_TEST_TMPDIR/streams"
    helper 13.9/inflate "$BATS_TEST_TMPDIR/streams"
}

# bats test_tags=long
@test "13.9: packed bodies, charsets, and what is refused" {
    helper 13.9/content
    helper 13.9/decode
}

# bats test_tags=long
@test "13.9: charsets that pages declare" {
    run -0 env BUILD="$BUILD" timeout 120 tests/tools/vectors-check charset-own charset-prescan
    echo "$output"
    [[ "$output" == *"charset-own: "*" agree, also in pieces"* ]]
}

# bats test_tags=long
@test "13.9: the rules of robots.txt" {
    helper 13.9/robots
}

# bats test_tags=long
@test "13.9: the rules of robots.txt, other people's cases" {
    vectors 13.9/robots-vectors
}

# bats test_tags=long
@test "13.9: JSON strings and text for terminals" {
    helper 13.9/text
}

@test "13.9: media types, charsets, dates, Retry-After" {
    helper 13.9/fields
}

# bats test_tags=long
@test "13.9: values of fields, and text: vectors" {
    run -0 env BUILD="$BUILD" timeout 60 tests/tools/vectors-check \
        content-type json-strings retry-after terminal-safe
    echo "$output"
    [ "${#lines[@]}" -ge 5 ]
}

@test "13.9: SHA-1" {
    helper 13.9/sha1
    vectors 13.9/sha1
}

# memcheck SECONDS PROGRAM...: runs it under valgrind with a time limit. Only a thread
# that still runs at exit is forgiven.
memcheck() {
    timeout "$1" valgrind -q --leak-check=full --suppressions=tests/lib/valgrind.supp \
        --error-exitcode=9 "${@:2}"
}

# bats test_tags=long
@test "13.9: no byte, timer or descriptor is lost (valgrind)" {
    slow
    command -v valgrind >/dev/null || skip "no valgrind"
    [ -z "$SAN" ] || skip "a sanitizer is in use"
    [[ "${CC:-gcc}" == gcc* ]] || skip "valgrind reads what gcc and glibc make"
    LOOP_CLOCK=virtual memcheck 60 --track-fds=yes "$BUILD/13.9/main" \
        2>"$BATS_TEST_TMPDIR/err" |
        cmp - 13.9-crawler/expected.txt
    for name in frontier connector-limits transport connector fetch reasons session robots-fetch crawl crawl-ends crawl-stop output; do
        run memcheck 100 "$BUILD/tests/13.9/$name"
        echo "$output"
        [ "$status" -eq 0 ]
    done
    # glibc's iconv_open() loads modules in a way that valgrind complains of: without those
    for case in 'gzip, deflate with and without zlib, both' 'what is refused, and why' \
        'two blocks, whatever comes' 'bytes that are no text'; do
        run -0 memcheck 100 "$BUILD/tests/13.9/content" "$case"
    done
    run -0 memcheck 100 "$BUILD/tests/13.9/decode" \
        'the archive keeps the bytes' 'what is not read' robots.txt
}
