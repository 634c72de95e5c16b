"""real-site.py: the comparison behind real-site.sh.

    real-site.py NAME ROOT RUN LIST

NAME is the site's, ROOT the folder that was served, RUN the folder with ours.log and
wget2.log (access logs, one JSON object a line), ours.cost and wget2.cost ("seconds KiB
exit-status") and ours/pages.jsonl. LIST is written: each finding, separated by tabs.
Exit status 0 when nothing was missed, fetched twice or left unexplained, else 1.

A page is a URL that was answered 200 with text/html. Both sets come from the server, not
from what the crawlers say. A page that only one crawler has is looked up in the pages of
both: who links it, by which tag. Python's HTML parser takes the links, a third opinion.
"""
import collections
import html.parser
import json
import os
import re
import sys
import urllib.parse
import urllib.robotparser

ORIGIN = "http://site"      # for scheme, host and port: the crawls differ in the port
START = "/index.html"
SHOWN = 10                  # differences printed for each kind; LIST has them all
ANCHORS = {("a", "href"), ("area", "href")}
ATTRIBUTE = re.compile(r"""[\s"'](?:href|src|srcset|data|action|content|cite|poster)
                            \s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.I | re.X)


def canonical(url):
    """The path and query of a URL, its escapes written in one way."""
    path, mark, query = re.sub("^[a-z]+://[^/?#]*", "", url).split("#")[0].partition("?")
    parts = [urllib.parse.unquote_to_bytes(part) for part in (path or "/", query)]
    return mark.join(urllib.parse.quote(part, safe="/!$&'()*+,;=:@") for part in parts)


def last_segment(url):
    """What a link to this URL ends with, however it is written; "" for a folder."""
    path = re.split("[?#]", html.unescape(url))[0]
    name = urllib.parse.unquote(path).rsplit("/", 1)[-1].strip()
    return "" if name in (".", "..") else name


def json_lines(path):
    """The objects of a JSON Lines file; a crawl that failed may have left none."""
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                yield json.loads(line)


class Log:
    """One crawler's access log."""
    def __init__(self, path):
        self.requests = 0
        self.fetched = collections.Counter()    # URL as asked for -> times answered 200
        self.pages = set()                      # canonical URLs of those that are HTML
        self.status = {}                        # canonical URL -> last status
        self.redirected_from = {}               # target -> URL
        for row in json_lines(path):
            url = canonical(row["uri"])
            self.requests += 1
            self.status[url] = row["status"]
            if row["status"] == 200 and row["method"] == "GET":
                self.fetched[row["uri"]] += 1
                if row["type"].startswith("text/html"):
                    self.pages.add(url)
            if row["location"]:
                self.redirected_from[canonical(row["location"])] = url


def report_faults(ours, rows):
    """Where pages.jsonl and the server's log disagree: (URL, what is wrong)."""
    lines = collections.Counter(row["url"] for row in rows)
    targets = {canonical(row["redirect"]) for row in rows if row.get("redirect")}
    for url in sorted(ours.pages - {canonical(url) for url in lines} - targets):
        yield url, "fetched with status 200, but not in pages.jsonl"
    for row in rows:
        url = canonical(row["url"])
        if row["status"] == 200 and url not in ours.status and not row.get("redirect"):
            yield url, "status 200 in pages.jsonl, but not in the server's log"
    for url, times in lines.items():
        if times > 1:
            yield url, "%d lines in pages.jsonl" % times


class Links(html.parser.HTMLParser):
    """Collects (tag, attribute, value) of whatever may name a URL, and the base."""
    def __init__(self, text):
        super().__init__()
        self.base = None
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        fields = {name: value or "" for name, value in attrs}
        self.found += [(tag, name, value) for name, value in fields.items()]
        if tag == "base" and self.base is None:
            self.base = fields.get("href")
        if tag == "meta" and fields.get("http-equiv", "").lower() == "refresh":
            target = fields.get("content", "").partition("=")[2]
            self.found.append((tag, "refresh", target.strip(" '\"")))


class Site:
    """The served folder."""
    def __init__(self, root):
        self.root = root
        self.robots = urllib.robotparser.RobotFileParser()
        self.robots.parse(self.read("/robots.txt").splitlines())

    def read(self, url):
        path = self.root + urllib.parse.unquote(url.split("?")[0])
        path += "index.html" if path.endswith("/") else ""
        if not os.path.isfile(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def forbids(self, url):
        return not self.robots.can_fetch("crawl", ORIGIN + url)

    def links(self, page, text):
        """Yields (URL, (tag, attribute)) for each link of a page into the site."""
        parsed = Links(text)
        base = urllib.parse.urljoin(ORIGIN + page, parsed.base or "")
        for tag, name, value in parsed.found:
            try:
                url = urllib.parse.urljoin(base, re.sub("[\t\r\n]", "", value).strip())
                inside = url.split("#")[0].startswith(ORIGIN + "/")
            except ValueError:
                continue
            if inside:
                yield canonical(url), (tag, name)

    def links_to(self, wanted, pages):
        """Looks the wanted URLs up in the pages: URL -> [(page, (tag, attribute))].

        Parsing is slow: only a page with a link that ends like a wanted URL is parsed.
        """
        names = {last_segment(url) for url in wanted}
        found = collections.defaultdict(list)
        for page in sorted(pages) if wanted else ():
            text = self.read(page)
            values = {value.strip("\"'") for value in ATTRIBUTE.findall(text)}
            if names.isdisjoint(map(last_segment, values)):
                continue
            for url, how in self.links(page, text):
                if url in wanted and url != page:
                    found[url].append((page, how))
        return found


class Comparison:
    """The pages of two crawls of one site, and a reason for each that only one has."""
    def __init__(self, site, ours, theirs, rows):
        self.site, self.ours, self.theirs, self.rows = site, ours, theirs, rows
        self.missing = theirs.pages - ours.pages
        self.extra = ours.pages - theirs.pages
        self.redirected_from = {**theirs.redirected_from, **ours.redirected_from}
        wanted = self.missing | self.extra
        wanted |= {self.redirected_from.get(url, url) for url in wanted}
        self.linked = site.links_to(wanted, ours.pages | theirs.pages)
        self.reached = self.reach()
        self.said = {canonical(row["url"]): row["status"] for row in rows}

    def sources(self, url):
        """Links to the URL or to what redirects to it: (all, pages with an anchor)."""
        found = self.linked[url] + self.linked[self.redirected_from.get(url)]
        return found, [page for page, how in found if how in ANCHORS]

    def reach(self):
        """The pages that anchors lead to: ours, and those behind pages that we missed."""
        reached, size = self.ours.pages | {START}, 0
        while len(reached) > size:
            size = len(reached)
            reached |= {url for url in self.missing - reached
                        if reached.intersection(self.sources(url)[1])}
        return reached

    def judge(self, url):
        """A page that only one has: (kind, reason)."""
        sources, anchors = self.sources(url)
        ours = url in self.extra
        if self.site.forbids(url):
            return "unexplained" if ours else "explained", "robots.txt forbids it"
        if not ours and url in self.reached:
            return "missed", "<a href> in %s; pages.jsonl: %s" % (
                ", ".join(anchors[:1]), self.said.get(url, "no line"))
        if anchors and ours:
            status = self.theirs.status.get(url, "not requested")
            return "explained", "<a href> in %s; wget2: %s" % (anchors[0], status)
        if anchors:
            return "explained", "<a href> in %s, which no <a href> reaches" % anchors[0]
        if sources:
            page, (tag, name) = sources[0]
            return "explained", "only <%s %s> in %s" % (tag, name, page)
        return "unexplained", "no page links it"

    def findings(self):
        """Yields (kind, URL, reason) for everything that is not as it should be."""
        for url in sorted(self.missing | self.extra):
            kind, why = self.judge(url)
            yield kind, url, "only %s: " % ("us" if url in self.extra else "wget2") + why
        for url, times in sorted(self.ours.fetched.items()):
            if times > 1:
                yield "twice", url, "answered 200 %d times" % times
        for url, why in report_faults(self.ours, self.rows):
            yield "unexplained", url, why


def print_figures(run, logs):
    """Prints a line for each crawler; yields a finding for a crawl that failed."""
    print("         pages  requests  seconds  peak MiB   exit")
    for name, log in logs.items():
        with open(os.path.join(run, name + ".cost"), encoding="ascii") as file:
            seconds, kib, status = file.read().split()
        print("%-6s %7d %9d %8s %9.1f %6s" % (name, len(log.pages), log.requests, seconds,
                                              int(kib) / 1024, status))
        if status not in ("0", "8") or not log.pages:     # 8: a page was 404
            yield "unexplained", name, "the crawl failed, exit status " + status


def print_findings(findings, path):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines("\t".join(finding) + "\n" for finding in findings)
    for kind in ("missed", "twice", "unexplained", "explained"):
        of_kind = [finding for finding in findings if finding[0] == kind]
        for _, url, why in of_kind[:SHOWN]:
            print("  %s: %s: %s" % (kind, url, why))
        if len(of_kind) > SHOWN:
            print("  %s: %d more, see %s" % (kind, len(of_kind) - SHOWN, path))


def main(name, root, run, path):
    logs = {who: Log(os.path.join(run, who + ".log")) for who in ("ours", "wget2")}
    rows = list(json_lines(os.path.join(run, "ours", "pages.jsonl")))
    findings = list(print_figures(run, logs))
    findings += Comparison(Site(root), logs["ours"], logs["wget2"], rows).findings()
    print_findings(findings, path)
    count = collections.Counter(kind for kind, _, _ in findings)
    print("%s: %d pages, %d missed, %d twice, %d differences explained, %d unexplained"
          % (name, len(logs["ours"].pages), count["missed"], count["twice"],
             count["explained"], count["unexplained"]))
    return 1 if count["missed"] or count["twice"] or count["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 5 else __doc__)
