/* convert.c - conversion by iconv(3), and by a table for windows-1252. Next:
 * content.h. */
#include "convert.h"

#include <errno.h>
#include <string.h>

#include "utf8.h"

static const char malformed[] = "\xef\xbf\xbd"; /* U+FFFD */

static size_t ascii(const char *bytes, size_t n)
{
    size_t i = 0;

    while (i < n && (unsigned char)bytes[i] < 0x80)
        i++;
    return i;
}

static void put(struct convert *self, const char *text, size_t n)
{
    if (n > 0)
        self->out(self->arg, text, n);
}

static void from_1252(struct convert *self, const char *bytes, size_t n)
{
    char text[CONVERT_PIECE];
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned byte = (unsigned char)bytes[i];

        if (byte < 0x80)
            text[used++] = bytes[i];
        else
            used += utf8_encode(text + used,
                                byte < 0xa0 ? charset_1252_high[byte - 0x80] : byte);
        if (used > sizeof text - 4 || i + 1 == n) {
            put(self, text, used);
            used = 0;
        }
    }
}

/* Converts what iconv() accepts and returns the number of bytes used. A malformed byte
 * becomes one U+FFFD, and the next byte begins a new character. *more is set when the
 * rest is the beginning of a character. */
static size_t by_iconv(struct convert *self, const char *bytes, size_t n, bool *more)
{
    char text[CONVERT_PIECE], *in = (char *)bytes; /* POSIX: not const, but not changed */
    size_t left = n;

    *more = false;
    while (left > 0 && !*more) {
        char *to = text;
        size_t room = sizeof text - sizeof malformed;
        int err = iconv(self->cd, &in, &left, &to, &room) == (size_t)-1 ? errno : 0;

        if (err == EILSEQ) {
            memcpy(to, malformed, 3);
            to += 3;
            in++;
            left--;
        }
        *more = err == EINVAL;
        put(self, text, (size_t)(to - text));
    }
    return n - left;
}

static void carry(struct convert *self, const char *bytes, size_t n)
{
    memmove(self->carry, bytes, n);
    self->carry_n = n;
}

/* Completes a character that came in pieces: adds byte after byte until it is complete
 * or malformed. Returns how many bytes were used. */
static size_t finish_carry(struct convert *self, const char *bytes, size_t n)
{
    size_t at = 0;

    while (self->carry_n > 0 && at < n) {
        bool more;
        size_t used;

        self->carry[self->carry_n++] = bytes[at++];
        used = by_iconv(self, self->carry, self->carry_n, &more);
        if (used == 0 && self->carry_n == CONVERT_CARRY) { /* no character is that long */
            put(self, malformed, 3);
            used = 1;
        }
        carry(self, self->carry + used, self->carry_n - used);
    }
    return at;
}

static void feed_iconv(struct convert *self, const char *bytes, size_t n)
{
    size_t at = finish_carry(self, bytes, n);
    bool more;

    at += by_iconv(self, bytes + at, n - at, &more);
    if (at < n && n - at < CONVERT_CARRY)
        carry(self, bytes + at, n - at);
}

/* Opens the converter by the first name that iconv_open() knows. */
static bool open_iconv(struct convert *self)
{
    const char *names = self->charset->iconv;
    char name[32];

    while (!self->open && *names != '\0') {
        size_t n = strcspn(names, " ");

        memcpy(name, names, n);
        name[n] = '\0';
        self->cd = iconv_open("UTF-8", name);
        self->open = self->cd != (iconv_t)-1;
        names += n + (names[n] == ' ');
    }
    return self->open;
}

static void convert(struct convert *self, const char *bytes, size_t n)
{
    if (self->charset->way >= CHARSET_ASCII && !open_iconv(self))
        self->charset = charset_windows_1252;
    if (self->charset->way == CHARSET_UTF_8)
        put(self, bytes, n);
    else if (self->charset->way == CHARSET_1252)
        from_1252(self, bytes, n);
    else
        feed_iconv(self, bytes, n);
}

/* Returns 1 when the bytes are a whole UTF-8 character, 0 when they are the beginning
 * of one, and -1 otherwise. */
static int is_utf_8(const char *bytes, size_t n)
{
    size_t whole = utf8_length((unsigned char)bytes[0]);

    for (size_t i = 1; i < n && i < whole; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return -1;
    return whole == 0 ? -1 : n >= whole;
}

/* Chooses the encoding by the first bytes above 0x7f, because nothing has named it.
 * Returns how many bytes were used. */
static size_t guess(struct convert *self, const char *bytes, size_t n)
{
    size_t at = 0;
    int found = 0;

    while (at < n && found == 0) {
        self->carry[self->carry_n++] = bytes[at++];
        found = is_utf_8(self->carry, self->carry_n);
    }
    if (found == 0)
        return at;
    self->guess = false;
    self->charset = found > 0 ? charset_utf_8 : charset_windows_1252;
    convert(self, self->carry, self->carry_n);
    self->carry_n = 0;
    return at;
}

void convert_begin(struct convert *self, const struct charset *charset, bool guessing,
                   void (*out)(void *arg, const char *text, size_t n), void *arg)
{
    convert_close(self);
    *self = (struct convert){ .charset = charset, .guess = guessing };
    self->out = out;
    self->arg = arg;
    if (charset->way == CHARSET_REPLACEMENT)
        put(self, malformed, 3);
}

void convert_feed(struct convert *self, const char *bytes, size_t n)
{
    size_t plain = 0;

    if (self->charset->way == CHARSET_REPLACEMENT)
        return;
    if (self->charset->way != CHARSET_UTF_8 && self->charset->way != CHARSET_OTHER &&
        !self->begun) {
        plain = ascii(bytes, n);
        put(self, bytes, plain);
        self->begun = plain < n;
    }
    if (self->guess && plain < n)
        plain += guess(self, bytes + plain, n - plain);
    if (plain < n)
        convert(self, bytes + plain, n - plain);
}

void convert_close(struct convert *self)
{
    if (self->open)
        iconv_close(self->cd);
    self->open = self->guess = false;
    self->carry_n = 0;
}

void convert_end(struct convert *self)
{
    char text[CONVERT_PIECE], *to = text;
    size_t room = sizeof text;

    if (self->guess) {
        self->charset = charset_windows_1252;
        from_1252(self, self->carry, self->carry_n);
    } else if (self->open) {
        if (self->carry_n > 0)
            put(self, malformed, 3);
        iconv(self->cd, NULL, NULL, &to, &room); /* writes the rest that iconv() holds */
        put(self, text, (size_t)(to - text));
    }
    convert_close(self);
}
