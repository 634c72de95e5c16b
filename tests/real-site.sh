#!/usr/bin/env bash
# real-site.sh: crawls a real HTML site twice, by our crawler and by wget2, and compares.
#
#   tests/real-site.sh python|postgresql|rust|all
#
# The sites are the HTML of Debian's packages python3.11-doc, postgresql-doc-15 and
# rust-doc, served on loopback by an nginx of our own with one worker, on two ports: each
# crawler has its own access log. The logs say which pages were fetched, and how often;
# real-site.py reads them and explains each page that only one crawler has.
# Prints figures and one verdict line a site. Exit status 0 only when no page was missed,
# none was fetched twice and no difference is unexplained; 2 when it could not be tested.
#
# Needs Debian, and python3, which is taken as present. Missing packages are installed,
# which needs root and the network. Environment: CRAWL, the program to test (default
# build/crawl); LIMIT, the seconds that one crawl may take (default 900).
# Read next: real-site.py, the comparison.

set -u -o pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
cache=$here/../build/real-site
crawl=${CRAWL:-$here/../build/crawl}
limit=${LIMIT:-900}
scratch=
nginx_pid=

die()
{
    echo "real-site: $*" >&2
    exit 2
}

# shellcheck disable=SC2317 # called by the trap
clean_up()
{
    stop_nginx
    if [ -n "$scratch" ]; then
        rm -rf "$scratch"
    fi
}

# --- what the test needs ----------------------------------------------------------------

# need COMMAND PACKAGE: installs the package when the command is not there.
need()
{
    if command -v "$1" >/dev/null; then
        return
    fi
    apt_update
    DEBIAN_FRONTEND=noninteractive apt-get install -y "$2" >"$cache/apt.log" 2>&1 ||
        die "cannot install $2, see $cache/apt.log"
}

apt_update()
{
    if [ ! -e "$scratch/updated" ]; then
        apt-get update >"$cache/apt.log" 2>&1 || die "apt-get update: see $cache/apt.log"
        touch "$scratch/updated"
    fi
}

# site_root PACKAGE FOLDER: sets root to the folder with the pages. An installed package
# is used as it is. Otherwise the .deb is only unpacked, in the cache: dpkg may be told
# not to install /usr/share/doc (path-exclude), and 30,000 files need not go further.
# Symbolic links to other packages (scripts, fonts) dangle there: 404. No page is one.
site_root()
{
    root=/usr/share/doc/$2
    if [ -f "$root/index.html" ]; then
        return
    fi
    root=$cache/$1/usr/share/doc/$2
    if [ -f "$cache/$1.unpacked" ]; then
        return
    fi
    apt_update
    (cd "$scratch" && apt-get -o APT::Sandbox::User=root download "$1") \
        >"$cache/apt.log" 2>&1 ||
        die "cannot download $1, see $cache/apt.log"
    rm -rf "${cache:?}/$1"
    dpkg -x "$scratch/$1"_*.deb "$cache/$1" || die "cannot unpack $1"
    [ -f "$root/index.html" ] || die "$1 has no $2/index.html"
    touch "$cache/$1.unpacked"
}

# --- the server -------------------------------------------------------------------------

# start_nginx: serves $root on ports $1 and $2, logs to $run/ours.log and $run/wget2.log.
start_nginx()
{
    cat >"$run/nginx.conf" <<CONF
daemon off;
worker_processes 1;
user $(id -un) $(id -gn);
pid $run/nginx.pid;
error_log $run/error.log;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    client_body_temp_path $run/body;
    proxy_temp_path $run/proxy;
    fastcgi_temp_path $run/fastcgi;
    uwsgi_temp_path $run/uwsgi;
    scgi_temp_path $run/scgi;
    log_format json escape=json '{"method":"\$request_method","status":\$status,'
        '"uri":"\$request_uri","type":"\$sent_http_content_type",'
        '"location":"\$sent_http_location","bytes":\$bytes_sent}';
    server { listen 127.0.0.1:$1; root $root; access_log $run/ours.log json; }
    server { listen 127.0.0.1:$2; root $root; access_log $run/wget2.log json; }
}
CONF
    nginx -e "$run/error.log" -p "$run" -c "$run/nginx.conf" &
    nginx_pid=$!
    wait_for_port "$2" || die "nginx does not answer: $(cat "$run/error.log")"
}

