/* endpoints.h - the hosts that a connector knows. Next: endpoints.c. */
#ifndef ENDPOINTS_H
#define ENDPOINTS_H

#include "connector.h"

void endpoints_init(struct connector *connector);

/* Forget all, whoever uses them. */
void endpoints_free(struct connector *connector);

/* The entry of the host of `url`, which is made when there is none. 0; AIO_NAME when the
 * host's name is too long for one; ENOMEM. */
int endpoint_find(struct connector *connector, const struct url *url,
                  struct endpoint **endpoint);

/* One user more, or less. An entry that nobody uses is forgotten when CONNECTOR_UNUSED_MAX
 * others were used after it. */
void endpoint_hold(struct connector *connector, struct endpoint *endpoint);
void endpoint_release(struct connector *connector, struct endpoint *endpoint);

#endif
