/*
 * sample_pages.c - a table: every kind of page, link and redirect that a crawler meets.
 *
 * robots.txt forbids the pages below /private/. The targets below /trap/ appear only in
 * places that are not links. A correct crawl asks for neither. Next: sample_site.c.
 */
#include "sample_pages.h"

/* clang-format off */
#define LINK(href) "<li><a href=\"" href "\">" href "</a></li>\n"
#define PAGE(title, body) "<!DOCTYPE html>\n<title>" title "</title>\n" body "\n"

static const char home[] = PAGE("Sample site", "<h1>Sample site</h1>\n<ul>\n"
    LINK("/p/0.html") LINK("/odd/") LINK("/not-links.html") LINK("/dir/page.html")
    LINK("/base/page.html") LINK("/query?page=1") LINK("/slow/1.html")
    LINK("/redirects.html") LINK("/errors.html") LINK("/bodies.html")
    LINK("/private/") LINK("/private/secret.html") LINK("/")
    "</ul>\n<map><area href=\"/area.html\" alt=\"area\"></map>");

static const char odd[] = PAGE("Odd links", "<ul>\n"
    LINK("/query?a=1&amp;b=2") LINK("/query?a=1&copy=2") LINK("/space name.html")
    LINK("  /trim.html\n") LINK("/ta\tb.html") LINK("/caf&eacute;.html")
    LINK("\\back.html") LINK("/a/./b/../../dots.html") LINK("/~user.html")
    LINK("/%7euser.html") LINK("//127.0.0.1" SAMPLE_PORT "/scheme.html")
    LINK("HTTP://0X7F.1" SAMPLE_PORT "/host.html") LINK(SAMPLE_BASE "/absolute.html")
    LINK("/fragment.html#one") LINK("/fragment.html#two") LINK("#here") LINK("")
    LINK("/Case.html") LINK("/case.html") LINK("/private/../open.html")
    "<li><a href=/unquoted.html>unquoted</a>\n<li><a href='/single.html'>single</a>\n"
    "<li><A\nHREF = \"/upper.html\">upper</A>\n"
    "<li><a href=\"/first.html\" href=\"/trap/second.html\">twice</a>\n"
    LINK("mailto:someone@example.org") LINK("javascript:location='/trap/js.html'")
    LINK("data:text/html,x") LINK("ftp://127.0.0.1/trap/ftp.html")
    LINK("http://[::1/trap/malformed.html") LINK("http://localhost:1/elsewhere.html")
    "</ul>");

static const char not_links[] = PAGE("No <a href=/trap/title.html>links</a>",
    "<!-- <a href=\"/trap/comment.html\">x</a> -->\n"
    "<script>document.write('<a href=\"/trap/script.html\">x</a>')</script>\n"
    "<script><!-- <script> <a href=/trap/script2.html> </script> --></script>\n"
    "<style>/* <a href=/trap/style.html>x</a> */</style>\n"
    "<textarea><a href=/trap/textarea.html>x</a></textarea>\n"
    "<img src=\"/trap/image.png\" alt=\"<a href='/trap/alt.html'>x</a>\">\n"
    "<p title='<a href=\"/trap/attribute.html\">'>&lt;a href=/trap/text.html></p>\n"
    "<form action=\"/trap/form\"><input></form>\n" LINK("/after.html"));

static const char redirects[] = PAGE("Redirects", "<ul>\n"
    LINK("/r/301") LINK("/r/302") LINK("/r/303") LINK("/r/307") LINK("/r/308")
    LINK("/r/home") LINK("/r/private") LINK("/r/away") LINK("/chain/1")
    LINK("/loop/a") LINK("/loop/self") "</ul>");

static const char errors[] = PAGE("Errors", "<ul>\n"
    LINK("/missing/1.html") LINK("/missing/2.html?x=y") LINK("/gone.html")
    LINK("/forbidden.html") LINK("/busy.html") "</ul>");

static const char bodies[] = PAGE("Bodies", "<ul>\n"
    LINK("/large.html") LINK("/chunked.html") LINK("/until-close.html")
    LINK("/empty.html") LINK("/title.html") LINK("/notes.txt")
    LINK("/image.png") "</ul>");

static const char title[] = PAGE(
    "Tom &amp; Jerry &lt;3 \x1b[31mred\x07 &#x1F600; &nbsp;end",
    "<p>The title must reach no terminal as it is.</p>");

#define AT(path, code) .target = path, .status = code

