/*
 * url.c - checks of the URL parser that need no vectors: each byte in each part, limits,
 * hostile input, queries of a parsed URL. Prints TAP.
 */
#include "url_soundness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int parse(struct url *u, const char *text, const struct url *base)
{
    return url_at_wall(u, text, strlen(text), base);
}

static int is(struct span s, const char *text)
{
    return s.n == strlen(text) && memcmp(s.at, text, s.n) == 0;
}

/* The sets of WHATWG URL 1.3 as it lists them; C0, 0x7f and above are in each. */
static const struct part {
    const char *name, *before, *behind, *encoded, *special;
} parts[] = {
    { "user name", "http://u", "u@h/", " \"#<>?`{}/:;=@[\\]^|", "/\\?#:@" },
    { "path", "http://h/p", "p", " \"#<>?`{}", "/\\?#" },
    { "query", "http://h/?q", "q", " \"#<>'", "#" },
    { "fragment", "http://h/#f", "f", " \"<>`", "" },
};

static void byte_in_part(const struct part *part, unsigned c)
{
    char text[64], expected[64], written[16] = { (char)c };
    struct url u;
    int n, err, special = c > 0 && c < 0x80 && strchr(part->special, (int)c) != NULL;

    if (c == '\t' || c == '\n' || c == '\r')
        written[0] = '\0';
    else if (c >= 0x80)
        strcpy(written, "%EF%BF%BD");
    else if (c < 0x20 || c == 0x7f || strchr(part->encoded, (int)c) != NULL)
        snprintf(written, sizeof written, "%%%02X", c);
    n = snprintf(text, sizeof text, "%s*%s", part->before, part->behind);
    *strchr(text, '*') = (char)c;
    snprintf(expected, sizeof expected, "%s%s%s", part->before, written, part->behind);
    err = url_at_wall(&u, text, (size_t)n, NULL);
    url_check(special || (err == 0 && strcmp(u.text, expected) == 0), part->name, text,
              expected, err == 0 ? u.text : "error");
}

static void each_byte_in_each_part(void)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (unsigned c = 0; c < 256; c++)
            byte_in_part(&parts[i], c);
    url_finish("each byte in each part");
}

static void expect(const char *text, size_t n, const char *expected)
{
    struct url u;
    int err = url_at_wall(&u, text, n, NULL);

    if (expected[0] == '\0')
        url_check(err == EINVAL, "refuse", text, "EINVAL", "");
    else
        url_check(err == 0 && strcmp(u.text, expected) == 0, "parse", text, expected,
                  err == 0 ? u.text : "error");
}

/* Bytes that end the host are checked elsewhere; their escapes are forbidden. */
static void byte_in_host(unsigned c)
{
    char plain[] = "http://a?b/", escaped[32], expected[32] = "";
    int dropped = c == '\t' || c == '\n' || c == '\r';
    int ends_it = c > 0 && c < 0x80 && strchr("/\\?#:@", (int)c) != NULL;

    if (c > ' ' && c < 0x7f && strchr("#/:<>?@[\\]^|%", (int)c) == NULL)
        snprintf(expected, sizeof expected, "http://a%cb/",
                 c >= 'A' && c <= 'Z' ? (int)c + 32 : (int)c);
    plain[8] = (char)c;
    if (!ends_it)
        expect(plain, strlen("http://a?b/"), dropped ? "http://ab/" : expected);
    snprintf(escaped, sizeof escaped, "http://a%%%02xb/", c);
    expect(escaped, strlen(escaped), expected);
}

static void each_byte_in_a_host(void)
{
    for (unsigned c = 0; c < 256; c++)
        byte_in_host(c);
    url_finish("each byte in a host, plain and escaped");
}

