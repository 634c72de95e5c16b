/*
 * robots_query.h - asks whether a path is allowed, for robots.c and robots-vectors.c. The
 * rules and the path both end at an unreadable page of memory.
 */
#ifndef ROBOTS_QUERY_H
#define ROBOTS_QUERY_H

#include "robots.h"
#include "tsv.h"

static inline bool ask(const char *text, size_t n, const char *agent, const char *path,
                       size_t path_n)
{
    struct robots r;
    bool answer;

    if (robots_parse(&r, tsv_wall(text, n), n, agent) != 0)
        exit(2);
    answer = robots_allowed(&r, tsv_wall(path, path_n), path_n);
    robots_free(&r);
    return answer;
}

static inline bool rules_say(const char *text, const char *path)
{
    return ask(text, strlen(text), "ourbot", path, strlen(path));
}

#endif
