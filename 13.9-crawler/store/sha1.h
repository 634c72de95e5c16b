/*
 * sha1.h - SHA-1 (FIPS 180-4), piece by piece, and the form in which a WARC file names
 * a digest.
 *
 * SHA-1 no longer proves who wrote something. Here it only tells whether two bodies are
 * equal and whether an archive was damaged, and the tools that read archives expect it.
 *
 * The rounds stand on the shelf, in shelf/sha1.c. Read next: store.h.
 */
#ifndef SHA1_H
#define SHA1_H

#include <stddef.h>
#include <stdint.h>

enum {
    SHA1_DIGEST = 20, /* bytes of a digest */
    SHA1_LABEL = 38,  /* "sha1:", 32 letters and the final NUL */
};

struct sha1 {
    uint32_t hash[5];        /* the state after all whole blocks */
    uint64_t bytes;          /* bytes taken so far */
    unsigned char block[64]; /* the begun block: bytes % 64 of it are in use */
};

/* Begins a digest. Nothing here allocates or fails. */
void sha1_start(struct sha1 *s);

/* Takes n more bytes; any cutting of the input gives the same digest. */
void sha1_add(struct sha1 *s, const void *bytes, size_t n);

/* Ends: writes the digest. The state is used up; sha1_start() begins anew. */
void sha1_finish(struct sha1 *s, unsigned char digest[SHA1_DIGEST]);

/* Ends, and writes "sha1:" and the digest in base32 (RFC 4648, section 6), as WARC 1.1,
 * section 5.8 shows it. */
void sha1_label(struct sha1 *s, char label[SHA1_LABEL]);

#endif
