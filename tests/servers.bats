# servers: build/fetch against other people's servers: nginx, Apache httpd, Python's
# http.server. Each check starts one on a free port of 127.0.0.1, with its own
# configuration and folder. A server that is not installed is skipped.
load lib/common

setup_file() {
    build 13.6-all
}

setup() {
    PATH=$PATH:/usr/sbin
    # Not below bats' folder: a server that drops root could not enter it.
    # A path without a blank, because the servers' configurations do not quote it.
    local base=${TMPDIR:-/tmp}
    [[ "$base" != *[[:space:]]* ]] || base=/tmp
    WORK=$(mktemp -d "$base/servers-XXXXXX")
    FILES=$WORK/files
    SERVER=
    mkdir -p "$FILES/sub"
    seq 1 100000 >"$FILES/text.txt"
    head -c 300000 /dev/urandom >"$FILES/random.bin"
    : >"$FILES/empty.txt"
    { seq 1 20000; printf '<!--#include virtual="/sub/index.html" -->'; } >"$FILES/page.shtml"
    echo index >"$FILES/sub/index.html"
    chmod -R a+rX "$WORK"
}

teardown() {
    if [ -n "$SERVER" ]; then
        kill "$SERVER" 2>/dev/null || true
        wait "$SERVER" 2>/dev/null || true
    fi
    rm -rf "$WORK"
}

