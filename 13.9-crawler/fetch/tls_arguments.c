/* tls_arguments.c - where openssl is, and what it is told. */
#include "tls_arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int tls_find(struct tls_settings *settings)
{
    const char *path = getenv("PATH");

    while (path != NULL && *path != '\0') {
        int n = (int)strcspn(path, ":"), room = TLS_PROGRAM_MAX;

        if (*path == '/' && n < room - 16) {
            snprintf(settings->program, (size_t)room, "%.*s/openssl", n, path);
            if (access(settings->program, X_OK) == 0)
                return 0;
        }
        path += n + (path[n] == ':');
    }
    settings->program[0] = '\0';
    return AIO_TLS_MISSING;
}

/* The name as a certificate has it, without the root's dot (RFC 6066 3). False: it has
 * other characters than names have, or could be taken for an option, or for the suffix of
 * many names, as a leading dot would. */
static bool take_name(struct tls_open *self)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-._";
    const char *host = self->addresses->host;
    size_t n = strlen(host);

    if (n > 0 && host[n - 1] == '.')
        n--;
    memcpy(self->name, host, n);
    self->name[n] = '\0';
    return n > 0 && strspn(self->name, allowed) == n && self->name[0] != '-' &&
           self->name[0] != '.';
}

/* argv is not const for POSIX's sake; nobody writes there. */
static void add(struct tls_open *self, const char *option, const char *value)
{
    self->argv[self->argc++] = (char *)option;
    if (value != NULL)
        self->argv[self->argc++] = (char *)value;
    self->argv[self->argc] = NULL;
}

/* No letter of a request is a command, no error is overlooked, and when our end closes,
 * even because we were killed, the child ends. */
static void build_arguments(struct tls_open *self, bool literal)
{
    self->argc = 0;
    add(self, self->tls->settings->program, "s_client");
    add(self, "-brief", "-nocommands");
    add(self, "-no_ign_eof", "-verify_return_error");
    add(self, "-connect", self->connect);
    if (literal) {
        add(self, "-noservername", NULL);
        add(self, "-verify_ip", self->addresses->host);
    } else {
        add(self, "-servername", self->name);
        add(self, "-verify_hostname", self->name);
    }
    if (self->tls->settings->ca_file != NULL) {
        add(self, "-CAfile", self->tls->settings->ca_file);
        add(self, "-no-CApath", "-no-CAstore"); /* and nobody else */
    }
}

int tls_arguments(struct tls_open *self)
{
    struct address literal;
    bool is_literal = address_from_text(&literal, self->addresses->host, 0);

    if (self->tls->settings->program[0] == '\0')
        return AIO_TLS_MISSING;
    if (!is_literal && !take_name(self))
        return AIO_TLS_NAME;
    address_text(&self->addresses->address[self->i], self->connect);
    build_arguments(self, is_literal);
    return 0;
}
