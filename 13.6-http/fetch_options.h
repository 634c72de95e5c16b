/*
 * fetch_options.h - the command line of build/fetch. Next: fetch.c.
 */
#ifndef FETCH_OPTIONS_H
#define FETCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The exit statuses of fetch. */
enum { FETCH_OK = 0, BAD_USAGE = 2, BAD_FILE = 3, BAD_NETWORK = 4, BAD_ANSWER = 8 };

enum { FIELDS_MAX = 2048 }; /* bytes of the fields that the user adds */

struct fetch_options {
    bool head; /* ask with HEAD, write the head */
    bool verbose;
    double timeout;          /* seconds for the whole, or TIMEOUT_NONE */
    const char *output;      /* a file's name, or NULL: standard output */
    char fields[FIELDS_MAX]; /* "Name: value CR LF" for each --header and the --range */
    char **urls; /* as they were given; in the argument vector, ended by NULL */
};

/* Fill `options` from the arguments, which end with NULL and are put in another order.
 * -1: go on; else the exit status, after --help or --version (0) or one line on stderr
 * (2). */
int fetch_options_parse(struct fetch_options *options, char **arg);

/* "fetch: about: what" on stderr. BAD_USAGE. */
int fetch_complain(const char *about, const char *what);

/* Bytes from anywhere, made safe for a terminal: what is not printable ASCII appears as
 * \xHH, a backslash is doubled. */
void print_safe(FILE *to, const char *text, size_t n);

#endif
