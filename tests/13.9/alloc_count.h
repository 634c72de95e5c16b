/*
 * alloc_count.h - counts allocated blocks, in a program that is linked with --wrap for
 * malloc and its relatives (see session.mk). Any thread may allocate.
 */
#ifndef ALLOC_COUNT_H
#define ALLOC_COUNT_H

#include <stdatomic.h>
#include <stddef.h>

static atomic_int blocks; /* allocated and not freed */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t n);
void *__real_aligned_alloc(size_t alignment, size_t n);
void __real_free(void *block);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t n);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
void __wrap_free(void *block);

void *__wrap_malloc(size_t n)
{
    void *block = __real_malloc(n);

    blocks += block != NULL;
    return block;
}

void *__wrap_calloc(size_t n, size_t size)
{
    void *block = __real_calloc(n, size);

    blocks += block != NULL;
    return block;
}

void *__wrap_realloc(void *block, size_t n)
{
    void *larger = __real_realloc(block, n);

    blocks += block == NULL && larger != NULL;
    return larger;
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
    void *block = __real_aligned_alloc(alignment, n);

    blocks += block != NULL;
    return block;
}

void __wrap_free(void *block)
{
    blocks -= block != NULL;
    __real_free(block);
}

#endif
