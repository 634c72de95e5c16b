/* tls_words.c - from what OpenSSL prints to one of our errors. Numbers and reasons are read
 * where nothing of the server's can stand. */
#include "tls_words.h"

#include <stdlib.h>
#include <string.h>

#include "errors.h"

/* The number behind `word`, when the line begins with it; else -1. */
static long number_behind(const char *line, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(line, word, n) != 0 || line[n] < '0' || line[n] > '9')
        return -1;
    return strtol(line + n, NULL, 10);
}

/* The X509_V_ERR_ numbers, which do not change. */
static int verify_error(long number)
{
    switch (number) {
    case 9:  /* not yet valid */
    case 10: /* has expired */
        return AIO_TLS_EXPIRED;
    case 2:  /* unable to get issuer certificate */
    case 18: /* self-signed certificate */
    case 19: /* self-signed certificate in chain */
    case 20: /* unable to get local issuer certificate */
    case 21: /* unable to verify the first certificate */
        return AIO_TLS_UNKNOWN_CA;
    case 62: /* hostname mismatch */
    case 64: /* IP address mismatch */
        return AIO_TLS_WRONG_HOST;
    default:
        return AIO_TLS_CERTIFICATE;
    }
}

/* A line of OpenSSL's error queue: "HEX:error:HEX:library:function:reason:...". Others may
 * quote the certificate, and are not searched. */
static int queued_error(const char *line)
{
    static const struct {
        const char *reason;
        int error;
    } reasons[] = {
        { ":wrong version number:", AIO_TLS_NONE },
        { ":packet length too long:", AIO_TLS_NONE },
        { ":unexpected eof while reading:", AIO_TLS_CLOSED },
        { ":no certificate or crl found:", AIO_TLS_UNKNOWN_CA }, /* in our own file */
        { ":SSL alert number ", AIO_TLS_REFUSED },
    };
    const char *rest = line + strspn(line, "0123456789ABCDEFabcdef");

    if (rest == line || strncmp(rest, ":error:", 7) != 0)
        return 0;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strstr(rest, reasons[i].reason) != NULL)
            return reasons[i].error;
    return 0;
}

int tls_meaning(const char *line)
{
    long number = number_behind(line, "verify error:num=");

    if (number >= 0)
        return verify_error(number);
    number = number_behind(line, "connect:errno=");
    if (number >= 0)
        return number > 0 && number < AIO_BASE ? (int)number : AIO_TLS_HANDSHAKE;
    if (number_behind(line, "write:errno=") >= 0)
        return AIO_TLS_CLOSED; /* within the handshake */
    return queued_error(line);
}
