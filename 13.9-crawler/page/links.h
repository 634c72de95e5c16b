/*
 * links.h - finds the links of an HTML page while it streams in.
 *
 *     links_init(&links, found, arg);
 *     links_feed(&links, data, n);
 *     links_end(&links);
 *
 * It uses the tokenizer of the WHATWG HTML standard, section 13.2.5, without the tree
 * builder. The page may come in pieces of any size, and the result is the same. It
 * stores no page, allocates nothing, and takes time in proportion to the bytes.
 *
 * Without a tree, some rare pages are read differently than in a browser: in SVG or
 * MathML, CDATA and script, style or title are read as in HTML, and a frameset hides no
 * links. Next: links.c, html.h.
 */
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>
#include <stddef.h>

#define LINKS_VALUE_MAX 8192 /* bytes kept of one tag's values; more are dropped */
#define LINKS_TITLE_MAX 512  /* bytes of a title that are reported */
#define LINKS_VALUES 4       /* different wanted attributes of one tag */
#define LINKS_NAME 16        /* bytes kept of a tag's or attribute's name */

enum link_kind {
    LINK_A,          /* href of <a> */
    LINK_AREA,       /* href of <area> */
    LINK_BASE,       /* href of the first <base> that has one */
    LINK_TITLE,      /* text of the first <title>, white space collapsed */
    LINK_META_ROBOTS /* content of <meta name=robots> */
};

/* A wanted attribute of the tag being read. Its value is in links->kept, decoded. */
struct link_value {
    const char *name; /* points into the table of rules */
    size_t from, n;   /* where the value is in kept */
    bool lost;        /* it was too long: the attribute counts, its value is gone */
};

struct links {
    /* set by links_init */
    void (*found)(void *arg, enum link_kind kind, const char *value, size_t n);
    void *arg;
    unsigned long dropped; /* for the caller to read: values that were too long to keep */

    /* bit n of an entry: a tag of n letters counts; one entry for each first letter */
    unsigned short lengths[26];

    /* where the tokenizer stands */
    int state;             /* one of enum links_state */
    char name[LINKS_NAME]; /* name being read, in lower case, filled up with NULs */
    size_t name_n;         /* bytes of it */
    bool closing;          /* it is an end tag */
    char quote;            /* what ends the value: " or ', 0 for white space or > */
    int dashes;            /* comment, script: what the bytes just before were */
    int raw;               /* the raw text element we are in or will enter, or none */
    int level;             /* script: 0 plain, 1 after "<!--", 2 after "<!-- <script" */

    /* what is kept of the current tag, or of the title */
    const struct link_rule *rule;           /* first rule of this tag, or NULL */
    struct link_value values[LINKS_VALUES]; /* wanted attributes seen so far */
    int value_n;                            /* how many */
    bool keeping;                           /* the bytes being read belong in kept */
    bool base_seen, title_seen;             /* only the first one counts */
    size_t used;                            /* bytes offered to kept, may be more */
    char kept[LINKS_VALUE_MAX];             /* last: it needs no clearing */
};

/*
 * Make ready for one page. `found` is called during links_feed and links_end, in the
 * order of the page, when the tag is complete. `value` is not NUL-terminated and lives
 * until `found` returns. It is an attribute value with its character references decoded,
 * neither trimmed nor resolved nor checked: that is the URL parser's work. The input is
 * taken as UTF-8.
 */
void links_init(struct links *links,
                void (*found)(void *arg, enum link_kind kind, const char *value,
                              size_t n),
                void *arg);

/* Reads the next n bytes of the page; n may be 0, and then data may be NULL. WHATWG
 * HTML 13.2.5. */
void links_feed(struct links *links, const char *data, size_t n);

/* Ends the page. An unfinished tag is not reported, as in the standard; an open title
 * is. Afterwards only links_init() may be called. */
void links_end(struct links *links);

#endif
