/* tls_arguments.h - what a child of tls.c is told. Next: tls_arguments.c. */
#ifndef TLS_ARGUMENTS_H
#define TLS_ARGUMENTS_H

#include "tls.h"

/* Fill self->argv for the address whose turn it is, from checked values only: a numeric
 * address, and a name that cannot be an option. 0; AIO_TLS_MISSING; AIO_TLS_NAME. */
int tls_arguments(struct tls_open *self);

#endif
