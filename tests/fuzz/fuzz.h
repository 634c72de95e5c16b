/*
 * fuzz.h - shared by the fuzz targets. A target is a function of some bytes that aborts
 * when a property does not hold; tests/fuzz.mk builds and runs them.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The entry point that libFuzzer calls. AddressSanitizer sees a read beyond the bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define HOLDS(property)                                                       \
    do {                                                                      \
        if (!(property)) {                                                    \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, \
                    #property);                                               \
            abort();                                                          \
        }                                                                     \
    } while (0)

#endif
