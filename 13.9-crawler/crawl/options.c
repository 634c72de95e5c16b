/*
 * options.c - a table of the options, and the checks of their values.
 *
 * getopt_long() is not part of POSIX, so next_option() and find_option() do its work.
 * Next: report.h.
 */
#include "options.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ascii.h"
#include "report.h"

static const char help[] =
    "Usage: crawl [options] URL...\n"
    "Fetch every page reachable by links from the URLs, each once, staying on their\n"
    "scheme, host and port. Write DIR/pages.jsonl (a line each) and DIR/crawl.warc.\n"
    "\n"
    "  -o, --output DIR       output folder, new or empty (crawl-out)\n"
    "  -c, --concurrency N    requests in flight (64)\n"
    "      --per-host N       of those, to one host (8)\n"
    "      --delay SECONDS    pause between two requests to a host (0)\n"
    "      --timeout SECONDS  give up when a head or more bytes take so long (30);\n"
    "                         a third of it to connect, four times for the whole\n"
    "      --retries N        further attempts at what may pass (3)\n"
    "      --depth N          follow links so far from the start (no limit)\n"
    "      --max-pages N      ask for so many pages at most (no limit)\n"
    "      --include REGEX    follow only links whose URL matches one of these\n"
    "      --exclude REGEX    do not follow links whose URL matches\n"
    "      --user-agent NAME  who asks, also for robots.txt (workbook-crawl)\n"
    "      --ca-file FILE     for https: trust those in FILE (PEM), not the system's\n"
    "      --digests          label the records of crawl.warc with their SHA-1\n"
    "      --allow-private    connect also where only this machine or network leads\n"
    "      --no-robots        do not ask for robots.txt, nor obey it\n"
    "  -q, --quiet            no progress, no summary\n"
    "  -v, --verbose          a line on stderr for each page\n"
    "  -h, --help             this text\n"
    "      --version          the version\n"
    "\n"
    "Ctrl-C makes no new request and lets those in flight end; once more stops at\n"
    "once. https needs the program openssl. Exit status: 0 all fetched, 2 usage (or\n"
    "https without openssl), 3 file trouble, 4 network trouble, 8 a server answered\n"
    "with an error, 130 interrupted.\n";

enum kind {
    HELP,
    VERSION,
    SET,
    UNSET,
    WHOLE,
    SECONDS,
    TEXT,
    PRINTABLE,
    READABLE,
    INCLUDE,
    EXCLUDE
};

#define AT(field) offsetof(struct command, field)

static const struct option {
    const char *name; /* the long name, without "--" */
    char letter;      /* the short name, without "-", or 0 */
    enum kind kind;   /* the type of its value; WHOLE and later kinds take one */
    size_t at;        /* the value's offset in struct command */
    long least, most; /* bounds of a WHOLE; `least` of SECONDS is in milliseconds */
    const char *need; /* the rest of the error message "must be ..." */
} options[] = {
    { "output", 'o', TEXT, AT(crawl.dir), 0, 0, "a folder's name" },
    { "concurrency", 'c', WHOLE, AT(crawl.concurrency), 1, 10000, "from 1 to 10000" },
    { "per-host", 0, WHOLE, AT(crawl.per_host), 1, 10000, "from 1 to 10000" },
    { "delay", 0, SECONDS, AT(crawl.delay), 0, 0, "a number of seconds" },
    { "timeout", 0, SECONDS, AT(crawl.timeout), 1, 0, "a number of seconds" },
    { "retries", 0, WHOLE, AT(crawl.retries), 0, 100, "from 0 to 100" },
    { "depth", 0, WHOLE, AT(crawl.depth), 0, 65000, "from 0 to 65000" },
    { "max-pages", 0, WHOLE, AT(crawl.max_pages), 0, INT_MAX, "a number of pages" },
    { "include", 0, INCLUDE, 0, 0, 0, "a regular expression, 32 at most" },
    { "exclude", 0, EXCLUDE, 0, 0, 0, "a regular expression, 32 at most" },
    { "user-agent", 0, PRINTABLE, AT(crawl.user_agent), 0, 0, "printable ASCII" },
    { "ca-file", 0, READABLE, AT(crawl.tls.ca_file), 0, 0, "a file that can be read" },
    { "digests", 0, SET, AT(crawl.digests), 0, 0, NULL },
    { "allow-private", 0, SET, AT(crawl.allow_private), 0, 0, NULL },
    { "no-robots", 0, UNSET, AT(crawl.robots), 0, 0, NULL },
    { "quiet", 'q', SET, AT(quiet), 0, 0, NULL },
    { "verbose", 'v', SET, AT(verbose), 0, 0, NULL },
    { "help", 'h', HELP, 0, 0, 0, NULL },
    { "version", 0, VERSION, 0, 0, 0, NULL },
};

