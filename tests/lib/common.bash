# common.bash - loaded by every bats file. BUILD is the build folder; CC and SAN are
# passed on, so that `make check CC=clang` checks that build.
bats_require_minimum_version 1.5.0
cd "$BATS_TEST_DIRNAME/.." || exit 1
: "${BUILD:=build}"
# Exit status 66 is a sanitizer's, so that it differs from a failure of the program.
export ASAN_OPTIONS=exitcode=66:detect_stack_use_after_return=0 TSAN_OPTIONS=exitcode=66
export UBSAN_OPTIONS=print_stacktrace=1:exitcode=66
unset LOOP_SELECTOR LOOP_CLOCK
# In a Turkish locale the upper case of i is another letter.
export LC_ALL=C

# build TARGET...: builds the programs that a file's checks need, so that plain `bats
# tests` works in a fresh clone. BRIEF is set by `make 13.x`, which has built everything.
build() {
    [ -z "${BRIEF-}" ] || return 0
    make -s ${CC:+CC="$CC"} ${SAN:+SAN="$SAN"} "$@" >/dev/null
}

# slow: skips a check that takes seconds and does not depend on the compiler, when QUICK
# is set. A check of 13.x.bats that takes more than about 0.15 s has the tag "long": `make
# 13.x` skips it (see tests/tools/section).
slow() {
    [ -z "${QUICK-}" ] || skip "QUICK is set"
}

# section_program N: build/N/main prints expected.txt under each selector and leaves no
# file.
section_program() {
    local dir selector
    dir=$(echo "$1"-*)
    for selector in poll select epoll; do
        LOOP_CLOCK=virtual LOOP_SELECTOR=$selector timeout 60 "$BUILD/$1/main" \
            >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
        diff "$dir/expected.txt" "$BATS_TEST_TMPDIR/out"
        [ ! -s "$BATS_TEST_TMPDIR/err" ]
    done
}

# serve ARGUMENT...: starts build/serve on a free port. URL is its address, SERVER its
# process, the file log its output. The caller ends it in teardown().
serve() {
    mkfifo "$BATS_TEST_TMPDIR/started"
    "$BUILD/serve" --port 0 "$@" >"$BATS_TEST_TMPDIR/started" \
        2>"$BATS_TEST_TMPDIR/log" 3>&- &
    SERVER=$!
    read -r line <"$BATS_TEST_TMPDIR/started"
    URL=${line##* at }
}

# helper NAME [CASE...]: runs tests/NAME.c and prints its output when it fails.
helper() {
    local name=$1
    shift
    run timeout 120 "$BUILD/tests/$name" "$@"
    echo "$output"
    [ "$status" -eq 0 ]
}
