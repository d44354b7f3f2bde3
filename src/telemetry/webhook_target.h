/* webhook_target.h - the addresses to which events are delivered. */
#ifndef TELEMETRY_WEBHOOK_TARGET_H
#define TELEMETRY_WEBHOOK_TARGET_H
#include "telemetry/webhook.h"

enum { WEBHOOK_ID = 17 };

struct webhook_target {
    char *url;
    char id[WEBHOOK_ID];  /* of its row in the database: the first digits of the digest */
    char shown[128];      /* scheme and host */
    struct secret *token; /* path and query, which may contain a token: not shown; may be NULL */
    bool failing;         /* it was logged that deliveries fail */
};

/* Reads addresses that have passed webhook_config_check; returns how many. */
int webhook_targets_open(const char *urls, struct webhook_target out[MAX_WEBHOOKS]);
void webhook_targets_close(struct webhook_target *targets, int count);
/* Ids and origins as a JSON array, for the database; the caller frees it. */
char *webhook_targets_json(const struct webhook_target *targets, int count);
#endif
