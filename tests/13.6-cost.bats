# 13.6-cost: the cost of parsing, counted in instructions, which do not depend on the load
# of the machine.
load lib/common

setup_file() {
    build 13.6-all
}

# cost WORK BYTES: the number of instructions that tests/13.6/cost.c takes for it.
cost() {
    LD_BIND_NOW=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --toggle-collect=measured "$BUILD/tests/13.6/cost" "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : //p'
}

need_callgrind() {
    command -v valgrind >/dev/null || skip "no valgrind"
    [ -z "$SAN" ] || skip "a sanitizer is in use"
    [[ "${CC:-gcc}" == gcc* ]] || skip "valgrind reads what gcc and glibc make"
}

@test "13.6: a byte costs the same in 10 KB, 100 KB and 1 MB, one by one (callgrind)" {
    slow
    need_callgrind
    for work in head chunks url tabs; do
        first=$(cost $work 10000)
        [ "$first" -gt 10000 ]
        for times in 10 100; do
            more=$(cost $work $((10000 * times)))
            echo "# $work, $times times 10 KB: $first, then $more instructions"
            [ $((more * 10)) -le $((first * times * 11)) ]
        done
    done
}

@test "13.6: the head that nginx sends takes less than 2,500 instructions (callgrind)" {
    need_callgrind
    n=$(cost response 0)
    echo "# $n instructions"
    [ "$n" -gt 1000 ] && [ "$n" -lt 2500 ]
}

@test "13.6: no parser of URLs or messages allocates, whatever is announced" {
    [ -z "$SAN" ] || skip "a sanitizer adds calls of its own"
    command -v nm >/dev/null || skip "no nm"
    calls=$(nm "$BUILD"/obj/13.6-http/{http/message,url/url}*.o | grep ' U ')
    [[ "$calls" == *memchr* ]] || [[ "$calls" == *memcpy* ]]
    run ! grep -E ' U .*(alloc|strdup|mmap|sbrk)' <<<"$calls"
}
