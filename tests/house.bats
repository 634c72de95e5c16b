# house: the rules of the workbook. Each check looks at two trees: this one, which must
# pass, and a copy that breaks the rule once, which must not.
load lib/common

# An inner make must not see the variables of the outer one, nor an inner bats the folder
# that the outer bats has put into PATH.
clean_make() {
    env -i PATH="$(echo "$PATH" | tr : '\n' | grep -v bats | paste -sd : -)" \
        HOME="$HOME" ${CC:+CC="$CC"} ${SAN:+SAN="$SAN"} QUICK=1 make "$@" 3>&-
}

# clean_bats TREE FILE: runs all checks of FILE, as `make check` runs them in TREE.
clean_bats() {
    (cd "$1" && env -i PATH="$(echo "$PATH" | tr : '\n' | grep -v bats | paste -sd : -)" \
        HOME="$HOME" BUILD=build ${CC:+CC="$CC"} ${SAN:+SAN="$SAN"} QUICK=1 \
        tests/tools/run-bats "$2" 3>&-)
}

# copy TREE SECTION...: copies the Makefile, the tests and these sections, without build/.
copy() {
    local tree=$1
    shift
    mkdir -p "$tree"
    cp -R Makefile tests "$@" "$tree"
}

sections() { # the sections of this tree, lowest first
    local folder
    for folder in 13.*/; do
        [ -f "$folder/main.c" ] && echo "${folder%/}"
    done
}

# ---- what one types ----

@test "house: make alone prints what to type" {
    run -0 clean_make -s
    [[ "$output" == *"make section"* && "$output" == *"make 13.3"* && "$output" == *"make check"* ]]
    [ "${#lines[@]}" -le 12 ]
}

@test "house: make section lists every section with its idea" {
    run -0 clean_make -s section
    for section in $(sections); do
        [ -f "$section/README.md" ] || continue
        idea=$(sed -n '3s/\*\*//gp' "$section/README.md")
        [ -n "$idea" ]
        [[ "$output" == *"$section"*"$idea"* ]]
    done
    [[ "$output" == *'make 13.1'* ]]
}

@test "house: a section that does not exist is refused" {
    run clean_make -s section S=nonesuch
    [ "$status" -ne 0 ]
    [[ "$output" == *"no section nonesuch"* ]]
}

@test "house: a section can be named in three ways" {
    for words in 13.1 13.1-event-loop 'section S=13.1' 'section S=13.1-event-loop'; do
        run -0 clean_make -n $words
        [[ "$output" == *"tests/tools/section 13.1"* ]]
        [[ "$output" != *"tests/tools/section 13.3"* ]]
    done
}

@test "house: 13.2 is 13.1, and 13.10 to 13.12 are 13.9" {
    for words in 13.2 'section S=13.2'; do
        run -0 clean_make -n $words
        [[ "$output" == *"tests/tools/section 13.1"* ]]
    done
    [ -f 13.9-crawler/main.c ] || return 0
    for number in 13.10 13.11 13.12; do
        for words in $number "section S=$number"; do
            run -0 clean_make -n $words
            [[ "$output" == *"tests/tools/section 13.9"* ]]
        done
    done
}

# ---- which subject may include which ----

# plant FILE INCLUDE WORDS: puts the line into a copy of FILE and compiles it, which must
# fail with a message that contains WORDS.
plant() {
    local file=$1 line=$2 words=$3 object
    object=build/obj/${file%.[ch]}.o
    [[ $file == *.h ]] && object=build/obj/13.1-event-loop/sleep.o
    cp "$file" "$BATS_TEST_TMPDIR/kept"
    printf '%s\n' "$line" >"$file"
    cat "$BATS_TEST_TMPDIR/kept" >>"$file"
    rm -rf build
    CC= SAN= run clean_make -s "$object"
    cp "$BATS_TEST_TMPDIR/kept" "$file"
    echo "$file with $line: status $status: $output"
    [ "$status" -ne 0 ]
    [[ "$output" == *"$words"* ]]
}

@test "house: an include that leaves its room does not compile" {
    slow
    copy "$BATS_TEST_TMPDIR/tree" 13.1-event-loop 13.3-cancel 13.4-callbacks 13.5-executor 13.6-http
    cd "$BATS_TEST_TMPDIR/tree"
    # the unchanged file compiles
    CC= SAN= run -0 clean_make -s build/13.6/section.a

    plant 13.1-event-loop/sleep.c '#include "selectors/selector.h"' 'may not contain "/"'
    plant 13.1-event-loop/sleep.c '#include "./sleep.h"' 'may not contain "/"'
    plant 13.3-cancel/cancel.c '  # include "../13.1-event-loop/loop.h"' 'may not contain "/"'
    plant 13.1-event-loop/sleep.c '#include "cancel.h"' 'cancel.h: No such file'
    plant 13.1-event-loop/sleep.h '#include "cancel.h"' 'cancel.h: No such file'
    # a higher section, and a higher subject of the same section
    plant 13.1-event-loop/selectors/selector_select.c '#include "cancel.h"' 'cancel.h: No such file'
    plant 13.6-http/url/url.c '#include "sock.h"' 'sock.h: No such file'
    plant 13.6-http/net/sock.c '#include "message.h"' 'message.h: No such file'
    plant 13.6-http/http/client.c '#include "http_reply.h"' 'http_reply.h: No such file'
}

