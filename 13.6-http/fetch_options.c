/* fetch_options.c - reads the command line of build/fetch. Next: fetch.c. */
#include "fetch_options.h"

#include <stdlib.h>
#include <string.h>

#include "timeout.h"

static const char usage[] =
    "usage: fetch [-Iv] [-o FILE] [-r RANGE] [-H FIELD] [--timeout SECONDS] URL...\n"
    "Ask for http URLs and write the bodies of the answers to standard output. URLs of\n"
    "one server in a row share a connection, as far as the server keeps it.\n"
    "\n"
    "  -I, --head             ask for the head of the answer only, and write that\n"
    "  -o, --output FILE      write to FILE, which is opened when an answer comes\n"
    "  -r, --range RANGE      ask for these bytes only, such as 0-99, 500- or -20\n"
    "  -H, --header FIELD     send this field too, such as 'Accept-Language: eo'\n"
    "  -v, --verbose          show the wire and each phase's time on standard error\n"
    "      --timeout SECONDS  give a URL up after so long (as long as it takes)\n"
    "      --help, --version  say this, or the version, and exit\n"
    "\n"
    "A URL is given up, and the reason says so, when its name is not found or there is "
    "no\n"
    "connection within 10 s (name-timeout, connect-timeout), no complete head within 30 "
    "s\n"
    "(head-timeout), no byte for 30 s (idle-timeout), or under 100 bytes a second for 30 "
    "s\n"
    "(slow), or after --timeout (total-timeout).\n"
    "\n"
    "Exit status: 0 fine, 2 usage, 3 file trouble, 4 network trouble, 8 a server "
    "answered\n"
    "with an error (400 or above). It stops at the first trouble but the last kind.\n";

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

/* Printable ASCII, as a field needs it: "Name: value". */
static bool is_field(const char *text)
{
    size_t name = strcspn(text, ": \t");

    for (const char *c = text; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            return false;
    return name > 0 && text[name] == ':';
}

/* Add a field, "" or "Range: bytes=" before its text. */
static bool add_field(struct fetch_options *options, const char *before, const char *text)
{
    size_t n = strlen(options->fields), room = sizeof options->fields - n;

    if (strlen(before) + strlen(text) + sizeof "\r\n" > room)
        return false;
    strcat(strcat(strcat(options->fields, before), text), "\r\n");
    return true;
}

/* An option with its value. -1, or the exit status. */
static int set(struct fetch_options *options, const char *name, const char *value)
{
    if (is(name, "-o", "--output")) {
        options->output = value;
    } else if (strcmp(name, "--timeout") == 0) {
        if (!parse_seconds(&options->timeout, value))
            return fetch_complain(value, "not a number of seconds");
    } else if (is(name, "-r", "--range")) {
        if (*value == '\0' || value[strspn(value, "0123456789-,")] != '\0' ||
            !add_field(options, "Range: bytes=", value))
            return fetch_complain(value, "not a range of bytes, such as 0-99");
    } else if (!is_field(value) || !add_field(options, "", value)) {
        return fetch_complain(value, "not a field, such as 'Accept: text/html'");
    }
    return -1;
}

static bool takes_value(const char *arg)
{
    return is(arg, "-o", "--output") || is(arg, "-r", "--range") ||
           is(arg, "-H", "--header") || strcmp(arg, "--timeout") == 0;
}

/* One argument, or an option with its value: moves *arg on. -1, or the exit status. */
static int take(struct fetch_options *options, char ***arg, char ***url)
{
    const char *name = **arg;

    if (is(name, "-h", "--help"))
        return say(usage);
    if (is(name, "-V", "--version"))
        return say("fetch 1.0\n");
    if (is(name, "-I", "--head")) {
        options->head = true;
    } else if (is(name, "-v", "--verbose")) {
        options->verbose = true;
    } else if (takes_value(name) && (*arg)[1] != NULL) {
        return set(options, name, *++*arg);
    } else if (name[0] == '-') {
        return fetch_complain(name, "unknown, or something is missing behind it");
    } else {
        *(*url)++ = **arg;
    }
    return -1;
}

int fetch_options_parse(struct fetch_options *options, char **arg)
{
    char **url = arg;
    int status;

    *options = (struct fetch_options){ .timeout = TIMEOUT_NONE, .urls = arg };
    for (; *arg != NULL; arg++) {
        status = take(options, &arg, &url);
        if (status >= 0)
            return status;
    }
    *url = NULL;
    return url > options->urls ? -1 : fetch_complain("no URL", "type fetch --help");
}
