# tls: https by children of openssl. The certificates are made here, by a CA that nobody
# will see again; the servers are those of tls-server.py.
load common

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

# serve: start the servers; TLS_GOOD, ... are their ports. `asked` ends them.
serve() {
    local name port
    mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out-of"
    timeout 300 python3 tests/tls-server.py "$TLS_DIR" <"$BATS_TEST_TMPDIR/in" \
        >"$BATS_TEST_TMPDIR/out-of" 3>&- &
    SERVER=$!
    exec 5>"$BATS_TEST_TMPDIR/in" 6<"$BATS_TEST_TMPDIR/out-of"
    while read -t 20 -r name port <&6 && [ -n "$name" ]; do
        export "TLS_${name^^}=$port"
    done
}

# asked NAME: "CONNECTIONS REQUESTS" of that server.
asked() {
    exec 5>&-
    sed -n "s/^$1 //p" <&6
}

@test "tls: a connection and its child, from the first argument to the last breath" {
    needs
    serve
    helper 13.9-tls
}
