/*
 * robots.h - reads a robots.txt file as RFC 9309 says, and tells which URLs it allows.
 *
 *     robots_parse(&robots, text, n, "workbook-crawl");
 *     if (robots_allowed(&robots, path.at, path.n)) ...
 *
 * Only the rules that apply to one crawler are kept, so a file of 500 KiB costs as much
 * memory as that crawler's own groups. robots_allowed() allocates nothing.
 *
 * Two details follow the practice of sites and of Google's crawler, not the letter of the
 * RFC. An escape such as %62 matches only the same escape, although RFC 9309 2.2.2
 * demands that it is decoded before the comparison. "Allow: /dir/index.html" also allows
 * "/dir/".
 *
 * Next: robots_fetch.h.
 */
#ifndef ROBOTS_H
#define ROBOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum {
    ROBOTS_BYTES = 500 * 1024, /* bytes of a file read, in whole lines (RFC 9309 2.5) */
    ROBOTS_LINE = 8 * 2083,    /* bytes of the longest path; a line is cut to one less */
    ROBOTS_DELAY = 300,        /* the longest Crawl-delay that is kept, in seconds */
};

/* A struct of zeros allows everything. */
struct robots {
    /* One rule per line: '+' (allow) or '-' (disallow), then the pattern, in which each
     * byte that is not printable ASCII is escaped as %XX, in capital letters. */
    struct text rules;
    /* The largest Crawl-delay, in seconds, of the groups that apply, or 0. The RFC does
     * not define this field, but sites use it. */
    double delay;
    bool forbid; /* only /robots.txt itself is allowed */
};

/* robots_allow_all stands for a file that does not exist (4xx, RFC 9309 2.3.1.3).
 * robots_forbid_all stands for a file that is unreachable (5xx or a network failure,
 * RFC 9309 2.3.1.4). Both can be copied, and a copy can be passed to robots_free(). */
extern const struct robots robots_allow_all, robots_forbid_all;

/* Returns true when `agent` is a product token (RFC 9309 2.2.1): letters, '_' and '-'
 * only, and not empty. */
bool robots_valid_agent(const char *agent);

/* Reads a file of n bytes for the product token `agent`. The groups that name `agent`, in
 * upper or lower case, apply; if there are none, the groups for '*' apply. Lines that
 * cannot be understood are skipped, so every file is accepted. Overwrites *r without
 * releasing it; the caller releases the new *r with robots_free(). Returns 0; or ENOMEM,
 * and *r forbids everything. */
int robots_parse(struct robots *r, const char *text, size_t n, const char *agent);

/* Returns true when the path, with its query and without a fragment, is allowed. The
 * longest matching rule decides, and Allow wins a tie (RFC 9309 2.2.2). /robots.txt
 * itself is always allowed. If there are any rules, a path longer than ROBOTS_LINE is
 * forbidden. The worst case takes time proportional to the rules' bytes times n. */
bool robots_allowed(const struct robots *r, const char *path_and_query, size_t n);

/* Releases the memory of *r, which then allows everything. */
void robots_free(struct robots *r);

#endif
