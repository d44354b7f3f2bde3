/* webhook.h - delivers events of jobs and batches to the operator's addresses.
 *
 * The database writes the events (sql/install, webhooks); any worker with the same address takes
 * those that are due, sends them, and records the result. Requests are signed as in
 * https://www.standardwebhooks.com: the header webhook-signature is "v1," and the base64 of the
 * HMAC-SHA256 of "id.timestamp.body". A receiver may get an event more than once, with the same
 * webhook-id. A delivery that fails is repeated with growing delays, for a day. */
#ifndef TELEMETRY_WEBHOOK_H
#define TELEMETRY_WEBHOOK_H
#include "base/secret.h"
#include "io/loop.h"
#include "io/perform.h"

enum { MAX_WEBHOOKS = 8 };

struct webhook_config {
    const char *urls; /* separated by white space; borrowed */
    const struct secret *secret;
    bool with_cost; /* the receiver is told what the calls to models cost */
};

/* Returns true if the addresses can be used. Fails with ERROR_CONFIG if one is invalid, if there
 * are too many, or if the secret is missing or too short. */
bool webhook_config_check(const struct webhook_config *config, struct error *err) MUST_CHECK;

struct webhooks;
/* Starts to deliver; the config has passed webhook_config_check. */
struct webhooks *webhooks_start(struct loop *loop, struct performer *performer,
                                const struct webhook_config *config);
/* A job has ended: there may be an event. NULL is harmless. */
void webhooks_wake(struct webhooks *webhooks);
/* Delivers what is due, for at most limit_ms, and frees. NULL is harmless. */
void webhooks_stop(struct webhooks *webhooks, uint32_t limit_ms);
#endif