/* Input, expected text; "" means EINVAL. */
static const char *const cases[][2] = {
    { "http://h/\xc3\xa9\xf0\x9f\x98\x80", "http://h/%C3%A9%F0%9F%98%80" },
    { "http://h/\xc3", "http://h/%EF%BF%BD" },
    { "http://h/\xc3\t\xa9", "http://h/%EF%BF%BD%EF%BF%BD" },
    { "http://h/\xe2\x82z", "http://h/%EF%BF%BDz" },
    { "http://h/\xf0\x9f\x98", "http://h/%EF%BF%BD" },
    { "http://h/\xed\xa0\x80", "http://h/%EF%BF%BD%EF%BF%BD%EF%BF%BD" },
    { "http://h/\xe0\x9f\x80", "http://h/%EF%BF%BD%EF%BF%BD%EF%BF%BD" },
    { "http://h/\xf0\x8f\x80\x80", "http://h/%EF%BF%BD%EF%BF%BD%EF%BF%BD%EF%BF%BD" },
    { "http://h/\xf4\x90\xc0\xff", "http://h/%EF%BF%BD%EF%BF%BD%EF%BF%BD%EF%BF%BD" },
    { "http://h/\xef\xbf\xbf", "http://h/%EF%BF%BF" },
    { "http://h:65535/", "http://h:65535/" },
    { "http://h:65536/", "" },
    { "http://h:0/", "http://h:0/" },
    { "http://h:000/", "http://h:0/" },
    { "http://h:00000000000000000443/", "http://h:443/" },
    { "https://h:0443", "https://h/" },
    { "http://h:8 0/", "" },
    { "http://h:+80/", "" },
    { "http://h:\t", "http://h/" },
    { "http://:80/", "" },
    { "http://", "" },
    { "", "" },
    { "a", "" },
    { "http:\\\\\\\\h\\a", "http://h/a" },
    { "hTTpS:h", "https://h/" },
    { "http://h/a/%2E%2e/b/.%2e", "http://h/" },
    { "http://h/.../%2e%2e%2e", "http://h/.../%2e%2e%2e" },
    { "http://h/a/..\t/b", "http://h/b" },
    { "http://h//..//../..", "http://h/" },
    { "http://a:b:c@h/", "http://a:b%3Ac@h/" },
    { "http://\t:@h/", "http://h/" },
    { "http://[1:2:3:4:5:6:7::]/", "http://[1:2:3:4:5:6:7:0]/" },
    { "http://[::2:3:4:5:6:7:8]/", "http://[0:2:3:4:5:6:7:8]/" },
    { "http://[1:0:0:4:0:0:0:8]/", "http://[1:0:0:4::8]/" },
    { "http://[1:0:0:4:5:0:0:8]/", "http://[1::4:5:0:0:8]/" },
    { "http://[0:0:0:0:0:0:0:0]/", "http://[::]/" },
    { "http://[FFFF::00aB]/", "http://[ffff::ab]/" },
    { "http://[1:2:3:4:5:6:1.2.3.4]/", "http://[1:2:3:4:5:6:102:304]/" },
    { "http://[::1.2.3.255]/", "http://[::102:3ff]/" },
    { "http://[::1.2.3.256]/", "" },
    { "http://[1::2::3]/", "" },
    { "http://[:::]/", "" },
    { "http://[::1:]/", "" },
    { "http://[:1::]/", "" },
    { "http://[1:2:3:4:5:6:7]/", "" },
    { "http://[]/", "" },
    { "http://[1:2:3:4:5:6:7:8:9]/", "" },
    { "http://[1:2:3:4::5:6:7:8]/", "" },
    { "http://[1:2:3:4:5:6:7:1.2.3.4]/", "" },
    { "http://[12345::]/", "" },
    { "http://[::g]/", "" },
    { "http://[::1.2.3]/", "" },
    { "http://[::1.2.3.4.5]/", "" },
    { "http://[::01.2.3.4]/", "" },
    { "http://[::1%25eth0]/", "" },
    { "http://[::1", "" },
    { "http://[", "" },
    { "http://[::1]a/", "" },
    { "http://0xFFFFFFFF/", "http://255.255.255.255/" },
    { "http://0x100000000/", "" },
    { "http://1.65536/", "http://1.1.0.0/" },
    { "http://1.16777216/", "" },
    { "http://1.2.65535/", "http://1.2.255.255/" },
    { "http://1.2.65536/", "" },
    { "http://1.2.3.4../", "http://1.2.3.4../" },
    { "http://./", "http://./" },
    { "http://a.0x/", "" },
    { "http://a.0xg/", "http://a.0xg/" },
    { "http://a%4", "" },
    { "http://1.2.3.4.0/", "" },
    { "http://0x/", "http://0.0.0.0/" },
};

static const char *const schemes[] = {
    "h:",      "htt://h/", "ttps://h/", "httpss://h/",
    "http+a:", "h2:/",     "FTP://h/",  "localhost:80"
};

static void some_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(cases[i][0], strlen(cases[i][0]), cases[i][1]);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct url u;

        url_check(parse(&u, schemes[i], NULL) == EPROTONOSUPPORT, "scheme", schemes[i],
                  "EPROTONOSUPPORT", "");
    }
    url_finish("UTF-8, schemes, ports, paths, addresses");
}

static void answers(void)
{
    struct url u, v;

    parse(&u, "https://me:pw@[2001:DB8::1]:8443/a/b?c#d", NULL);
    url_check(url_is_https(&u) && url_has_userinfo(&u) && u.port == 8443, "u", u.text, "",
              "");
    url_check(is(url_host_name(&u), "2001:db8::1"), "name", u.text, "2001:db8::1", "");
    url_check(is(url_host_field(&u), "[2001:db8::1]:8443"), "field", u.text, "", "");
    url_check(is(url_target(&u), "/a/b?c"), "target", u.text, "/a/b?c", "");
    url_check(is(url_page(&u), "https://me:pw@[2001:db8::1]:8443/a/b?c"), "page", u.text,
              "", "");
    parse(&v, "x", &u);
    url_check(url_same_origin(&u, &v) && url_has_userinfo(&v), "kept", v.text, "", "");
    parse(&v, "//h", &u);
    url_check(!url_same_origin(&u, &v) && !url_has_userinfo(&v), "left", v.text, "", "");
    url_check(is(url_host_name(&v), "h") && v.port == 443, "host", v.text, "h, 443", "");
    parse(&u, "http://h:443/", NULL);
    url_check(!url_same_origin(&u, &v) && !url_is_https(&u), "scheme", u.text, "", "");
    parse(&v, "http://me@H:0443/?x", NULL);
    url_check(url_same_origin(&u, &v), "origin", v.text, "same", "");
    parse(&v, "http://h/", NULL);
    url_check(!url_same_origin(&u, &v) && v.port == 80, "port", v.text, "80", "");
    parse(&u, "https://h/", NULL);
    url_check(!url_same_origin(&u, &v), "scheme", v.text, "another", "");
    url_finish("answers about a parsed URL");
}

int main(void)
{
    url_wall();
    each_byte_in_each_part();
    each_byte_in_a_host();
    some_cases();
    answers();
    return url_exit();
}
