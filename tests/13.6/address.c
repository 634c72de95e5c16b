/*
 * address.c - checks of address.h: where each special block begins and ends.
 * Prints TAP. Next: address-vectors.c.
 */
#include "check.h"

#include "address.h"

/* The first and the last address of each block, and their neighbours. */
static void edges(void)
{
    char want[128];
    static const struct {
        const char *text, *why; /* NULL: public */
    } rows[] = {
        { "0.255.255.255", "this network" },
        { "1.0.0.0", NULL },
        { "9.255.255.255", NULL },
        { "10.0.0.0", "private" },
        { "11.0.0.0", NULL },
        { "100.63.255.255", NULL },
        { "100.64.0.0", "shared" },
        { "100.127.255.255", "shared" },
        { "100.128.0.0", NULL },
        { "126.255.255.255", NULL },
        { "128.0.0.0", NULL },
        { "169.253.255.255", NULL },
        { "169.254.0.0", "link-local" },
        { "169.255.0.0", NULL },
        { "172.15.255.255", NULL },
        { "172.31.255.255", "private" },
        { "192.0.0.255", "for protocols" },
        { "192.0.1.0", NULL },
        { "192.0.2.255", "documentation" },
        { "192.0.3.0", NULL },
        { "192.88.98.255", NULL },
        { "192.88.99.255", "a 6to4 relay" },
        { "192.168.0.0", "private" },
        { "192.169.0.0", NULL },
        { "198.18.0.0", "benchmarking" },
        { "198.20.0.0", NULL },
        { "198.51.101.0", NULL },
        { "203.0.113.255", "documentation" },
        { "203.0.114.0", NULL },
        { "223.255.255.255", NULL },
        { "239.255.255.255", "multicast" },
        { "255.255.255.255", "reserved" },
        { "::", "unspecified" },
        { "::1", "loopback" },
        { "::2", "reserved" },
        { "::127.0.0.1", "reserved" },
        { "::ffff:10.0.0.1", "private" },
        { "::ffff:0:10.0.0.1", "reserved" },
        { "::fffe:8.8.8.8", "reserved" },
        { "64:ff9b::169.254.169.254", "link-local" },
        { "64:ff9b:1::808:808", "local NAT64" },
        { "64:ff9b:0:1::808:808", "reserved" },
        { "100::1", "discard-only" },
        { "100:0:0:1::1", "discard-only" },
        { "1fff:ffff::", "reserved" },
        { "2000::", NULL },
        { "2001::1", "Teredo" },
        { "2001:1ff::1", "for protocols" },
        { "2001:200::1", NULL },
        { "2001:db7::1", NULL },
        { "2001:db8:ffff::1", "documentation" },
        { "2001:db9::1", NULL },
        { "2002:a00:1::1", "private" },
        { "2002:808:808::1", NULL },
        { "2003::1", NULL },
        { "3ffe:ffff::1", NULL },
        { "3fff:fff::1", "documentation" },
        { "3fff:1000::1", NULL },
        { "4000::", "reserved" },
        { "5f00::1", "segment routing" },
        { "fbff::1", "reserved" },
        { "fc00::1", "private" },
        { "fe00::1", "reserved" },
        { "fe80::1", "link-local" },
        { "fec0::1", "site-local" },
        { "feff::1", "site-local" },
        { "ff00::", "multicast" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address address;
        const char *why = "no address";

        if (address_from_text(&address, rows[i].text, 80))
            why = address_special(&address);
        trace("%s %s", rows[i].text, why != NULL ? why : "public");
        snprintf(want, sizeof want, "%s %s", rows[i].text,
                 rows[i].why != NULL ? rows[i].why : "public");
        EXPECT_TRACE(want);
    }
}

static void others(void)
{
    struct address address;

    EXPECT(address_from_path(&address, "/tmp/x"));
    EXPECT(address_special(&address) == NULL);
    address.any.sa_family = AF_UNSPEC;
    EXPECT(address_special(&address) != NULL);
}

CHECK_MAIN({ "the ends of each block, and their neighbours", edges },
           { "a Unix socket is nobody else's, an unknown family is refused", others })
