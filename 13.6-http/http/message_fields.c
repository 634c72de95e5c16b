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
#define B (HTTP_BLANK)
#define S (HTTP_TEXT | HTTP_BLANK)
#define V (HTTP_TEXT | HTTP_VISIBLE)
#define H (V | HTTP_HOST)
#define K (V | HTTP_TOKEN)
#define A (V | HTTP_TOKEN | HTTP_HOST)
#define T16 T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T

const unsigned char http_class[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, S, B, 0, 0, B, 0, 0, /* of the controls HTAB, LF, CR */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* */
    S, A, V, K, A, A, A, A, H, H, A, A, H, A, A, V, /*  !"#$%&'()*+,-./ */
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

/* Nearly all servers spell the names as we do: one memcmp(). */
bool http_same_letters(const char *a, const char *b, size_t n)
{
    if (memcmp(a, b, n) == 0)
        return true;
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i] && lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

int http_find(const struct http_head *head, const char *name, int from)
{
    size_t n = strlen(name);

    for (int i = from; i < head->count; i++) {
        struct span field = head->fields[i].name;

        if (field.n == n && http_same_letters(field.at, name, n))
            return i;
    }
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
