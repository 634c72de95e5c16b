/*
 * check.h - the library of the C checks: cases, expectations and a trace. A case adds
 * words to the trace and compares it as one string. The results are printed as TAP.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
    const char *name;
    void (*run)(void);
};

static bool check_failed;       /* the case that runs has failed */
static char check_trace[65536]; /* the trace's words, separated by blanks */
static size_t check_trace_length;

/* Add a word to the trace. */
static inline void trace(const char *format, ...)
{
    size_t room = sizeof check_trace - check_trace_length;
    va_list args;
    int n;

    if (check_trace_length > 0 && room > 1) {
        check_trace[check_trace_length++] = ' ';
        room--;
    }
    va_start(args, format);
    n = vsnprintf(check_trace + check_trace_length, room, format, args);
    va_end(args);
    if (n > 0)
        check_trace_length += (size_t)n < room ? (size_t)n : room - 1;
}

static inline void trace_reset(void)
{
    check_trace[check_trace_length = 0] = '\0';
}

static inline void check_fail(const char *file, int line, const char *format, ...)
{
    va_list args;

    check_failed = true;
    printf("# %s:%d: ", file, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

#define EXPECT(condition)                                               \
    do {                                                                \
        if (!(condition))                                               \
            check_fail(__FILE__, __LINE__, "expected: %s", #condition); \
    } while (0)

#define EXPECT_INT(got, want)                                                          \
    do {                                                                               \
        long long got_ = (got), want_ = (want);                                        \
        if (got_ != want_)                                                             \
            check_fail(__FILE__, __LINE__, "%s: expected %lld, got %lld", #got, want_, \
                       got_);                                                          \
    } while (0)

#define EXPECT_STR(got, want)                                                       \
    do {                                                                            \
        const char *got_ = (got), *want_ = (want);                                  \
        if (strcmp(got_, want_) != 0)                                               \
            check_fail(__FILE__, __LINE__, "%s: expected \"%s\", got \"%s\"", #got, \
                       want_, got_);                                                \
    } while (0)

/* Compare the trace, and begin a new one. */
#define EXPECT_TRACE(want)             \
    do {                               \
        EXPECT_STR(check_trace, want); \
        trace_reset();                 \
    } while (0)

/* Run every case, or those named on the command line. Returns the exit status. */
static inline int check_main(int argc, char **argv, const struct check *checks, int count)
{
    int failures = 0, ran = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < count; i++) {
        bool wanted = argc < 2;

        for (int a = 1; a < argc; a++)
            wanted = wanted || strcmp(argv[a], checks[i].name) == 0;
        if (!wanted)
            continue;
        check_failed = false;
        trace_reset();
        checks[i].run();
        failures += check_failed;
        printf("%sok %d - %s\n", check_failed ? "not " : "", ++ran, checks[i].name);
    }
    printf("1..%d\n", ran);
    return failures > 0 || ran == 0;
}

#define CHECK_MAIN(...)                                                               \
    int main(int argc, char **argv)                                                   \
    {                                                                                 \
        static const struct check checks[] = { __VA_ARGS__ };                         \
                                                                                      \
        return check_main(argc, argv, checks, (int)(sizeof checks / sizeof *checks)); \
    }

#endif