const struct sample_page sample_pages[] = {
    { AT("/robots.txt", 200), .body = "User-agent: *\nDisallow: /private/\n",
      .type = "text/plain",
      .unlisted = true },
    { AT("/", 200), .body = home },
    { AT("/area.html", 200) },
    /* odd links */
    { AT("/odd/", 200), .body = odd },
    { AT("/query?a=1&b=2", 200) },
    { AT("/query?a=1&copy=2", 200) },
    { AT("/space%20name.html", 200) },
    { AT("/trim.html", 200) },
    { AT("/tab.html", 200) },
    { AT("/caf%C3%A9.html", 200) },
    { AT("/back.html", 200) },
    { AT("/dots.html", 200) },
    { AT("/~user.html", 200) },
    { AT("/scheme.html", 200) },
    { AT("/host.html", 200) },
    { AT("/absolute.html", 200) },
    { AT("/fragment.html", 200) },
    { AT("/Case.html", 200) },
    { AT("/case.html", 200) },
    { AT("/open.html", 200) },
    { AT("/unquoted.html", 200) },
    { AT("/single.html", 200) },
    { AT("/upper.html", 200) },
    { AT("/first.html", 200) },
    /* text that only looks like a link */
    { AT("/not-links.html", 200), .body = not_links },
    { AT("/after.html", 200) },
    /* relative links */
    { AT("/dir/page.html", 200),
      .body = LINK("sibling.html") LINK("../up.html") LINK("sub/deep.html") LINK("?q=1")
              LINK("./") },
    { AT("/dir/page.html?q=1", 200) },
    { AT("/dir/sibling.html", 200) },
    { AT("/dir/sub/deep.html", 200) },
    { AT("/dir/", 200) },
    { AT("/up.html", 200) },
    { AT("/base/page.html", 200), .body = "<base href=\"/other/\"><base href=\"/trap/\">"
      LINK("child.html") },
    { AT("/other/child.html", 200) },
    /* queries */
    { AT("/query?page=1", 200), .body = LINK("?page=2") },
    { AT("/query?page=2", 200), .body = LINK("?page=3") },
    { AT("/query?page=3", 200), .body = LINK("?page=1") },
    /* slow pages */
    { AT("/slow/1.html", 200), .body = LINK("2.html") LINK("3.html") LINK("4.html"),
      .delay = 0.05 },
    { AT("/slow/2.html", 200), .delay = 0.05 },
    { AT("/slow/3.html", 200), .delay = 0.05 },
    { AT("/slow/4.html", 200), .delay = 0.05 },
    /* redirects */
    { AT("/redirects.html", 200), .body = redirects },
    { AT("/r/301", 301), .location = SAMPLE_BASE "/r/absolute.html" },
    { AT("/r/302", 302), .location = "relative.html" },
    { AT("/r/303", 303), .location = "/r/see-other.html#part" },
    { AT("/r/307", 307), .location = "?query" },
    { AT("/r/308", 308), .location = "//127.0.0.1" SAMPLE_PORT "/r/permanent.html" },
    { AT("/r/home", 302), .location = "/" },
    { AT("/r/private", 302), .location = "/private/by-redirect.html" },
    { AT("/r/away", 302), .location = "http://localhost:1/elsewhere.html" },
    { AT("/r/absolute.html", 200) },
    { AT("/r/relative.html", 200) },
    { AT("/r/see-other.html", 200) },
    { AT("/r/307?query", 200) },
    { AT("/r/permanent.html", 200) },
    { AT("/chain/1", 301), .location = "2" },
    { AT("/chain/2", 302), .location = "/chain/3" },
    { AT("/chain/3", 307), .location = SAMPLE_BASE "/chain/end.html" },
    { AT("/chain/end.html", 200) },
    { AT("/loop/a", 302), .location = "b" },
    { AT("/loop/b", 302), .location = "a" },
    { AT("/loop/self", 301), .location = "self" },
    /* errors */
    { AT("/errors.html", 200), .body = errors },
    { AT("/missing/1.html", 404) },
    { AT("/missing/2.html?x=y", 404) },
    { AT("/gone.html", 410) },
    { AT("/forbidden.html", 403) },
    { AT("/busy.html", 200), .body = LINK("/after-busy.html"), .busy = true },
    { AT("/after-busy.html", 200) },
    /* bodies */
    { AT("/bodies.html", 200), .body = bodies },
    { AT("/large.html", 200), .body = LINK("/large-begin.html"), .fill = 300 * 1024,
      .tail = LINK("/large-end.html") },
    { AT("/large-begin.html", 200) },
    { AT("/large-end.html", 200) },
    { AT("/chunked.html", 200), .body = LINK("/chunked-begin.html"), .fill = 150 * 1024,
      .tail = LINK("/chunked-end.html"), .chunked = true },
    { AT("/chunked-begin.html", 200) },
    { AT("/chunked-end.html", 200) },
    { AT("/until-close.html", 200), .body = LINK("/close-begin.html"), .fill = 80 * 1024,
      .tail = LINK("/close-end.html"), .close = true },
    { AT("/close-begin.html", 200) },
    { AT("/close-end.html", 200) },
    { AT("/empty.html", 200), .body = "" },
    { AT("/title.html", 200), .body = title },
    { AT("/notes.txt", 200), .body = "<a href=\"/trap/plain-text.html\">no link</a>\n",
      .type = "text/plain" },
    { AT("/image.png", 200),
      .body = "\x89PNG\r\n\x1a\n<a href=\"/trap/image.html\">no link</a>",
      .type = "image/png" },
};

const size_t sample_page_count = sizeof sample_pages / sizeof *sample_pages;
