# tls: https by child processes of openssl. The certificates are made here, by a CA for
# this run only; tls-server.py has the servers.
load lib/common

needs() {
    local tool
    for tool in openssl python3; do
        command -v $tool >/dev/null || skip "$tool is not installed"
    done
}

# certificate NAME SUBJECT-ALT-NAME FIRST-DAY LAST-DAY: NAME.pem, signed by the CA.
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
        -out "$1.csr" -subj "/CN=$1"
    printf 'subjectAltName=%s\n' "$2" >"$1.ext"
    openssl ca -batch -config ca.cnf -startdate "$3" -enddate "$4" -extfile "$1.ext" \
        -in "$1.csr" -out "$1.pem"
}

certificates() {
    local ours=DNS:localhost,IP:127.0.0.1
    printf '%s\n' '[ca]' 'default_ca=c' '[c]' 'database=index' 'serial=serial' \
        'new_certs_dir=.' 'certificate=ca.pem' 'private_key=ca.key' 'default_md=sha256' \
        'policy=p' '[p]' 'commonName=supplied' >ca.cnf
    : >index
    echo 1000 >serial
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \
        -out ca.pem -subj '/CN=throw-away CA' -days 3650
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout unknown.key -out unknown.pem -subj /CN=unknown -addext "subjectAltName=$ours"
    certificate good $ours 20200101000000Z 20490101000000Z
    certificate wrong DNS:other.example 20200101000000Z 20490101000000Z
    certificate expired $ours 20200101000000Z 20200102000000Z
}

setup_file() {
    build 13.9-all
    command -v openssl >/dev/null && command -v python3 >/dev/null || return 0
    export TLS_DIR=$BATS_FILE_TMPDIR
    (cd "$TLS_DIR" && certificates >certificates.log 2>&1) || cat "$TLS_DIR/certificates.log"
    mkdir "$TLS_DIR/site"
    printf 'Q\nR\nk\nK\n' >"$TLS_DIR/site/small"
    for i in $(seq 99); do
        echo "<title>page $i</title> $(head -c "$((i * 300))" /dev/zero | tr '\0' x)"
    done | split -l 1 -a 2 -d - "$TLS_DIR/site/p"
    (cd "$TLS_DIR/site" && for p in p*; do echo "<a href=/$p>$p</a>"; done >index.html)
}

setup() {
    OUT=$BATS_TEST_TMPDIR/out
    SERVER=
}

teardown() {
    [ -z "$SERVER" ] || kill "$SERVER" 2>/dev/null || true
}

# serve: starts the servers; TLS_GOOD, ... are their ports. `asked` ends them.
serve() {
    local name port
    mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out-of"
    timeout 300 python3 tests/tools/tls-server.py "$TLS_DIR" <"$BATS_TEST_TMPDIR/in" \
        >"$BATS_TEST_TMPDIR/out-of" 3>&- &
    SERVER=$!
    exec 5>"$BATS_TEST_TMPDIR/in" 6<"$BATS_TEST_TMPDIR/out-of"
    while read -t 20 -r name port <&6 && [ -n "$name" ]; do
        export "TLS_${name^^}=$port"
    done
}

# asked: ends the servers; ASKED is "CONNECTIONS REQUESTS" of the good one.
asked() {
    exec 5>&-
    ASKED=$(timeout 20 sed -n 's/^good //p' <&6)
}

@test "tls: a connection and its child, from the first argument to the last breath" {
    needs
    serve
    helper 13.9/tls
}

# crawl STATUS ARGUMENT...: crawls into OUT, trusting our CA.
crawl() {
    local wanted=$1
    shift
    status=0
    timeout -k 1 100 "$BUILD/crawl" --no-robots --ca-file "$TLS_DIR/ca.pem" -o "$OUT" "$@" \
        5>&- 6<&- || status=$?
    [ "$status" -eq "$wanted" ]
}

# reason NAME: the error of that server's page.
reason() {
    local port=TLS_${1^^}
    grep -F ":${!port}/" "$OUT/pages.jsonl" | sed -n 's/.*"error":"\([^"]*\)".*/\1/p'
}

@test "tls: a crawl over https, 100 requests through one child" {
    needs
    serve
    # a wrapper of openssl that records its start
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\necho $$ >>"%s"\nexec "%s" "$@"\n' "$BATS_TEST_TMPDIR/started" \
        "$(command -v openssl)" >"$BATS_TEST_TMPDIR/bin/openssl"
    chmod +x "$BATS_TEST_TMPDIR/bin/openssl"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH crawl 0 --per-host 1 "https://localhost:$TLS_GOOD/"
    asked
    [ "$ASKED" = '1 100' ]
    [ "$(wc -l <"$OUT/pages.jsonl")" -eq 100 ]
    [ "$(wc -l <"$BATS_TEST_TMPDIR/started")" -eq 1 ]
    run ! kill -0 "$(cat "$BATS_TEST_TMPDIR/started")" # it has ended
    # the stored bytes are the served ones
    python3 - "$TLS_DIR/site" "$OUT/crawl.warc" <<'PYTHON'
import os, sys
site, warc = sys.argv[1], open(sys.argv[2], "rb").read()
pages = {}
for record in warc.split(b"WARC/1.1\r\n")[1:]:
    head, block = record.split(b"\r\n\r\n", 1)
    if b"WARC-Type: response" in head:
        uri = head.split(b"WARC-Target-URI: ")[1].split(b"\r\n")[0].decode()
        pages[uri.split("/", 3)[3]] = block.split(b"\r\n\r\n", 1)[1][:-4]
names = [name for name in os.listdir(site) if name.startswith("p")]
assert len(names) == 99 and len(pages) == 100, (len(names), len(pages))
for name in names:
    assert pages[name] == open(f"{site}/{name}", "rb").read(), name
assert pages[""] == open(f"{site}/index.html", "rb").read()
PYTHON
}

