/* options.h - the command line of crawl. Implemented in shelf/options.c. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "crawler.h"

enum { PATTERNS_MAX = 32 };

struct command {
    struct crawl_options crawl;
    regex_t include[PATTERNS_MAX], exclude[PATTERNS_MAX]; /* what crawl points to */
    bool quiet, verbose;
    char **urls; /* what is left of argv */
    int url_count;
};

/* What --help says. In shelf/options_help.c. */
extern const char options_help[];

/* Read the command line into `command`, with the defaults for what is not said. -1: go
 * on; else the exit status, after --help or --version (0) or one line on stderr (2). */
int options_read(struct command *command, int argc, char **argv);

/* Release the patterns. */
void options_free(struct command *command);

#endif
