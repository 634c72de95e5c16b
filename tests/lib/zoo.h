/*
 * zoo.h - the hostile zoo: what a bad peer does, one row for each of its forms.
 *
 * A row is played by a peer (zoo-peer.h): to each request it sends `text`, then `again`
 * over and over, and then it ends in some way. zoo.c plays all rows to the crawler
 * in virtual time, hostile-server.c plays them to whoever asks. Read next:
 * zoo-rows.h, the table.
 */
#ifndef ZOO_H
#define ZOO_H

#include <stdbool.h>
#include <stddef.h>

enum { ZOO_BEHAVIOURS = 41, ZOO_RETRIES = 2, ZOO_TRIES = ZOO_RETRIES + 1 };

#define ZOO_BODY (16 << 20) /* bytes of a body that the crawler takes */

struct zoo_text { /* bytes, with NULs perhaps */
    const char *at;
    size_t n;
};

/* A literal, or several that stand side by side. */
#define BYTES(...)                                   \
    {                                                \
        .at = (__VA_ARGS__), sizeof(__VA_ARGS__) - 1 \
    }

enum zoo_end {
    ZOO_CLOSE,  /* closes */
    ZOO_SILENT, /* says nothing more and stays */
    ZOO_RESET,  /* closes so that the other side hears ECONNRESET */
    ZOO_NEXT,   /* waits for the next request */
    ZOO_ONCE,   /* waits for it, and closes without an answer when it comes */
};

/* What is in the way before a connection stands. */
enum zoo_door {
    ZOO_OPEN,
    ZOO_REFUSES,   /* nobody listens */
    ZOO_FULL,      /* the line before accept() is full: no answer */
    ZOO_NO_NAME,   /* the host has no address */
    ZOO_LATE_NAME, /* the name server takes five seconds */
    ZOO_LOST_NAME, /* the name server never answers */
    ZOO_DEAD_ONE,  /* two addresses: the first one refuses */
    ZOO_MUTE_ONE,  /* two addresses: the first one never answers */
};

struct zoo_row {
    int number;       /* of the behaviour; 0: a good host */
    const char *form; /* "" or a letter, when a behaviour has several */
    const char *name;
    /* what the peer does */
    enum zoo_door door;
    bool deaf;                   /* does not read the request, but for its first byte */
    double latency;              /* seconds before `text` */
    struct zoo_text text, again; /* sent once; over and over */
    long times;                  /* how often, 0: for ever */
    double pause;                /* seconds before each time */
    enum zoo_end end;
    int ring; /* redirects: of so many pages in a ring; below 0: on and on */
    /* what must become of it */
    const char *reason; /* how the error begins; NULL: all pages are there */
    const char *robots; /* the same for robots.txt, "": it is fine; NULL: `reason` */
    int status;         /* of the last response, 0: none */
    int pages;          /* lines in pages.jsonl, 0: one */
    int requests;       /* that the server sees, -1: none; 0: pages and tries tell */
    int tries;          /* requests for the page that fails, 0: one */
    double each;        /* seconds that one of them takes */
    size_t most;        /* bytes of an answer that may be taken, 0: 64 KiB, a head */
};

#endif
