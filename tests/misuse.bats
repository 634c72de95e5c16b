# misuse: rules of coroutines: mistakes that the compilers refuse, mistakes that abort
# with a message naming the place, and correct code that looks like a mistake.
load lib/common

# The flags of the Makefile; $1 is the compiler, $2 a name to define in compile.c.
compile() {
    local extra=-Wjump-misses-init
    case $1 in *clang*) extra=-Wconditional-uninitialized ;; esac
    run "$1" -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -Wpedantic -Wshadow \
        -Wmissing-prototypes -Wimplicit-fallthrough $extra -Werror \
        -iquote 13.1-event-loop -iquote 13.1-event-loop/selectors "-D$2" -c tests/misuse/compile.c -o /dev/null
}

# refuses COMPILER NAME WORDS...: compiling fails, and the message has one of WORDS.
refuses() {
    local compiler=$1 name=$2 word
    shift 2
    command -v "$compiler" >/dev/null || return 0
    compile "$compiler" "$name"
    [ "$status" -ne 0 ]
    for word in "$@"; do
        [[ "$output" == *"$word"* ]] && return 0
    done
    echo "$compiler, $name: expected one of: $*; got: $output"
    return 1
}

setup_file() {
    build 13.1-all
    local extra=${SAN:+-fsanitize=$SAN}
    ${CC:-gcc} -std=c11 -D_POSIX_C_SOURCE=200809L -pthread -g $extra \
        -iquote 13.1-event-loop -iquote 13.1-event-loop/selectors tests/misuse/run.c "$BUILD/13.1/section.a" \
        -o "$BATS_FILE_TMPDIR/run"
}

misuse() {
    run timeout 10 "$BATS_FILE_TMPDIR/run" "$1"
    echo "$output"
}

# The number of the line in run.c that has the comment $1.
line_of() {
    grep -n "$1" tests/misuse/run.c | cut -d: -f1
}

@test "misuse: a body as it should be draws no warning from any compiler" {
    for compiler in gcc clang musl-gcc; do
        command -v $compiler >/dev/null || continue
        compile $compiler NOTHING
        echo "$output"
        [ "$status" -eq 0 ] && [ -z "$output" ]
    done
}

@test "misuse: a bare return 0 in a body does not compile" {
    refuses gcc BARE_RETURN "incompatible types when returning"
    refuses clang BARE_RETURN "incompatible result type"
    refuses musl-gcc BARE_RETURN "incompatible types when returning"
}

@test "misuse: two AWAITs on one line do not compile" {
    for compiler in gcc clang musl-gcc; do
        refuses $compiler TWO_ON_A_LINE "duplicate case value"
    done
}

@test "misuse: what cannot be awaited does not compile" {
    for compiler in gcc clang musl-gcc; do
        refuses $compiler NOT_AWAITABLE "not compatible with any"
    done
}

@test "misuse: gcc's -Wjump-misses-init catches a local with a value in the block" {
    for compiler in gcc musl-gcc; do
        refuses $compiler LOCAL_WITH_A_VALUE jump-misses-init
        refuses $compiler LOOP_OVER_A_LOCAL_WITH_A_VALUE jump-misses-init
    done
    refuses clang LOCAL_WITH_A_VALUE -Wuninitialized
    refuses clang LOOP_OVER_A_LOCAL_WITH_A_VALUE -Wsometimes-uninitialized -Wuninitialized
}

@test "misuse: a local that is set before an AWAIT and read after it is caught" {
    refuses gcc LOCAL_SET_BEFORE_AN_AWAIT maybe-uninitialized
    refuses gcc LOCAL_ABOVE_SET_BEFORE_AN_AWAIT maybe-uninitialized
    refuses clang LOCAL_SET_BEFORE_AN_AWAIT -Wuninitialized
    refuses clang LOCAL_ABOVE_SET_BEFORE_AN_AWAIT -Wuninitialized
    refuses clang LOOP_OVER_A_LOCAL_SET_BEFORE -Wuninitialized -Wsometimes-uninitialized
}

@test "misuse: clang's -Wconditional-uninitialized catches a local set in a loop" {
    refuses clang LOCAL_SET_IN_A_LOOP -Wconditional-uninitialized
}

@test "misuse: an AWAIT under an if without braces works" {
    misuse unbraced
    [ "$status" -eq 0 ]
    [ "$output" = $'begin\nt=2\nerror none' ]
}

@test "misuse: the operand of an AWAIT is evaluated once" {
    misuse once
    [ "$output" = $'begin\nevaluated 3, err 0\nerror none' ]
}

@test "misuse: an AWAIT inside a switch aborts, naming the body and the line" {
    misuse switch
    [ "$status" -eq 134 ]
    [[ "$output" == *"switch_body:$(line_of 'in a switch \*/'): not a resume point: is AWAIT inside a switch?"* ]]
}

@test "misuse: resuming a finished coroutine aborts" {
    misuse finished
    [ "$status" -eq 134 ]
    [[ "$output" == *"finished_body:0: resumed after it finished"* ]]
}

@test "misuse: awaiting a coroutine a second time aborts, naming the line" {
    misuse reuse
    [ "$status" -eq 134 ]
    [[ "$output" == *":$(line_of 'used up'): cannot reuse already awaited coroutine"* ]]
}

@test "misuse: an abort does not lose what stdout holds" {
    run timeout 10 sh -c '"$1" switch >"$2" 2>/dev/null' sh "$BATS_FILE_TMPDIR/run" \
        "$BATS_TEST_TMPDIR/out"
    [ "$(cat "$BATS_TEST_TMPDIR/out")" = begin ]
}

@test "misuse: FINALLY is passed once on every exit, and its await keeps the error" {
    for pair in return:none end:none raise:ENOENT cancel:cancelled; do
        misuse "${pair%:*}"
        [ "$output" = $'begin\nfinally\nstill there\nerror '"${pair#*:}" ]
    done
}

@test "misuse: an error raised in FINALLY replaces the pending one" {
    misuse await
    [ "$output" = $'begin\nerror ECONNRESET' ]
    misuse co_raise
    [ "$output" = $'begin\nerror ECONNRESET' ]
}

@test "misuse: an error caught in FINALLY does not erase a cancellation" {
    misuse caught
    [ "$output" = $'begin\ncaught 1\nerror cancelled' ]
}
