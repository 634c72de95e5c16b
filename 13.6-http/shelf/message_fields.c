/*
 * message_fields.c - finds fields and takes their values apart; what each byte may be.
 *
 * Next: message_body.h, what follows a head.
 */
#include <string.h>

#include "message.h"
#include "message_role.h"

/* clang-format off */
#define T (HTTP_TEXT)
#define V (HTTP_TEXT | HTTP_VISIBLE)
#define H (V | HTTP_HOST)
#define K (V | HTTP_TOKEN)
#define A (V | HTTP_TOKEN | HTTP_HOST)
#define T16 T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T

const unsigned char http_class[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, T, 0, 0, 0, 0, 0, 0, /* only HTAB of the controls */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* */
    T, A, V, K, A, A, A, A, H, H, A, A, H, A, A, V, /*  !"#$%&'()*+,-./ */
    A, A, A, A, A, A, A, A, A, A, H, H, V, H, V, V, /* 0123456789:;<=>? */
    V, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* @ABCDEFGHIJKLMNO */
    A, A, A, A, A, A, A, A, A, A, A, H, V, H, K, A, /* PQRSTUVWXYZ[\]^_ */
    K, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* `abcdefghijklmno */
    A, A, A, A, A, A, A, A, A, A, A, V, K, V, A, 0, /* pqrstuvwxyz{|}~ DEL */
    T16, T16, T16, T16, T16, T16, T16, T16          /* obs-text */
};
/* clang-format on */

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool http_same_letters(const char *a, const char *b, size_t n)
{
    while (n > 0 && lower(*a) == lower(*b))
        a++, b++, n--;
    return n == 0;
}

int http_find(const struct http_head *head, const char *name, int from)
{
    for (int i = from; i < head->count; i++)
        if (http_span_is(head->fields[i].name, name))
            return i;
    return -1;
}

const struct span *http_field(const struct http_head *head, const char *name)
{
    int i = http_find(head, name, 0);

    return i < 0 ? NULL : &head->fields[i].value;
}

bool http_next_item(struct span *list, struct span *item)
{
    const char *comma, *end;

    if (list->at == NULL)
        return false;
    end = list->at + list->n;
    comma = memchr(list->at, ',', list->n);
    *item = http_trim(list->at, comma != NULL ? comma : end);
    *list = (struct span){ NULL, 0 };
    if (comma != NULL)
        *list = (struct span){ comma + 1, (size_t)(end - comma - 1) };
    return true;
}