need() {
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

# free_port: our tools can bind to port 0, but these servers need a number.
free_port() {
    python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start COMMAND...: starts the server at PORT and waits until it answers.
start() {
    local i status
    "$@" >"$WORK/log" 2>&1 3>&- &
    SERVER=$!
    URL=http://127.0.0.1:$PORT/
    for i in {1..200}; do
        status=0
        "$BUILD/fetch" --timeout 5 "${URL}empty.txt" >/dev/null 2>&1 || status=$?
        [ "$status" -ne 4 ] && return
        kill -0 "$SERVER" 2>/dev/null || break
        sleep 0.05
    done
    tail -n 5 "$WORK"/*log
    return 1
}

# fetch_all: files byte by byte, an empty one, HEAD, a missing one, a redirect.
fetch_all() {
    local name
    for name in text.txt random.bin empty.txt; do
        "$BUILD/fetch" --timeout 20 "$URL$name" | cmp - "$FILES/$name"
    done
    run -0 "$BUILD/fetch" --timeout 20 -I "${URL}random.bin"
    [[ "$output" == "HTTP/1."*" 200 "* && "${output,,}" == *"content-length: 300000"* ]]
    run -8 --separate-stderr "$BUILD/fetch" --timeout 20 "${URL}none"
    [ -z "$stderr" ]
    run -0 --separate-stderr "$BUILD/fetch" --timeout 20 -v "${URL}sub"
    [[ "$stderr" == *"< HTTP/1."*" 301 "* && "${stderr,,}" == *"< location: "*"/sub/"* ]]
    run -0 "$BUILD/fetch" --timeout 20 "${URL}sub/"
    [ "$output" = index ]
}

# one_connection: several files, also empty ones, or all files, on one connection.
one_connection() {
    "$BUILD/fetch" --timeout 20 -v "${URL}random.bin" "${URL}empty.txt" "${URL}text.txt" \
        "${URL}random.bin" 2>"$WORK/err" |
        cmp - <(cat "$FILES"/{random.bin,text.txt,random.bin})
    [ "$(grep -c '^\* connected to' "$WORK/err")" -eq 1 ]
    [ "$(grep -c '^\* kept the connection' "$WORK/err")" -eq 3 ]
}

parts() {
    "$BUILD/fetch" --timeout 20 -r 1000-1999 "${URL}random.bin" |
        cmp - <(tail -c +1001 "$FILES/random.bin" | head -c 1000)
    run -8 --separate-stderr "$BUILD/fetch" --timeout 20 -v -r 300000- "${URL}random.bin"
    [[ "$stderr" == *"< HTTP/1.1 416 "* ]]
}

# chunked PATH FIELD: the answer comes in chunks, twice on one connection, and ends there.
chunked() {
    "$BUILD/fetch" --timeout 20 -v -H "$2" "$URL$1" "$URL$1" 2>"$WORK/err" >"$WORK/twice"
    [ "$(grep -ci '^< transfer-encoding: chunked' "$WORK/err")" -eq 2 ]
    [ "$(grep -c '^\* kept the connection' "$WORK/err")" -eq 1 ]
}

# unzip: two gzip members, one after the other, give both texts.
unzip_twice() {
    gzip -dc <"$WORK/twice" | cmp - <(cat "$FILES/text.txt" "$FILES/text.txt")
}

expanded_twice() {
    cmp "$WORK/twice" <(for i in 1 2; do seq 1 20000; echo index; done)
}

# ---- nginx ----

nginx_config() {
    cat <<CONFIG
daemon off;
master_process off;
pid $WORK/nginx.pid;
error_log $WORK/error.log;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $WORK/t1; proxy_temp_path $WORK/t2; fastcgi_temp_path $WORK/t3;
    uwsgi_temp_path $WORK/t4; scgi_temp_path $WORK/t5;
    types { text/html shtml html; text/plain txt; }
    default_type application/octet-stream;
    gzip on; gzip_types text/plain; gzip_min_length 100;
    server {
        listen 127.0.0.1:$PORT;
        root $FILES;
        location ~ [.]shtml$ { ssi on; }
    }
}
CONFIG
}

@test "servers: nginx: files, HEAD, parts, chunks by gzip and by ssi, one connection" {
    need nginx
    need python3
    PORT=$(free_port)
    nginx_config >"$WORK/nginx.conf"
    start nginx -p "$WORK" -c "$WORK/nginx.conf"
    fetch_all
    one_connection
    parts
    chunked text.txt 'Accept-Encoding: gzip'
    unzip_twice
    if nginx -V 2>&1 | grep -q -- --without-http_ssi_module; then return 0; fi
    chunked page.shtml 'Accept-Language: eo'
    expanded_twice
}

# ---- Apache httpd ----

apache_modules() {
    for folder in /usr/lib/apache2/modules /usr/lib/httpd/modules /usr/lib64/httpd/modules \
        /usr/libexec/apache2; do
        if [ -d "$folder" ]; then echo "$folder" && return; fi
    done
}

apache_config() {
    local modules module
    modules=$(apache_modules)
    cat <<CONFIG
ServerRoot $WORK
ServerName localhost
Listen 127.0.0.1:$PORT
PidFile $WORK/apache.pid
DefaultRuntimeDir $WORK
Mutex default:$WORK
ErrorLog $WORK/error.log
DocumentRoot $FILES
KeepAlive On
CONFIG
    for module in mpm_event mpm_prefork unixd authz_core mime dir deflate filter include; do
        [[ $module == mpm_prefork && -f $modules/mod_mpm_event.so ]] && continue
        if [ -f "$modules/mod_$module.so" ]; then
            echo "LoadModule ${module}_module $modules/mod_$module.so"
        fi
    done
    [ "$(id -u)" -ne 0 ] || printf 'User nobody\nGroup #65534\n'
    cat <<CONFIG
TypesConfig /dev/null
AddType text/plain .txt
AddType text/html .html .shtml
AddOutputFilterByType DEFLATE text/plain
AddOutputFilter INCLUDES .shtml
<Directory />
    AllowOverride None
</Directory>
<Directory $FILES>
    Options +Includes
    Require all granted
</Directory>
CONFIG
}

@test "servers: Apache httpd: files, HEAD, parts, chunks by deflate and by SSI, one connection" {
    local apache
    apache=$(command -v apache2 || command -v httpd || true)
    [ -n "$apache" ] || skip "neither apache2 nor httpd is installed"
    need python3
    PORT=$(free_port)
    apache_config >"$WORK/apache.conf"
    start "$apache" -d "$WORK" -f "$WORK/apache.conf" -DFOREGROUND
    fetch_all
    one_connection
    parts
    chunked text.txt 'Accept-Encoding: gzip'
    unzip_twice
    chunked page.shtml 'Accept-Language: eo'
    expanded_twice
}

# ---- Python ----

@test "servers: Python's http.server: files, HEAD, closed and kept connections" {
    need python3
    PORT=$(free_port)
    start python3 -m http.server --bind 127.0.0.1 --directory "$FILES" "$PORT"
    fetch_all # HTTP/1.0: each answer ends with its connection
    kill "$SERVER" && wait "$SERVER" || true
    PORT=$(free_port)
    start python3 -m http.server --bind 127.0.0.1 --directory "$FILES" --protocol HTTP/1.1 "$PORT"
    fetch_all
    one_connection
}