# In a header the compiler would find "../13.3-cancel/cancel.h": no header may contain it.
no_paths_in_includes() {
    ! grep -nE '^[[:blank:]]*#[[:blank:]]*include[[:blank:]]*"[^"]*/' \
        "$1"/13.*/*.[ch] "$1"/13.*/*/*.[ch]
}

@test "house: no include has a path, in headers neither" {
    no_paths_in_includes .
    copy "$BATS_TEST_TMPDIR/tree" 13.1-event-loop
    echo '#include "../13.3-cancel/cancel.h"' >>"$BATS_TEST_TMPDIR/tree/13.1-event-loop/sleep.h"
    run ! no_paths_in_includes "$BATS_TEST_TMPDIR/tree"
}

# ---- the names of headers ----

headers_are_unique() {
    local twice
    twice=$(find "$1"/13.* "$1"/tests -name '*.h' | sed 's|.*/||' | sort | uniq -d)
    [ -z "$twice" ] || { echo "two headers have the name: $twice"; return 1; }
}

# The headers of C11 and POSIX.1-2008 that are in no folder.
systems_headers='aio assert complex cpio ctype dirent dlfcn errno fcntl fenv float fmtmsg
fnmatch ftw glob grp iconv inttypes iso646 langinfo libgen limits locale math monetary
mqueue ndbm netdb nl_types poll pthread pwd regex sched search semaphore setjmp signal
spawn stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string
strings stropts syslog tar termios tgmath threads time trace ulimit unistd utime utmpx
wchar wctype wordexp'

headers_are_no_systems() {
    local name status=0
    for name in $(find "$1"/13.* "$1"/tests -name '*.h' | sed 's|.*/||; s/\.h$//'); do
        if [[ " ${systems_headers//$'\n'/ } " == *" $name "* ]]; then
            echo "the system too has a header $name.h"
            status=1
        fi
    done
    return $status
}

@test "house: no two headers share a name" {
    headers_are_unique .
    copy "$BATS_TEST_TMPDIR/tree" 13.1-event-loop
    cp 13.1-event-loop/sleep.h "$BATS_TEST_TMPDIR/tree/13.1-event-loop/selectors/"
    run ! headers_are_unique "$BATS_TEST_TMPDIR/tree"
}

@test "house: no header has the name of a system's" {
    headers_are_no_systems .
    copy "$BATS_TEST_TMPDIR/tree" 13.1-event-loop
    cp 13.1-event-loop/sleep.h "$BATS_TEST_TMPDIR/tree/13.1-event-loop/poll.h"
    run ! headers_are_no_systems "$BATS_TEST_TMPDIR/tree"
}

# ---- every section builds with only those below it ----

# One tree grows by a section at a time, so that no file is compiled twice. It is built
# without optimization, because optimization does not affect includes. The slow checks are
# left to this tree.
@test "house: a tree that ends with any section builds and passes" {
    slow
    tree=$BATS_TEST_TMPDIR/tree
    copy "$tree"
    for section in $(sections); do
        number=${section%%-*}
        cp -R "$section" "$tree"
        run clean_make -s -j2 -C "$tree" CFLAGS=-O0 "$number-all"
        [ "$status" -ne 0 ] || [ ! -f "tests/$number.bats" ] ||
            run clean_make -s -C "$tree" "$number"
        [ "$status" -ne 0 ] || [ ! -f "tests/$number.bats" ] ||
            run clean_bats "$tree" "tests/$number.bats"
        [ "$status" -eq 0 ] || { echo "the tree up to $section: $output"; return 1; }
    done
}

# ---- the lessons ----

