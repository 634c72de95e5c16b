/*
 * options.h - reads the command line of build/crawl.
 *
 *     status = options_read(&command, argc, argv);
 *     if (status >= 0)
 *         return status;
 *
 * Next: report.h.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "crawler.h"

enum { PATTERNS_MAX = 32 };

struct command {
    struct crawl_options crawl;
    regex_t include[PATTERNS_MAX]; /* crawl.include points here */
    regex_t exclude[PATTERNS_MAX]; /* crawl.exclude points here */
    bool quiet, verbose;
    char **urls; /* the arguments after the options, in argv */
    int url_count;
};

/* Reads the command line into `command`. An option that is not given gets its default.
 * Returns -1 when the program is to go on, or else the exit status with which it is to
 * end: 0 after --help or --version; 2 after printing an error to stderr. `command` keeps
 * pointers into argv. */
int options_read(struct command *command, int argc, char **argv);

/* Releases the patterns of `command`. */
void options_free(struct command *command);

#endif
