/*
 * sha1.h - SHA-1 (FIPS 180-4), piece by piece, and the form of a digest in a WARC file.
 *
 *     sha1_start(&digest);
 *     sha1_add(&digest, bytes, n);
 *     sha1_label(&digest, label);
 *
 * SHA-1 is no longer safe against forgery. Here it only tells whether two bodies are
 * equal and whether an archive was damaged, and the tools that read archives expect it.
 * Next: sha1.c, store.h.
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
    unsigned char block[64]; /* the incomplete block: bytes % 64 of it are in use */
};

/* Begins a digest. No function here allocates or fails. */
void sha1_start(struct sha1 *s);

/* Adds n more bytes. The digest does not depend on how the input is cut. */
void sha1_add(struct sha1 *s, const void *bytes, size_t n);

/* Ends the digest and writes it. Call sha1_start() before using the struct again. */
void sha1_finish(struct sha1 *s, unsigned char digest[SHA1_DIGEST]);

/* Ends the digest and writes "sha1:" and the digest in base32 (RFC 4648, section 6),
 * as WARC 1.1, section 5.8 shows it. */
void sha1_label(struct sha1 *s, char label[SHA1_LABEL]);

#endif