@test "tls: robots.txt over https; children are no more than connections" {
    needs
    printf 'User-agent: *\nDisallow: /p0\n' >"$TLS_DIR/site/robots.txt"
    serve
    status=0
    timeout 100 "$BUILD/crawl" --ca-file "$TLS_DIR/ca.pem" -c 4 -o "$OUT" \
        "https://localhost:$TLS_GOOD/" 5>&- 6<&- >"$BATS_TEST_TMPDIR/summary" || status=$?
    rm "$TLS_DIR/site/robots.txt"
    [ "$status" -eq 0 ]
    cat "$BATS_TEST_TMPDIR/summary"
    [ "$(wc -l <"$OUT/pages.jsonl")" -eq 90 ] # without p00 to p09
    asked
    [ "${ASKED#* }" -eq 91 ]
    [ "${ASKED% *}" -ge 1 ] && [ "${ASKED% *}" -le 4 ]
    grep -q "connections  ${ASKED% *} opened" "$BATS_TEST_TMPDIR/summary"
}

@test "tls: each failure has its reason, the rest of the crawl goes on" {
    needs
    serve
    crawl 4 --retries 0 --timeout 5 "https://localhost:$TLS_WRONG/" \
        "https://localhost:$TLS_UNKNOWN/" "https://localhost:$TLS_EXPIRED/" \
        "https://localhost:$TLS_PLAIN/" "https://localhost:$TLS_REFUSING/" \
        "https://localhost:$TLS_CLOSED/" "https://localhost:$TLS_GOOD/" \
        "http://localhost:$TLS_PLAIN/"
    cat "$OUT/pages.jsonl" | grep -v '"status":200'
    [[ "$(reason wrong)" == tls-wrong-host:* ]]
    [[ "$(reason unknown)" == tls-unknown-ca:* ]]
    [[ "$(reason expired)" == tls-expired:* ]]
    [[ "$(reason plain)" == tls-none:* ]]
    [[ "$(reason refusing)" == tls-refused:* ]]
    [[ "$(reason closed)" == refused:* ]]
    [ "$(grep -c '"status":200' "$OUT/pages.jsonl")" -eq 200 ] # http and https are two sites
    # a silent server may take as long as any other handshake
    run -4 timeout 60 "$BUILD/crawl" -q --no-robots --retries 0 --timeout 0.6 -o "$OUT-1" \
        "https://localhost:$TLS_SILENT/" 5>&- 6<&-
    grep -q '"error":"connect-timeout: ' "$OUT-1/pages.jsonl"
    # without --ca-file our CA is unknown; robots.txt is requested once, not four times
    run -4 timeout 60 "$BUILD/crawl" -q -o "$OUT-2" "https://localhost:$TLS_GOOD/" 5>&- 6<&-
    grep -q '"attempts":0,.*"error":"robots.txt: tls-unknown-ca: ' "$OUT-2/pages.jsonl"
}

# crawl_in_background: one page that never arrives; CHILD is its openssl.
crawl_in_background() {
    "$BUILD/crawl" -q -v --no-robots --retries 0 --ca-file "$TLS_DIR/ca.pem" -o "$OUT" \
        "https://localhost:$TLS_GOOD/hang" 2>"$BATS_TEST_TMPDIR/err" 3>&- 5>&- 6<&- &
    CRAWL=$!
    CHILD=
    while [ -z "$CHILD" ]; do
        CHILD=$(pgrep -f "s_client.*:$TLS_GOOD ") || sleep 0.05
    done
}

@test "tls: a child that is killed from outside is the reason; Ctrl-C does not reach it" {
    needs
    command -v pgrep >/dev/null || skip "pgrep is not installed (procps)"
    serve
    crawl_in_background
    [ "$(ps -o pgid= -p "$CHILD" | tr -d ' ')" = "$CHILD" ]
    kill -9 "$CHILD"
    status=0
    wait $CRAWL || status=$?
    [ "$status" -eq 4 ]
    [[ "$(reason good)" == tls-killed:* ]]
}

@test "tls: when the crawl is killed, or stopped at once, its child ends" {
    needs
    command -v pgrep >/dev/null || skip "pgrep is not installed (procps)"
    serve
    crawl_in_background
    kill -9 $CRAWL
    wait $CRAWL || true
    while kill -0 "$CHILD" 2>/dev/null; do sleep 0.05; done
    rm -r "$OUT"
    crawl_in_background
    kill -TERM $CRAWL
    until grep -q stopping "$BATS_TEST_TMPDIR/err"; do sleep 0.05; done
    kill -TERM $CRAWL
    status=0
    wait $CRAWL || status=$?
    [ "$status" -eq 130 ]
    run ! kill -0 "$CHILD"
}

@test "tls: without openssl https is refused with one line, and http works" {
    needs
    serve
    run -2 env PATH=/nonesuch "$BUILD/crawl" -o "$OUT" "http://localhost:$TLS_PLAIN/" \
        "https://localhost:$TLS_GOOD/" 5>&- 6<&-
    [ "$output" = "crawl: https://localhost:$TLS_GOOD/: https needs the program openssl in PATH (apt-get install openssl)" ]
    [ ! -e "$OUT" ]
    run -0 env PATH=/nonesuch "$BUILD/crawl" -q -o "$OUT" "http://localhost:$TLS_PLAIN/" 5>&- 6<&-
    [ "$(wc -l <"$OUT/pages.jsonl")" -eq 100 ]
}
