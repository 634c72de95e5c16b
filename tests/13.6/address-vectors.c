/*
 * address-vectors.c - rows of vectors for address.h: what a host in a URL is, and whether
 * an untrusted link may lead there. Prints TAP. Next: connecting.c.
 */
#include "address.h"
#include "url.h"
#include "vectors.h"

/* The address of the host, which has to be numeric after parsing. */
static bool address_of(struct address *address, char *canonical, const char *host)
{
    char text[512];
    struct url url;
    struct span name;

    snprintf(text, sizeof text, "http://%s/", host);
    if (url_parse(&url, text, strlen(text), NULL) != 0)
        return false;
    name = url_host_field(&url);
    snprintf(canonical, 256, "%.*s", (int)name.n, name.at);
    name = url_host_name(&url);
    snprintf(text, sizeof text, "%.*s", (int)name.n, name.at);
    return address_from_text(address, text, 80);
}

static enum judged judge(struct tsv *row)
{
    char canonical[256] = "no URL", want[512], got[512];
    struct address address;
    const char *why = NULL;
    bool known = address_of(&address, canonical, row->at[0]);

    if (known)
        why = address_special(&address);
    snprintf(want, sizeof want, "%s %s", row->at[1], row->at[2]);
    snprintf(got, sizeof got, "%s %s", canonical,
             !known        ? "no address"
             : why != NULL ? "block"
                           : "allow");
    return judged(strcmp(want, got) == 0, row->at[0], want, got);
}

int main(int argc, char **argv)
{
    static const struct vector_file files[] = { { "ssrf-addresses", judge, "" } };

    return vectors_main(argc, argv, files, 1);
}
