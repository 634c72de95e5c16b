/* content.c - undoes the codings in layers, finds the encoding, and converts. Next:
 * inflate.h. */
#include "content.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "inflate.h"

enum { BOM_MAX = 3, LABEL_MAX = 64 };

struct content_layer {
    struct content *content;
    int i;
    struct inflate inflate;
};

void content_init(struct content *self)
{
    memset(self, 0, sizeof *self);
}

void content_free(struct content *self)
{
    convert_close(&self->convert);
    for (int i = 0; i < CONTENT_LAYERS; i++) {
        free(self->layers[i]);
        self->layers[i] = NULL;
    }
}

/* ---- text ---- */

/* WHATWG Encoding, 6, and HTML 13.2.3.2: a byte order mark has precedence over the
 * Content-Type, which has precedence over the page's declaration. */
static void find_charset(struct content *self, const char *bytes, size_t n)
{
    size_t skip;
    const struct charset *found = charset_of_bom((struct span){ bytes, n }, &skip);

    if (found == NULL)
        found = self->declared;
    if (found == NULL)
        found = charset_prescan((struct span){ bytes, n });
    convert_begin(&self->convert, found != NULL ? found : charset_windows_1252,
                  found == NULL, self->out, self->arg);
    self->charset = self->convert.charset->name;
    convert_feed(&self->convert, bytes + skip, n - skip);
}

/* Handles the first bytes, until there are enough to find the charset. A first piece that
 * is long enough is not copied. */
static void take_first(struct content *self, const char *bytes, size_t n)
{
    size_t need = self->declared != NULL ? BOM_MAX : CONTENT_PRESCAN, used = need;

    if (self->held_n == 0 && n >= need) {
        find_charset(self, bytes, need);
    } else {
        used = need - self->held_n < n ? need - self->held_n : n;
        memcpy(self->held + self->held_n, bytes, used);
        self->held_n += used;
        if (self->held_n == need)
            find_charset(self, self->held, need);
    }
    if (used < n)
        convert_feed(&self->convert, bytes + used, n - used);
}

static void take_bytes(struct content *self, const char *bytes, size_t n)
{
    if (!self->is_text)
        self->out(self->arg, bytes, n);
    else if (self->charset == NULL)
        take_first(self, bytes, n);
    else
        convert_feed(&self->convert, bytes, n);
}

/* ---- layers ---- */

/* Keeps the first failure. An inner layer reports its failure while the outer layer still
 * decodes, so it comes before any failure of the outer one. */
static void failed(struct content *self, const char *why)
{
    if (self->why == NULL)
        self->why = why;
}

/* Decodes bytes that still have `layers` codings. */
static void unpack(struct content *self, int layers, const char *bytes, size_t n)
{
    if (layers == 0)
        take_bytes(self, bytes, n);
    else
        failed(self, inflate_feed(&self->layers[layers - 1]->inflate, bytes, n));
}

static void from_layer(void *arg, const char *bytes, size_t n)
{
    struct content_layer *layer = arg;

    unpack(layer->content, layer->i, bytes, n);
}

static int add_layer(struct content *self, enum inflate_kind kind, uint64_t limit)
{
    int i = self->layer_n;
    struct content_layer *layer;

    if (i == CONTENT_LAYERS) {
        failed(self, "too-many-codings: it is packed more than twice");
        return 0;
    }
    if (self->layers[i] == NULL)
        self->layers[i] = malloc(sizeof *layer);
    layer = self->layers[i];
    if (layer == NULL)
        return ENOMEM;
    layer->content = self;
    layer->i = self->layer_n++;
    inflate_init(&layer->inflate, kind, limit, from_layer, layer);
    return 0;
}

static void add_name(struct content *self, struct span name)
{
    size_t n = strlen(self->coding);

    if (n + 2 + name.n >= sizeof self->coding)
        return;
    if (n > 0)
        memcpy(self->coding + n, ", ", 2);
    n += n > 0 ? 2 : 0;
    memcpy(self->coding + n, name.at, name.n);
}

/* RFC 9110 8.4.1: adds the layer of one coding. Returns 0 or ENOMEM. */
static int add_coding(struct content *self, struct span name, uint64_t limit)
{
    if (name.n == 0 || http_span_is(name, "identity"))
        return 0;
    add_name(self, name);
    if (self->out == NULL)
        return 0;
    if (http_span_is(name, "gzip") || http_span_is(name, "x-gzip"))
        return add_layer(self, INFLATE_GZIP, limit);
    if (http_span_is(name, "deflate"))
        return add_layer(self, INFLATE_ZLIB_OR_RAW, limit);
    failed(self, "unknown-coding: it is packed in another way than was asked for");
    return 0;
}

void content_clear(struct content *self)
{
    convert_close(&self->convert);
    self->why = self->charset = NULL;
    memset(self->coding, 0, sizeof self->coding);
    self->out = NULL;
    self->layer_n = 0;
    self->held_n = 0;
}

int content_begin(struct content *self, const struct http_head *head, bool is_text,
                  uint64_t limit, void (*out)(void *arg, const char *bytes, size_t n),
                  void *arg)
{
    char label[LABEL_MAX] = "";
    struct span list, item;
    int err = 0;

    content_clear(self);
    self->out = out;
    self->arg = arg;
    self->is_text = is_text;
    for (int i = http_find(head, "content-encoding", 0); i >= 0;
         i = http_find(head, "content-encoding", i + 1))
        for (list = head->fields[i].value; err == 0 && http_next_item(&list, &item);)
            err = add_coding(self, item, limit);
    field_charset(label, sizeof label, http_field(head, "content-type"));
    self->declared = charset_find((struct span){ label, strlen(label) });
    return err;
}

void content_feed(struct content *self, const char *bytes, size_t n)
{
    if (self->out != NULL && self->why == NULL && n > 0)
        unpack(self, self->layer_n, bytes, n);
}

void content_end(struct content *self, bool whole)
{
    for (int i = self->layer_n - 1; i >= 0 && whole; i--)
        failed(self, inflate_end(&self->layers[i]->inflate));
    if (self->is_text && self->charset == NULL && self->held_n > 0)
        find_charset(self, self->held, self->held_n);
    if (self->charset == NULL)
        return;
    convert_end(&self->convert);
    self->charset = self->convert.charset->name;
}