@test "house: every block of a lesson stands in the files it quotes" {
    run tests/tools/readme-check
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "house: every lesson says what it keeps of asyncio" {
    for readme in 13.*/README.md; do
        [ "$(sed -n '/^## What this section keeps of asyncio/,/^## /p' "$readme" | grep -c '^- ')" -ge 3 ]
    done
}

@test "house: CPython has every name the lessons point at" {
    run tests/tools/readme-check --names
    [ "$status" -ne 77 ] || skip "$output"
    echo "$output"
    [ "$status" -eq 0 ]
}

# wrong_lesson: a lesson with one mistake, for which readme-check must print a message.
wrong_lesson() {
    local sed_script=$1 words=$2
    sed "$sed_script" 13.1-event-loop/README.md >"$tree/13.1-event-loop/README.md"
    run tests/tools/readme-check ${3-} "$tree/13.1-event-loop/README.md"
    [ "$status" -ne 77 ] || return 0
    echo "$sed_script: $output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"$words"* ]]
}

@test "house: a lesson that says what no file says is found" {
    slow
    tree=$BATS_TEST_TMPDIR/tree
    copy "$tree" 13.1-event-loop
    mkdir "$tree/13.3-cancel"
    touch "$tree/13.3-cancel/README.md"
    cp 13.1-event-loop/README.md "$BATS_TEST_TMPDIR/kept"
    run -0 tests/tools/readme-check "$tree/13.1-event-loop/README.md"
    wrong_lesson 's/h->fn(h);/h->fn(h) ;/' 'this c block stands in no file'
    wrong_lesson '/h->fn(h);/d' 'this c block stands in no file'
    wrong_lesson 's/  B$/  b/' 'this output block stands in no file'
    wrong_lesson '1s/ (.*//' 'the first line'
    wrong_lesson '3s/$/ And more./' 'the third line'
    wrong_lesson 's/(main.c)/(mane.c)/' 'a link leads nowhere: mane.c'
    wrong_lesson '0,/^```c$/s/^```c$/```/' 'no known kind'
    wrong_lesson '$s/$/\n```c/' 'a block without an end'
    wrong_lesson '0,/^```sh$/s/^```sh$/```sh\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20/' 'over 20'
    wrong_lesson 's/py: _run_once/py: _run_twice/' 'CPython defines no _run_twice' --names
    wrong_lesson 's/base_events.py:/base_event.py:/' 'CPython has no asyncio/base_event.py' --names
}

# ---- sizes ----

@test "house: what a lesson walks through is no longer than it may be" {
    run -0 tests/lines
    [[ "$output" == section*13.1-event-loop*13.9-crawler* ]]
    copy "$BATS_TEST_TMPDIR/tree" 13.1-event-loop
    cd "$BATS_TEST_TMPDIR/tree"
    printf '%s\n' '## Files, in reading order' '' '- [timer.c](timer.c): the heap' \
        >>13.1-event-loop/README.md
    for i in 1 2 3 4 5 6 7 8; do cat 13.1-event-loop/coro.c >>13.1-event-loop/timer.c; done
    for i in 1 2 3 4; do cat 13.1-event-loop/coro.c >>13.1-event-loop/timer.c; done
    cat 13.1-event-loop/task.c 13.1-event-loop/loop.c 13.1-event-loop/loop.h >>13.1-event-loop/timer.c
    run -1 tests/lines
    [[ "$output" == *"13.1-event-loop "*"too long"* ]]
}

@test "house: no figure of the code's health is worse than the committed one" {
    run -0 tests/tools/health
    copy "$BATS_TEST_TMPDIR/tree" 13.*
    cd "$BATS_TEST_TMPDIR/tree"
    printf '/* %087d */\n' 0 >>13.1-event-loop/errors.c # 93 columns
    run -1 tests/tools/health
    echo "$output"
    [[ "$output" == *"over 90: 13.1-event-loop/errors.c:"*": 93 columns"* ]]
    [ "$(grep -c WORSE <<<"$output")" -eq 1 ]
}

# ---- the top level ----

# Besides ignored files: the sections, and the entries that README.md names.
top_level() {
    local entry status=0
    for entry in $(cd "$1" && ls -A); do
        case $entry in
        .git | .gitignore | .github | .ci | .clang-format | .editorconfig) ;;
        build | crawl-out | *.mine) ;;
        Makefile | README.md | LICENSE | tests) ;;
        13.*) [ -d "$1/$entry" ] && grep -q "($entry/)" "$1/README.md" || status=1 ;;
        *) status=1 ;;
        esac
        [ $status -eq 0 ] || { echo "$entry: not at home on the top level"; return 1; }
    done
    for entry in $(grep -o '](13\.[^)]*/)' "$1/README.md" | tr -d ']()'); do
        [ -d "$1/$entry" ] || { echo "$entry: named and not there"; return 1; }
    done
}

@test "house: the top level holds the sections and what README names, nothing else" {
    top_level .
    copy "$BATS_TEST_TMPDIR/tree" 13.*
    cp README.md "$BATS_TEST_TMPDIR/tree"
    top_level "$BATS_TEST_TMPDIR/tree"
    touch "$BATS_TEST_TMPDIR/tree/notes.txt"
    run ! top_level "$BATS_TEST_TMPDIR/tree"
    rm "$BATS_TEST_TMPDIR/tree/notes.txt"
    mkdir "$BATS_TEST_TMPDIR/tree/13.13-more"
    run ! top_level "$BATS_TEST_TMPDIR/tree"
    rmdir "$BATS_TEST_TMPDIR/tree/13.13-more"
    rm -r "$BATS_TEST_TMPDIR/tree/13.9-crawler"
    run ! top_level "$BATS_TEST_TMPDIR/tree"
}
