/*
 * links.h - finds the links of an HTML page while it streams in.
 *
 *     links_init(&links, found, arg);
 *     links_feed(&links, data, n);
 *     links_end(&links);
 *
 * It uses the tokenizer of the WHATWG HTML standard, section 13.2.5, without the tree
 * builder. The page may come in pieces of any size: the result is the same. Nothing is
 * allocated, the page is not stored, and the time is proportional to the bytes.
 *
 * Without a tree, some rare pages are read differently than in a browser. In SVG and
 * MathML, CDATA and the elements script, style and title are read as in HTML. Links
 * inside a frameset are reported, while a browser ignores them. Next: links.c, html.h.
 */
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>
#include <stddef.h>

#define LINKS_VALUE_MAX 8192 /* bytes of one tag's values in all; see link_value.lost */
#define LINKS_TITLE_MAX 512  /* bytes of a title that are reported */
#define LINKS_VALUES 4       /* wanted attributes of one tag, at most */
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
    bool lost;        /* too long: the value is dropped, and duplicates are ignored */
};

struct links {
    /* set by links_init */
    void (*found)(void *arg, enum link_kind kind, const char *value, size_t n);
    void *arg;
    unsigned long dropped; /* result: number of values that were too long to keep */

    /* one entry for each letter; bit n: a known tag of n letters begins with it */
    unsigned short lengths[26];

    /* the tokenizer's state */
    int state;             /* one of enum links_state */
    char name[LINKS_NAME]; /* the name being read, in lower case, filled up with NULs */
    size_t name_n;         /* bytes of the name */
    bool closing;          /* the tag is an end tag */
    char quote;            /* what ends the value: " or '; 0: white space or > */
    int dashes;            /* comment or script: the last bytes, see html.h */
    int raw;               /* the raw text element being read or begun, or NOT_RAW */
    int level;             /* script: 0 plain, 1 after "<!--", 2 after "<!-- <script" */

    /* the kept part of the current tag, or the title */
    const struct link_rule *rule;           /* first rule of this tag, or NULL */
    struct link_value values[LINKS_VALUES]; /* wanted attributes so far */
    int value_n;                            /* the number of these */
    bool keeping;                           /* the bytes being read are added to kept */
    bool base_seen, title_seen;             /* only the first one counts */
    size_t used;                            /* bytes added to kept, with those cut off */
    char kept[LINKS_VALUE_MAX];             /* last, as links_init() does not clear it */
};

/* Prepares for one page. links_feed() and links_end() call `found` in the order of the
 * page, when a tag or the title is complete. `value` is valid until `found` returns and
 * does not end with a NUL. Its character references are decoded. An attribute's value is
 * neither trimmed nor resolved nor checked: the URL parser does that. A title is trimmed
 * and cut to LINKS_TITLE_MAX bytes. The input is read as UTF-8. */
void links_init(struct links *links,
                void (*found)(void *arg, enum link_kind kind, const char *value,
                              size_t n),
                void *arg);

/* Reads the next n bytes of the page; n may be 0, and then data may be NULL. WHATWG
 * HTML 13.2.5. */
void links_feed(struct links *links, const char *data, size_t n);

/* Ends the page. An unfinished tag is not reported, as the standard demands. An open
 * title is reported. Afterwards only links_init() may be called. */
void links_end(struct links *links);

#endif
