# clients: other people's clients against build/serve: curl, wget, Python's http.client.
# All receive the same files, byte by byte. A client that is not installed is skipped.
load lib/common

setup_file() {
    build 13.6-all
}

setup() {
    need cmp
    FILES=$BATS_TEST_TMPDIR/files
    mkdir -p "$FILES/sub"
    cp Makefile "$FILES/"
    head -c 300000 /dev/urandom >"$FILES/sub/random.bin"
    : >"$FILES/empty.txt"
    touch -d '2020-02-02 02:02:02' "$FILES"/Makefile "$FILES"/sub/*
    serve "$FILES"
}

teardown() {
    kill "$SERVER" 2>/dev/null || true
}

need() {
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

names="Makefile sub/random.bin empty.txt"

# peak: the server's largest resident size so far, in KiB.
peak() {
    awk '/^VmHWM:/ { print $2 }' "/proc/$SERVER/status"
}

# sparse: a file of 1 GiB that takes no disk space, with data at both ends and inside.
sparse() {
    SPARSE=$FILES/sparse.bin
    truncate -s 1G "$SPARSE"
    for at in 0 1000 500000 1048000; do
        head -c 1000 /dev/urandom | dd of="$SPARSE" bs=1024 seek="$at" conv=notrunc status=none
    done
    [ "$(du -k "$SPARSE" | cut -f1)" -lt 1000 ] || skip "no sparse files here"
    touch -d '2020-02-02 02:02:02' "$SPARSE"
}

# in_bounds: serving the large file took the server less than 16 MB.
in_bounds() {
    [ -n "$SAN" ] || [ "$(peak)" -lt 16384 ]
}

# ---- curl ----

@test "clients: curl gets all, keeps the connection, HEAD, a list, 404, 405" {
    need curl
    for name in $names; do
        curl -sf -m 10 "$URL$name" | cmp - "$FILES/$name"
    done
    run -0 curl -sf -m 10 -w '%{num_connects} ' -o /dev/null -o /dev/null -o /dev/null \
        "${URL}Makefile" "${URL}empty.txt" "${URL}sub/random.bin"
    [ "$output" = "1 0 0 " ]
    run -0 curl -sfI -m 10 "${URL}sub/random.bin"
    [[ "$output" == *"Content-Length: 300000"* && "$output" == *"Accept-Ranges: bytes"* ]]
    run -0 curl -sfL -m 10 "${URL}sub"
    [[ "$output" == *'<a href="random.bin">random.bin</a>'* ]]
    run -0 curl -s -m 10 -o /dev/null -w '%{http_code}' "${URL}none"
    [ "$output" = 404 ]
    run -0 curl -s -m 10 -i -X DELETE "${URL}Makefile"
    [[ "$output" == *" 405 "*"Allow: GET, HEAD"* ]]
}

@test "clients: curl sends bodies, with a length and in chunks: read, and not wanted" {
    need curl
    for chunked in 'Content-Type: x' 'Transfer-Encoding: chunked'; do
        run -0 curl -s -m 10 -o /dev/null -o /dev/null -w '%{http_code} %{num_connects} ' \
            -H "$chunked" --data-binary @Makefile "${URL}Makefile" "${URL}empty.txt"
        [ "$output" = "405 1 405 0 " ]
        run -0 curl -s -m 10 -o /dev/null -w '%{http_code}' -H "$chunked" -H Expect: \
            --data-binary @"$FILES/sub/random.bin" "${URL}Makefile"
        [ "$output" = 413 ]
    done
}

@test "clients: curl gets parts, conditions, and resumes" {
    need curl
    file=$FILES/sub/random.bin
    curl -sf -m 10 -r 1000-1999 "${URL}sub/random.bin" |
        cmp - <(tail -c +1001 "$file" | head -c 1000)
    curl -sf -m 10 -r -500 "${URL}sub/random.bin" | cmp - <(tail -c 500 "$file")
    run -0 curl -s -m 10 -o /dev/null -w '%{http_code}' -r 300000- "${URL}sub/random.bin"
    [ "$output" = 416 ]
    head -c 100000 "$file" >"$BATS_TEST_TMPDIR/part"
    curl -sf -m 10 -C - -o "$BATS_TEST_TMPDIR/part" "${URL}sub/random.bin"
    cmp "$BATS_TEST_TMPDIR/part" "$file"
    run -0 curl -s -m 10 -o /dev/null -w '%{http_code}' -z "$file" "${URL}sub/random.bin"
    [ "$output" = 304 ]
    run -0 curl -s -m 10 -o /dev/null -w '%{http_code}' -z 2019-01-01 "${URL}sub/random.bin"
    [ "$output" = 200 ]
}

@test "clients: curl gets a file of 1 GiB, and the server stays below 16 MB" {
    slow
    need curl
    sparse
    curl -sf -m 100 "${URL}sparse.bin" | cmp - "$SPARSE"
    curl -sf -m 10 -r 1073000000- "${URL}sparse.bin" | cmp - <(tail -c 741824 "$SPARSE")
    in_bounds
    echo "# peak memory of the server: $(peak) KiB" >&3
}

# ---- wget ----

@test "clients: wget gets all, mirrors, and resumes" {
    need wget
    for name in $names; do
        wget -q -T 10 -t 1 -O - "$URL$name" | cmp - "$FILES/$name"
    done
    cd "$BATS_TEST_TMPDIR"
    wget -q -T 10 -t 1 -r -np -nH -P mirror "$URL"
    for name in $names; do
        cmp "mirror/$name" "$FILES/$name"
    done
    head -c 100000 "$FILES/sub/random.bin" >random.bin
    wget -q -T 10 -t 1 -c "${URL}sub/random.bin"
    cmp random.bin "$FILES/sub/random.bin"
    grep -q '^206 200000 GET /sub/random.bin' log
    wget -q -T 10 -t 1 -c "${URL}sub/random.bin" # it is complete: 416, and no harm
    cmp random.bin "$FILES/sub/random.bin"
    wget -q -T 10 -t 1 -N "${URL}sub/random.bin" # and not newer
    run -8 wget -q -T 10 -t 1 -O /dev/null "${URL}none"
}

@test "clients: wget resumes a file of 1 GiB, and the server stays below 16 MB" {
    slow
    need wget
    sparse
    wget -q -T 10 -t 1 -O - "${URL}sparse.bin" | cmp - "$SPARSE"
    cd "$BATS_TEST_TMPDIR"
    truncate -s 1073000000 sparse.bin # wget does not compare its beginning
    wget -q -T 10 -t 1 -c "${URL}sparse.bin"
    cmp <(tail -c 741824 sparse.bin) <(tail -c 741824 "$SPARSE")
    cd - >/dev/null
    in_bounds
}

# ---- Python ----

@test "clients: http.client: one connection, HEAD, parts, bodies both ways, 1 GiB" {
    slow
    need python3
    sparse
    python3 - "$URL" "$FILES" <<'PYTHON'
import hashlib, http.client, sys
from urllib.parse import urlsplit

url, files = sys.argv[1:]
http_ = http.client.HTTPConnection(urlsplit(url).netloc, timeout=100)

def ask(method, path, body=None, headers={}, chunked=False):
    http_.request(method, path, body, headers, encode_chunked=chunked)
    answer = http_.getresponse()
    return answer, answer.read()

http_.connect()
socket = http_.sock
for name in "Makefile", "sub/random.bin", "empty.txt":
    data = open(files + "/" + name, "rb").read()
    answer, got = ask("GET", "/" + name)
    assert answer.status == 200 and got == data, name
    answer, got = ask("HEAD", "/" + name)
    assert answer.status == 200 and got == b"" and answer.length == 0, name
    assert int(answer.getheader("Content-Length")) == len(data), name
    date = answer.getheader("Last-Modified")
    answer, got = ask("GET", "/" + name, headers={"If-Modified-Since": date})
    assert answer.status == 304 and got == b"", name
data = open(files + "/sub/random.bin", "rb").read()
answer, got = ask("GET", "/sub/random.bin", headers={"Range": "bytes=7-70006"})
assert answer.status == 206 and got == data[7:70007]
assert answer.getheader("Content-Range") == "bytes 7-70006/300000"
answer, got = ask("POST", "/Makefile", b"x" * 1000)
assert answer.status == 405 and answer.getheader("Allow") == "GET, HEAD"
answer, got = ask("POST", "/Makefile", iter([b"x" * 1000] * 9),
                  {"Transfer-Encoding": "chunked"}, True)
assert answer.status == 405
assert http_.sock is socket, "a connection of its own for each"

def digest(file):
    sha = hashlib.sha1()
    while piece := file.read(1 << 20):
        sha.update(piece)
    return sha.digest()

http_.request("GET", "/sparse.bin")
assert digest(http_.getresponse()) == digest(open(files + "/sparse.bin", "rb"))
PYTHON
    in_bounds
}

@test "clients: chunked answers: curl, wget and http.client read them alike" {
    build 13.6-all
    start_chunked() { # a server of the checks: /stream is 3 pieces of unknown size
        mkfifo "$BATS_TEST_TMPDIR/chunked"
        timeout 60 "$BUILD/tests/13.6/pieces" >"$BATS_TEST_TMPDIR/chunked" 3>&- &
        CHUNKED=$!
        read -r URL <"$BATS_TEST_TMPDIR/chunked"
    }
    start_chunked
    seq 1 200000 >"$BATS_TEST_TMPDIR/want"
    clients=0
    if command -v curl >/dev/null; then
        curl -sf -m 10 "$URL" | cmp - "$BATS_TEST_TMPDIR/want"
        curl -sf -m 10 --http1.0 "$URL" | cmp - "$BATS_TEST_TMPDIR/want"
        run -0 curl -sf -m 10 -D - -o /dev/null "$URL"
        [[ "$output" == *"Transfer-Encoding: chunked"* ]]
        curl -sf -m 10 -H 'Transfer-Encoding: chunked' --data-binary @"$BATS_TEST_TMPDIR/want" \
            "$URL" | cmp - "$BATS_TEST_TMPDIR/want" # echoed unchanged
        curl -sf -m 10 --data-binary @"$BATS_TEST_TMPDIR/want" "$URL" | # 100 (Continue)
            cmp - "$BATS_TEST_TMPDIR/want"
        clients=$((clients + 1))
    fi
    if command -v wget >/dev/null; then
        wget -q -T 10 -t 1 -O - "$URL" | cmp - "$BATS_TEST_TMPDIR/want"
        clients=$((clients + 1))
    fi
    if command -v python3 >/dev/null; then
        python3 -c 'import sys, urllib.request as u; sys.stdout.buffer.write(u.urlopen(sys.argv[1]).read())' \
            "$URL" | cmp - "$BATS_TEST_TMPDIR/want"
        clients=$((clients + 1))
    fi
    "$BUILD/fetch" "$URL" | cmp - "$BATS_TEST_TMPDIR/want"
    kill "$CHUNKED"
    [ "$clients" -gt 0 ] || skip "no client is installed"
}
