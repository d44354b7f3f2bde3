/* webhook_target.c - reads the addresses of webhooks. */
#include "telemetry/webhook_target.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "io/hmac.h"
#include "io/http/http_address.h"

/* Calls `use` for each address in the text. */
static bool for_each_url(const char *urls,
                         bool (*use)(const char *url, void *context, struct error *err),
                         void *context, struct error *err)
{
    static const char separators[] = " \t\r\n";
    char *copy = xstrdup(urls ? urls : ""), *saved = NULL;
    bool good = true;

    for (char *url = strtok_r(copy, separators, &saved); good && url;
         url = strtok_r(NULL, separators, &saved)) {
        good = use(url, context, err);
    }
    free(copy);
    return good;
}

static bool check_url(const char *url, void *context, struct error *err)
{
    int *count = context;
    char *read;
    struct error why;

    if (++*count > MAX_WEBHOOKS) {
        return error_set(err, ERROR_CONFIG, "more than %d webhooks", MAX_WEBHOOKS);
    }
    if (!http_address_read(url, &read, &why)) { /* not shown: it may contain a token */
        error_set(err, ERROR_CONFIG, "the address of webhook %d %s", *count, why.text);
        return error_hint(err, "%s", why.hint);
    }
    free(read);
    return true;
}

bool webhook_config_check(const struct webhook_config *config, struct error *err)
{
    char signature[HMAC_TEXT];
    struct error why;
    int count = 0;

    if (!for_each_url(config->urls, check_url, &count, err)) {
        return false;
    }
    if (!secret_is_set(config->secret)) {
        error_set(err, ERROR_CONFIG, "webhooks need a secret that signs them");
        return error_hint(err, "Set DARKROOM_WEBHOOK_SECRET, for example to the output of: "
                               "echo whsec_$(openssl rand -base64 32)");
    }
    if (!hmac_sign(config->secret, "", 0, signature, &why)) {
        error_set(err, ERROR_CONFIG, "DARKROOM_WEBHOOK_SECRET cannot be used: %s", why.text);
        return error_hint(err, "Set it to the output of: echo whsec_$(openssl rand -base64 32)");
    }
    return true;
}

/* Writes "https://host:port". */
static void show_origin(const char *url, char *out, size_t size)
{
    const char *authority = strstr(url, "://") + 3;
    size_t length = strcspn(authority, "/?#");
    const char *at = memrchr(authority, '@', length);
    const char *host = at ? at + 1 : authority;

    snprintf(out, size, "%.*s%.*s", (int)(authority - url), url,
             (int)(length - (size_t)(host - authority)), host);
}

struct target_list {
    struct webhook_target *targets;
    int count;
};

static bool add_target(const char *url, void *context, struct error *err)
{
    struct target_list *list = context;
    struct webhook_target *target = &list->targets[list->count];
    const char *authority = strstr(url, "://") + 3;
    char digest[DIGEST_TEXT];

    if (list->count == MAX_WEBHOOKS) {
        return error_set(err, ERROR_CONFIG, "too many webhooks");
    }
    list->count++;
    *target = (struct webhook_target){ .url = xstrdup(url) };
    digest_hex(url, strlen(url), digest);
    snprintf(target->id, sizeof target->id, "%.16s", digest);
    show_origin(url, target->shown, sizeof target->shown);
    target->token = secret_new(authority + strcspn(authority, "/?"));
    return true;
}

int webhook_targets_open(const char *urls, struct webhook_target out[MAX_WEBHOOKS])
{
    struct target_list list = { .targets = out };
    struct error ignored;

    (void)!for_each_url(urls, add_target, &list, &ignored);
    return list.count;
}

void webhook_targets_close(struct webhook_target *targets, int count)
{
    for (int i = 0; i < count; i++) {
        explicit_bzero(targets[i].url, strlen(targets[i].url));
        free(targets[i].url);
        secret_free(targets[i].token);
    }
}

char *webhook_targets_json(const struct webhook_target *targets, int count)
{
    cJSON *list = cJSON_CreateArray();
    char *text;

    for (int i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddStringToObject(row, "id", targets[i].id);
        cJSON_AddStringToObject(row, "shown", targets[i].shown);
        cJSON_AddItemToArray(list, row);
    }
    text = cJSON_PrintUnformatted(list);
    cJSON_Delete(list);
    return text;
}
