/* tls_words.h - what a line on the stderr of `openssl s_client` tells. Next: tls_words.c. */
#ifndef TLS_WORDS_H
#define TLS_WORDS_H

/* The error that the line, without its end, tells of: an AIO_TLS_ code, the errno value of
 * a connect(), or 0. */
int tls_meaning(const char *line);

#endif