# Prints two ports that nobody listens on.
free_ports()
{
    python3 -c 'import socket
a, b = socket.socket(), socket.socket()
a.bind(("127.0.0.1", 0)), b.bind(("127.0.0.1", 0))
print(a.getsockname()[1], b.getsockname()[1])'
}

# Opens a connection every 50 ms until one succeeds, for 10 s at most.
wait_for_port()
{
    local try

    for ((try = 0; try < 200; try++)); do
        if (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
            return 0
        fi
        kill -0 "$nginx_pid" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}

# Stops nginx after the requests under way: each is logged when it has ended.
stop_nginx()
{
    if [ -n "$nginx_pid" ]; then
        kill -QUIT "$nginx_pid" 2>/dev/null
        wait "$nginx_pid" 2>/dev/null
        nginx_pid=
    fi
}

# --- the crawls -------------------------------------------------------------------------

# measure NAME COMMAND...: runs it, leaves "seconds KiB exit-status" in $run/NAME.cost.
# GNU time is a small C program, so that the peak is the crawler's own.
measure()
{
    local name=$1 before status
    shift

    before=${EPOCHREALTIME/./}
    /usr/bin/time -q -f %M -o "$run/$name.mem" \
        timeout --foreground -k 5 "$limit" "$@" >"$run/$name.out" 2>&1
    status=$?
    echo "$((${EPOCHREALTIME/./} - before)) $(cat "$run/$name.mem") $status" |
        awk '{ printf "%.3f %d %d\n", $1 / 1e6, NF == 3 ? $2 : 0, $NF }' \
        >"$run/$name.cost"
    if [ "$status" != 0 ] && [ "$status" != 8 ]; then
        echo "$name: exit status $status; its last words:"
        tail -n 5 "$run/$name.out"
    fi
}

# Only what <a href> and <area href> name is a page to visit; wget2 must be told so.
run_wget2()
{
    local not_links=img,link,script,source,style,iframe,embed,object,form,input,audio
    not_links+=,video,track,td,th,table,body,frame,layer,bgsound,overlay

    measure wget2 wget2 -q --no-config --recursive --level=inf --max-threads=64 \
        --robots=on --ignore-tags="$not_links" --no-compression --hsts=off --tries=1 \
        -P "$run/files" "$1"
}

# test_site NAME PACKAGE FOLDER
test_site()
{
    local ports verdict

    site_root "$2" "$3"
    run=$(mktemp -d "$scratch/$1.XXXXXX") || die "cannot make a folder in $scratch"
    ports=$(free_ports) || die "no free port"
    # shellcheck disable=SC2086 # two numbers
    start_nginx $ports

    echo "$1: $2, start page /index.html"
    measure ours "$crawl" -o "$run/ours" -c 64 --per-host 64 --max-pages 0 --quiet \
        "http://127.0.0.1:${ports% *}/index.html"
    run_wget2 "http://127.0.0.1:${ports#* }/index.html"
    stop_nginx

    python3 "$here/real-site.py" "$1" "$root" "$run" "$cache/$1.differences"
    verdict=$?
    rm -rf "$run"
    return $verdict
}

# --- main -------------------------------------------------------------------------------

run_site()
{
    case $1 in
    python) test_site python python3.11-doc python3.11/html ;;
    postgresql) test_site postgresql postgresql-doc-15 postgresql-doc-15/html ;;
    rust) test_site rust rust-doc rust-doc/html ;;
    *) die "usage: tests/real-site.sh python|postgresql|rust|all" ;;
    esac
}

[ $# = 1 ] || die "usage: tests/real-site.sh python|postgresql|rust|all"
[ -x "$crawl" ] || die "$crawl is not there: build it first"
mkdir -p "$cache" || die "cannot make $cache"
cache=$(cd "$cache" && pwd)
scratch=$(mktemp -d) || die "cannot make a scratch folder"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
need nginx nginx-light
need wget2 wget2
need /usr/bin/time time

failed=0
sites=$1
if [ "$1" = all ]; then
    sites="python postgresql rust"
fi
for site in $sites; do
    run_site "$site" || failed=1
done
exit $failed
