# 13.6 http
load lib/common

setup_file() {
    build 13.6-all
}

teardown() {
    if [ -n "$SERVER" ]; then
        kill "$SERVER" 2>/dev/null || true
    fi
}

need_curl() {
    command -v curl >/dev/null || skip "curl is not installed"
}

@test "13.6: the HTTP server, with raw requests" {
    helper 13.6/server
}

# bats test_tags=long
@test "13.6: routes: which row answers, bodies up to their limit, 100 (Continue)" {
    helper 13.6/routes
}

@test "13.6: files, listings, redirects, parts, dates, and no way out of the folder" {
    helper 13.6/files
}

# bats test_tags=long
@test "13.6: curl gets a folder's files byte by byte, HEAD, a list, a redirect" {
    need_curl
    mkdir -p "$BATS_TEST_TMPDIR/files/sub"
    cp Makefile "$BATS_TEST_TMPDIR/files/"
    head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/files/sub/random.bin"
    : >"$BATS_TEST_TMPDIR/files/empty.txt"
    serve "$BATS_TEST_TMPDIR/files"
    for name in Makefile sub/random.bin empty.txt; do
        curl -sf -m 10 -o "$BATS_TEST_TMPDIR/copy" "$URL$name"
        cmp "$BATS_TEST_TMPDIR/copy" "$BATS_TEST_TMPDIR/files/$name"
    done
    run -0 curl -sfI -m 10 "${URL}sub/random.bin"
    [[ "$output" == *"Content-Length: 300000"* ]]
    run -0 curl -sfL -m 10 -w '%{num_redirects} %{url_effective}' "${URL}sub"
    [[ "$output" == *'<a href="random.bin">random.bin</a>'* ]]
    [[ "$output" == *"1 ${URL}sub/" ]]
    run -0 curl -s -m 10 -o /dev/null -w '%{http_code}' "${URL}nothing"
    [ "$output" = 404 ]
    grep -qx '404 9 GET /nothing' "$BATS_TEST_TMPDIR/log"
}

@test "13.6: curl keeps the connection for a second request" {
    need_curl
    serve --quiet tests
    run -0 curl -sf -m 10 -o /dev/null -o /dev/null -w '%{num_connects}\n' \
        "${URL}lib/check.h" "${URL}lib/common.bash"
    [ "$output" = $'1\n0' ]
    [ ! -s "$BATS_TEST_TMPDIR/log" ]
}

# bats test_tags=long
@test "13.6: serve ends well on SIGTERM and on Ctrl-C, also with a connection open" {
    need_curl
    for signal in TERM INT; do
        rm -f "$BATS_TEST_TMPDIR/started"
        serve --quiet tests
        curl -sf -m 10 -o /dev/null "$URL"
        kill -s "$signal" "$SERVER"
        wait "$SERVER"
    done
}

