/*
 * fields.c - checks of fields.h: media types, charsets, dates, Retry-After. Prints
 * TAP. Next: field-vectors.c.
 */
#include <time.h>

#include "check.h"
#include "date.h"
#include "fields.h"

static struct span span(const char *text)
{
    return (struct span){ text, strlen(text) };
}

static void media_types(void)
{
    static const char *const rows[][2] = {
        { "text/html", "text/html" },
        { "Text/HTML;charset=utf-8", "text/html" },
        { "text/html ; x", "text/html" },
        { "", "" },
        { ";", "" },
        { "12345678901234", "" },
        { "1234567/9012345", "" },
        { "1234567/901234", "1234567/901234" },
        { " text/html ", "text/html" },
        { "text/ html", "" },
        { "text /html", "" },
        { "/html", "" },
        { "text/a/b", "" },
        { "text/html, a", "" },
    };
    char to[15];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span value = span(rows[i][0]);

        field_media_type(to, sizeof to, &value);
        EXPECT_STR(to, rows[i][1]);
    }
    field_media_type(to, sizeof to, NULL);
    EXPECT_STR(to, "");
    field_copy(to, sizeof to, NULL);
    EXPECT_STR(to, "");
}

static void retry_after(void)
{
    static const struct {
        const char *text;
        double seconds;
    } rows[] = { { "0", 0 },
                 { "7", 7 },
                 { "007", 7 },
                 { "299", 299 },
                 { "300", 300 },
                 { "301", 300 },
                 { "99999999999999999999999", 300 },
                 { "", -1 },
                 { "-1", -1 },
                 { "1.5", -1 },
                 { "1 ", 1 },
                 { "1 2", -1 },
                 { "+1", -1 },
                 { "0x10", -1 },
                 { "soon", -1 },
                 { "Sat, 01 Jan 2000 00:01:39 GMT", 100 },
                 { "Saturday, 01-Jan-00 00:01:39 GMT", 100 },
                 { "Sat Jan  1 00:01:39 2000", 100 },
                 { "Sat Jan 01 00:01:39 2000", 100 },
                 { "Fri, 31 Dec 1999 23:59:59 GMT", 0 },
                 { "Fri, 31 Dec 1999 23:59:60 GMT", 1 },
                 { "Sat, 01 Jan 2000 01:00:00 GMT", 300 },
                 { "Friday, 31-Dec-49 00:00:00 GMT", 300 },
                 { "Friday, 31-Dec-50 00:00:00 GMT", 0 },
                 { "Mon, 28 Feb 2000 00:00:00 GMT", 300 },
                 { "Tue, 29 Feb 2000 00:00:00 GMT", 300 },
                 { "Tue, 29 Feb 2001 00:00:00 GMT", -1 },
                 { "Tue, 29 Feb 1900 00:00:00 GMT", -1 },
                 { "Tue, 00 Feb 2000 00:00:00 GMT", -1 },
                 { "Sat, 01 Jan 0000 00:00:00 GMT", -1 },
                 { "Sat, 01 Jan 2000 24:00:00 GMT", -1 },
                 { "Sat, 01 Jan 2000 00:60:00 GMT", -1 },
                 { "Sat, 01 Jan 2000 00:00:61 GMT", -1 },
                 { "Sat, 01 Jan 2000 00:00:00 GMT+1", -1 },
                 { "Sat, 01 Jan 2000 00:00:00 CET", -1 },
                 { "Sat, 1 Jan 2000 00:00:00 GMT", -1 },
                 { "Sat, 01 Foo 2000 00:00:00 GMT", -1 },
                 { "Sat, 01 Jan 2000", -1 } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span value = span(rows[i].text);
        double seconds = field_retry_after(&value, 946684799);

        if (seconds != rows[i].seconds)
            check_fail(__FILE__, __LINE__, "%s: %f", rows[i].text, seconds);
    }
    EXPECT(field_retry_after(NULL, 0) == -1);
}

/* Every day from 1970 to 2100, compared with the system's calendar. */
static void dates(void)
{
    char text[64];

    for (time_t day = 0; day < (time_t)131 * 366 * 86400; day += 86400 + 61) {
        struct span value = { text, 0 };

        value.n = strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&day));
        if (http_date_parse(&value, 0, -1) != (int64_t)day) {
            check_fail(__FILE__, __LINE__, "%s", text);
            break;
        }
    }
}

static void charsets(void)
{
    static const char *const rows[][2] = {
        { "text/html; charset=utf-8", "utf-8" },
        { "text/html;\tCharSet=\"a\\\"b\" x;charset=c", "a\"b" },
        { "text/html;charset=;charset=b", "b" },
        { "text/html;charset;charset=b", "b" },
        { "text/html; charset =a; charset=b", "b" },
        { "text/html;charset=\x1b; charset=b", "b" },
        { "text/html;x=\";charset=a\";charset=b", "b" },
        { "text/html;charset=\"\"", "" },
        { "text/html;charset=0123456789012345678", "0123456789012345678" },
        { "text/html;charset=01234567890123456789", NULL },
        { "text/html;charset=\"01234567890123456789\"", NULL },
        { "text/html;charset=", NULL },
        { "text/html;", NULL },
        { "texthtml;charset=a", NULL },
        { "", NULL },
    };
    char to[20];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span value = span(rows[i][0]);
        bool found = field_charset(to, sizeof to, &value);

        EXPECT_INT(found, rows[i][1] != NULL);
        EXPECT_STR(to, found ? rows[i][1] : "");
    }
    EXPECT(!field_charset(to, sizeof to, NULL));
}

CHECK_MAIN({ "media types", media_types }, { "charsets", charsets },
           { "Retry-After", retry_after }, { "each day until 2100", dates })