static int usage(const char *what, const char *on)
{
    report_trouble("%s: %s (see crawl --help)", on, what);
    return 2;
}

/* Reads a whole number that consists of decimal digits. */
static bool whole(const char *text, long least, long most, int *value)
{
    long n = 0;

    if (*text == '\0')
        return false;
    for (; ascii_is_digit(*text); text++)
        if ((n = n * 10 + (*text - '0')) > most)
            return false;
    *value = (int)n;
    return *text == '\0' && n >= least;
}

/* Reads a number of seconds: digits, with an optional point. */
static bool seconds(const char *text, long least, double *value)
{
    char *end;

    if (text[strspn(text, "0123456789.")] != '\0')
        return false;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value * 1e3 >= (double)least && *value <= 1e6;
}

static bool pattern(const char *text, regex_t *list, int *n)
{
    if (*n == PATTERNS_MAX || regcomp(&list[*n], text, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    ++*n;
    return true;
}

static bool is_printable(const char *text)
{
    const char *c = text;

    while (*c >= ' ' && *c <= '~')
        c++;
    return c != text && *c == '\0';
}

/* Stores the value in the command. Returns false when the option does not accept it. */
static bool apply(struct command *command, const struct option *option, char *value)
{
    void *at = (char *)command + option->at;

    switch (option->kind) {
    case WHOLE:
        return whole(value, option->least, option->most, at);
    case SECONDS:
        return seconds(value, option->least, at);
    case READABLE:
        *(const char **)at = value;
        return access(value, R_OK) == 0;
    case PRINTABLE:
    case TEXT:
        *(const char **)at = value;
        return option->kind == TEXT ? *value != '\0' : is_printable(value);
    case INCLUDE:
        return pattern(value, command->include, &command->crawl.includes);
    case EXCLUDE:
        return pattern(value, command->exclude, &command->crawl.excludes);
    default:
        *(bool *)at = option->kind == SET;
        return true;
    }
}

/* Returns the option that `arg` names, or NULL. Sets *value if `arg` contains the value,
 * as in "--depth=2" or "-c8", and to NULL otherwise. */
static const struct option *find_option(char *arg, char **value)
{
    size_t n = strcspn(arg, "=");

    *value = NULL;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct option *o = &options[i];

        if (arg[1] != '-' && o->letter == arg[1]) {
            *value = arg[2] != '\0' ? arg + 2 : NULL;
            return o;
        }
        if (arg[1] == '-' && strlen(o->name) == n - 2 &&
            strncmp(arg + 2, o->name, n - 2) == 0) {
            *value = arg[n] == '=' ? arg + n + 1 : NULL;
            return o;
        }
    }
    return NULL;
}

static void defaults(struct command *command)
{
    *command = (struct command){
        .crawl = {
            .dir = "crawl-out",
            .concurrency = 64,
            .per_host = 8,
            .timeout = 30,
            .retries = 3,
            .depth = -1,
            .include = command->include,
            .exclude = command->exclude,
            .user_agent = "workbook-crawl",
            .robots = true,
        },
    };
}

/* Applies the option at argv[*i] and moves *i past it and its value. Returns -1, or the
 * exit status if the program is to end. */
static int next_option(struct command *command, int argc, char **argv, int *i)
{
    char *arg = argv[(*i)++], *value;
    const struct option *option = find_option(arg, &value);
    bool has_value;

    if (option == NULL)
        return usage("there is no such option", arg);
    if (option->kind == HELP || option->kind == VERSION) {
        fputs(option->kind == HELP ? help : "crawl 1.0 (asyncio workbook)\n", stdout);
        return 0;
    }
    has_value = option->kind >= WHOLE;
    if (!has_value && value != NULL)
        return usage("takes no value", arg);
    if (has_value && value == NULL) {
        if (*i == argc)
            return usage("needs a value", arg);
        value = argv[(*i)++];
    }
    if (apply(command, option, value))
        return -1;
    report_trouble("--%s %s: must be %s (see crawl --help)", option->name, value,
                   option->need);
    return 2;
}

int options_read(struct command *command, int argc, char **argv)
{
    int i = 1, end = -1;

    defaults(command);
    while (i < argc && argv[i][0] == '-' && argv[i][1] != '\0' && end < 0) {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        end = next_option(command, argc, argv, &i);
    }
    command->urls = argv + i;
    command->url_count = argc - i;
    if (end < 0 && command->url_count == 0) {
        fputs("crawl: no URL is given (see crawl --help)\n", stderr);
        end = 2;
    }
    return end;
}

void options_free(struct command *command)
{
    for (int i = 0; i < command->crawl.includes; i++)
        regfree(&command->include[i]);
    for (int i = 0; i < command->crawl.excludes; i++)
        regfree(&command->exclude[i]);
}
