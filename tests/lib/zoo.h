/*
 * zoo.h - the hostile zoo: the behaviour of bad peers, one row for each form.
 *
 * A peer (zoo-peer.h) plays a row: to each request it sends `text`, then `again` over and
 * over, and then does what `end` says. zoo.c plays all rows to the crawler in virtual
 * time, hostile-server.c plays them to any client. Read next: zoo-rows.h, the table.
 */
#ifndef ZOO_H
#define ZOO_H

#include <stdbool.h>
#include <stddef.h>

enum { ZOO_BEHAVIOURS = 41, ZOO_RETRIES = 2, ZOO_TRIES = ZOO_RETRIES + 1 };

#define ZOO_BODY (16 << 20) /* the maximum body that the crawler takes, in bytes */

struct zoo_text { /* bytes, perhaps with NULs */
    const char *at;
    size_t n;
};

/* The bytes of a string literal, or of several adjacent ones. */
#define BYTES(...)                                   \
    {                                                \
        .at = (__VA_ARGS__), sizeof(__VA_ARGS__) - 1 \
    }

enum zoo_end {
    ZOO_CLOSE,  /* closes */
    ZOO_SILENT, /* sends nothing more and keeps the connection */
    ZOO_RESET,  /* closes so that the other side gets ECONNRESET */
    ZOO_NEXT,   /* waits for the next request */
    ZOO_ONCE,   /* waits for the next request and closes without an answer */
};

/* The obstacle before a connection is established. */
enum zoo_door {
    ZOO_OPEN,
    ZOO_REFUSES,   /* no listener */
    ZOO_FULL,      /* the listen queue is full: no answer */
    ZOO_NO_NAME,   /* the host has no address */
    ZOO_LATE_NAME, /* the name server takes five seconds */
    ZOO_LOST_NAME, /* the name server never answers */
    ZOO_DEAD_ONE,  /* two addresses: the first one refuses */
    ZOO_MUTE_ONE,  /* two addresses: the first one never answers */
};

struct zoo_row {
    int number;       /* the number of the behaviour; 0: a good host */
    const char *form; /* "" or a letter, when a behaviour has several */
    const char *name;
    /* the peer's behaviour */
    enum zoo_door door;
    bool deaf;                   /* reads only the first byte of the request */
    double latency;              /* seconds before `text` */
    struct zoo_text text, again; /* sent once; sent repeatedly */
    long times;                  /* how many times `again` is sent; 0: for ever */
    double pause;                /* seconds before each `again` */
    enum zoo_end end;
    int ring; /* redirects: the number of pages in a ring; below 0: without end */
    /* the expected result */
    const char *reason; /* how the error begins; NULL: all pages arrive */
    const char *robots; /* the same for robots.txt; "": no error; NULL: as `reason` */
    int status;         /* status of the last response; 0: no response */
    int pages;          /* lines in pages.jsonl; 0 means one */
    int requests;       /* received; -1: none; 0: computed from `pages` and `tries` */
    int tries;          /* requests for the page that fails; 0 means one */
    double each;        /* seconds that one request takes */
    size_t most;        /* limit of the bytes read of an answer; 0: 64 KiB */
};

#endif