# bats test_tags=long
@test "13.6: serve says in one line what is wrong" {
    run -2 "$BUILD/serve"
    [ "${#lines[@]}" -eq 1 ]
    run -2 "$BUILD/serve" --port 65536 tests
    [ "${#lines[@]}" -eq 1 ]
    run -2 "$BUILD/serve" --nonesuch tests
    run -2 "$BUILD/serve" --bind nowhere tests
    run -2 "$BUILD/serve" tests tests
    run -2 env LOOP_CLOCK=virtual "$BUILD/serve" tests
    [[ "$output" == *LOOP_CLOCK=virtual* ]]
    run -1 "$BUILD/serve" --port 0 nonesuch
    [ "$output" = "serve: nonesuch: No such file or directory" ]
    serve --quiet tests
    port=${URL##*:}
    run -1 "$BUILD/serve" --port "${port%/}" tests
    [[ "$output" == "serve: 127.0.0.1:"*"in use"* ]]
    run -0 "$BUILD/serve" --help
    [[ "$output" == usage:* ]]
    run -0 "$BUILD/serve" --version
}

# ---- the program ----

@test "13.6: the program prints what asyncio prints, under poll, select and epoll" {
    section_program 13.6
}

# bats test_tags=long
@test "13.6: the same 50 times in a row, two at a time, and no socket left behind" {
    # A folder of its own, because another process may run the same program now. Its name
    # is short, because a long TMPDIR makes the program use /tmp.
    TMPDIR=$(mktemp -d /tmp/13.6.XXXXXX)
    export TMPDIR
    for i in {1..25}; do
        LOOP_CLOCK=virtual timeout 60 "$BUILD/13.6/main" >"$BATS_TEST_TMPDIR/a" 3>&- &
        LOOP_CLOCK=virtual timeout 60 "$BUILD/13.6/main" >"$BATS_TEST_TMPDIR/b"
        wait $!
        cmp 13.6-http/expected.txt "$BATS_TEST_TMPDIR/a"
        cmp 13.6-http/expected.txt "$BATS_TEST_TMPDIR/b"
    done
    rmdir "$TMPDIR" # it is empty
}

# bats test_tags=long
@test "13.6: with the real clock five pages together take no longer than one" {
    timeout 60 "$BUILD/13.6/main" >"$BATS_TEST_TMPDIR/out"
    awk '/^in turn/ { turn = $3 } /^together/ { together = $2 }
         END { exit !(turn >= 0.25 && turn > 2 * together) }' "$BATS_TEST_TMPDIR/out"
    grep -q '"wait" in' "$BATS_TEST_TMPDIR/out"
}

# ---- streams, names, client ----

# bats test_tags=long
@test "13.6: streams: every cut, limits, ends, cancel, close" {
    helper 13.6/streams
    LOOP_SELECTOR=select helper 13.6/streams
}

# bats test_tags=long
@test "13.6: drain: the marks, several drainers, cancel, close" {
    helper 13.6/marks
    LOOP_SELECTOR=select helper 13.6/marks
}

@test "13.6: names and connecting: refused, mute, cancelled in any pass" {
    helper 13.6/connecting
    LOOP_SELECTOR=select helper 13.6/connecting
}

# bats test_tags=long
@test "13.6: names are kept, looked up once, in threads of their own" {
    helper 13.6/names
}

# bats test_tags=long
@test "13.6: the client: each framing at every cut, reuse, troubles" {
    helper 13.6/client
    LOOP_SELECTOR=select helper 13.6/client
    helper 13.6/client-limits
}

@test "13.6: clocks: which limit a slow server breaks, and when" {
    helper 13.6/clocks
    LOOP_SELECTOR=select helper 13.6/clocks
}

# ---- urls and messages ----

@test "13.6: urls: every byte in every part, addresses" {
    helper 13.6/url
}

# bats test_tags=long
@test "13.6: urls: hostile input" {
    helper 13.6/url-hostile
}

# bats test_tags=long
@test "13.6: messages: examples, and both sides of every limit, at every cut" {
    helper 13.6/message
    helper 13.6/message-limits
}

# bats test_tags=long
@test "13.6: messages: hostile input" {
    helper 13.6/message-hostile
}

# vectors FILE...: our own rows, and other people's where they are installed.
vectors() {
    run -0 env BUILD="$BUILD" timeout 120 tests/tools/vectors-check "$@"
    echo "$output"
    [ "${#lines[@]}" -ge $(($# + 1)) ]
}

# bats test_tags=long
@test "13.6: addresses: which are special, and how a URL may spell them" {
    helper 13.6/address
    vectors ssrf-addresses
}

@test "13.6: urls: vectors" {
    vectors url-normalize url-other-scheme url-resolve-more url-resolve-rfc3986 url-whatwg
    helper 13.6/url-vectors tests/vectors ssrf-addresses
}

@test "13.6: request heads: vectors" {
    vectors request-head
}

@test "13.6: messages: vectors" {
    vectors http-responses
}

# bats test_tags=long
@test "13.6: vectors: one wrong row, and a file without rows, are told" {
    cp tests/vectors/url-normalize.tsv "$BATS_TEST_TMPDIR/"
    printf 'http://h/\thttp://h/x\n' >>"$BATS_TEST_TMPDIR/url-normalize.tsv"
    VECTORS=$BATS_TEST_TMPDIR run -1 env BUILD="$BUILD" tests/tools/vectors-check url-normalize
    [[ "$output" == *"16 rows, 15 agree, 1 disagree" ]]
    VECTORS=/nonesuch run -0 env BUILD="$BUILD" tests/tools/vectors-check url-normalize
    [[ "$output" == *"url-normalize: 15 rows, 15 agree, own rows only"* ]]
    VECTORS=/nonesuch run -1 env BUILD="$BUILD" tests/tools/vectors-check url-whatwg
    [[ "$output" == *"skipped: url-whatwg: no rows at all"* ]]
    BUILD=/nonesuch run -1 tests/tools/vectors-check url-normalize
}

# ---- the tool fetch ----

# bats test_tags=long
@test "13.6: fetch gets a file byte by byte, to standard output or to a file" {
    mkdir "$BATS_TEST_TMPDIR/files"
    head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/files/random.bin"
    serve --quiet "$BATS_TEST_TMPDIR/files"
    "$BUILD/fetch" "${URL}random.bin" >"$BATS_TEST_TMPDIR/copy"
    cmp "$BATS_TEST_TMPDIR/copy" "$BATS_TEST_TMPDIR/files/random.bin"
    run -0 "$BUILD/fetch" -o "$BATS_TEST_TMPDIR/copy2" "${URL}random.bin"
    [ -z "$output" ]
    cmp "$BATS_TEST_TMPDIR/copy2" "$BATS_TEST_TMPDIR/files/random.bin"
    run -0 "$BUILD/fetch" --head "${URL}random.bin"
    [[ "$output" == "HTTP/1.1 200 "*"Content-Length: 300000"* ]]
}

# bats test_tags=long
@test "13.6: fetch -v shows both heads and five phases, on standard error" {
    mkdir "$BATS_TEST_TMPDIR/files"
    echo hello >"$BATS_TEST_TMPDIR/files/hello.txt"
    serve --quiet "$BATS_TEST_TMPDIR/files"
    "$BUILD/fetch" -v "${URL}hello.txt" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
    [ "$(cat "$BATS_TEST_TMPDIR/out")" = hello ]
    grep -qx '> GET /hello.txt HTTP/1.1' "$BATS_TEST_TMPDIR/err"
    grep -qx '< HTTP/1.1 200 OK' "$BATS_TEST_TMPDIR/err"
    for phase in name connect wait head body; do
        grep -qE "^\* $phase +[0-9]+\.[0-9]{3} s$" "$BATS_TEST_TMPDIR/err"
    done
    grep -qx '\* 6 bytes' "$BATS_TEST_TMPDIR/err"
    # the section's program shows the same phases
    phases() { sed -nE 's/^(\* )?(name|connect|wait|head|body) +[0-9].*/\2/p' "$1"; }
    diff <(phases 13.6-http/expected.txt) <(phases "$BATS_TEST_TMPDIR/err")
    [ "$(phases "$BATS_TEST_TMPDIR/err" | wc -l)" -eq 5 ]
}

# bats test_tags=long
@test "13.6: fetch -v is safe for a terminal" {
    mkfifo "$BATS_TEST_TMPDIR/port"
    printf 'HTTP/1.1 200 OK\r\nX: \302\233\\\r\nContent-Length: 0\r\n\r\n' \
        >"$BATS_TEST_TMPDIR/answer"
    command -v python3 >/dev/null || skip "python3 is not installed"
    python3 -c 'import socket, sys
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
c, _ = s.accept()
c.recv(9999)
c.sendall(open(sys.argv[1], "rb").read())' "$BATS_TEST_TMPDIR/answer" >"$BATS_TEST_TMPDIR/port" 3>&- &
    read -r port <"$BATS_TEST_TMPDIR/port"
    "$BUILD/fetch" -v "http://127.0.0.1:$port/" 2>"$BATS_TEST_TMPDIR/err"
    grep -qxF '< X: \xc2\x9b\\' "$BATS_TEST_TMPDIR/err"
    [ "$(LC_ALL=C tr -d '\n -~' <"$BATS_TEST_TMPDIR/err" | wc -c)" -eq 0 ]
    wait $!
}

# bats test_tags=long
@test "13.6: fetch: parts, fields, several URLs on one connection, a clock that runs out" {
    mkdir "$BATS_TEST_TMPDIR/files"
    echo 0123456789 >"$BATS_TEST_TMPDIR/files/digits"
    serve --quiet "$BATS_TEST_TMPDIR/files"
    run -0 "$BUILD/fetch" -r 2-4 "${URL}digits"
    [ "$output" = 234 ]
    run -8 --separate-stderr "$BUILD/fetch" -r 99- "${URL}digits"
    run -0 --separate-stderr "$BUILD/fetch" -I -H 'Range: bytes=0-1' -v "${URL}digits"
    [[ "$stderr" == *"> Range: bytes=0-1"* ]]
    run -0 --separate-stderr "$BUILD/fetch" -v "${URL}digits" "${URL}digits" "${URL}digits"
    [ "$output" = $'0123456789\n0123456789\n0123456789' ]
    [ "$(grep -c '^\* connected to' <<<"$stderr")" -eq 1 ]
    [ "$(grep -c '^\* kept the connection' <<<"$stderr")" -eq 2 ]
    kill "$SERVER" && wait "$SERVER"
    rm "$BATS_TEST_TMPDIR/started"
    serve --quiet --latency 60000 "$BATS_TEST_TMPDIR/files"
    run -4 "$BUILD/fetch" --timeout 0.2 "${URL}digits"
    [ "$output" = "fetch: ${URL}digits: total-timeout: not complete within 0.2 s" ]
}

# bats test_tags=long
@test "13.6: fetch says in one line what went wrong: 2 usage, 3 file, 4 network, 8 server" {
    serve --quiet tests
    run -8 --separate-stderr "$BUILD/fetch" "${URL}nothing"
    [ -z "$stderr" ]
    run -3 "$BUILD/fetch" -o "$BATS_TEST_TMPDIR/no/where" "${URL}lib/check.h"
    [ "$output" = "fetch: $BATS_TEST_TMPDIR/no/where: No such file or directory" ]
    if [ -c /dev/full ]; then
        run -3 "$BUILD/fetch" -o /dev/full "${URL}lib/check.h"
        [ "$output" = "fetch: /dev/full: No space left on device" ]
    fi
    run -8 --separate-stderr "$BUILD/fetch" "${URL}nothing" "${URL}lib/check.h" # and goes on
    [[ "$output" == *CHECK_MAIN* ]]
    kill "$SERVER" && wait "$SERVER"
    run -4 "$BUILD/fetch" "$URL" "$URL" # and stops
    [ "$output" = "fetch: $URL: cannot connect: Connection refused" ]
    run -4 "$BUILD/fetch" http://nobody.invalid/
    [[ "$output" == "fetch: http://nobody.invalid/: cannot find the host: "* ]]
    for wrong in --nonesuch -o "--timeout 0" "--timeout x $URL" "-r a $URL" "-r" "-H x $URL" "$URL nowhere" "" nowhere ftp://h/ \
        https://h/ http://me@h/; do
        run -2 "$BUILD/fetch" $wrong
        [[ "${#lines[@]}" -eq 1 && "$output" == "fetch: "* ]]
    done
    run -2 env LOOP_CLOCK=virtual "$BUILD/fetch" "$URL"
    [[ "$output" == *LOOP_CLOCK=virtual* ]]
    run -2 env LOOP_SELECTOR=nonesuch "$BUILD/fetch" "$URL"
    run -0 "$BUILD/fetch" --help
    [[ "$output" == usage:* ]]
    run -0 "$BUILD/fetch" --version
}
