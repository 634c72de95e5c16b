/* fetch_options.c - reads the command line of build/fetch. Next: fetch.c. */
#include "fetch_options.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: fetch [-Iv] [-o FILE] [--timeout SECONDS] URL\n"
    "Ask for one http URL and write the body of the answer to standard output.\n"
    "\n"
    "  -I, --head             ask for the head of the answer only, and write that\n"
    "  -o, --output FILE      write to FILE, which is opened when the answer comes\n"
    "  -v, --verbose          show both heads and each phase's time on standard error\n"
    "      --timeout SECONDS  give up after so long (30)\n"
    "      --help, --version  say this, or the version, and exit\n"
    "\n"
    "Exit status: 0 fine, 2 usage, 3 file trouble, 4 network trouble, 8 the server\n"
    "answered with an error (400 or above).\n";

void print_safe(FILE *to, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '\\')
            fputs("\\\\", to);
        else if (c >= ' ' && c <= '~')
            putc(c, to);
        else
            fprintf(to, "\\x%02x", c);
    }
}

int fetch_complain(const char *about, const char *what)
{
    fputs("fetch: ", stderr);
    print_safe(stderr, about, strlen(about));
    fprintf(stderr, ": %s\n", what);
    return BAD_USAGE;
}

static int say(const char *text)
{
    return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? BAD_FILE : FETCH_OK;
}

static bool is(const char *arg, const char *brief, const char *full)
{
    return strcmp(arg, brief) == 0 || strcmp(arg, full) == 0;
}

static bool parse_seconds(double *seconds, const char *text)
{
    char *end;

    *seconds = strtod(text, &end);
    return end > text && *end == '\0' && *seconds > 0 && *seconds < 1e9;
}

int fetch_options_parse(struct fetch_options *options, char **arg)
{
    *options = (struct fetch_options){ .timeout = 30 };
    for (; *arg != NULL; arg++) {
        if (is(*arg, "-h", "--help"))
            return say(usage);
        if (is(*arg, "-V", "--version"))
            return say("fetch 1.0\n");
        if (is(*arg, "-I", "--head")) {
            options->head = true;
        } else if (is(*arg, "-v", "--verbose")) {
            options->verbose = true;
        } else if (is(*arg, "-o", "--output") && arg[1] != NULL) {
            options->output = *++arg;
        } else if (strcmp(*arg, "--timeout") == 0 && arg[1] != NULL) {
            if (!parse_seconds(&options->timeout, *++arg))
                return fetch_complain(*arg, "not a number of seconds");
        } else if ((*arg)[0] == '-') {
            return fetch_complain(*arg, "unknown, or something is missing behind it");
        } else if (options->url != NULL) {
            return fetch_complain(*arg, "one URL at a time");
        } else {
            options->url = *arg;
        }
    }
    return options->url != NULL ? -1 : fetch_complain("no URL", "type fetch --help");
}
