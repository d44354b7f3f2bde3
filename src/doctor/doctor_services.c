/* doctor_services.c - checks of providers, models and the store. */
#include <inttypes.h>
#include <string.h>

#include "app/data_files.h"
#include "app/model_choice.h"
#include "app/provider_endpoint.h"
#include "base/clock.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "doctor/doctor_address.h"
#include "io/loop.h"
#include "io/perform.h"
#include "store/store.h"

enum { RESPONSE_BYTES = 8 << 20, TIMEOUT_MS = 20 * 1000, SOON_DAYS = 30, NAMES_BYTES = 4000 };

/* Sends a request and waits for the response. `address`: the setting of the server's address.
 * False, with the finding set, if none arrived. */
static bool send(struct doctor *doctor, struct op *op, const char *address,
                 struct doctor_finding *out)
{
    struct performer *performer;

    if (!doctor->http) {
        doctor_finding_set(out, DOCTOR_FAIL, "the HTTP client could not be started");
        return false;
    }
    op->kind = OP_HTTP;
    op->timeout_ms = TIMEOUT_MS;
    op->http.method = "GET";
    op->http.max_response_bytes = RESPONSE_BYTES;
    performer = perform_new(doctor->loop, doctor->http, NULL);
    perform_wait(performer, doctor->loop, op);
    perform_free(performer);
    if (op->error.kind != ERROR_NONE) {
        doctor_finding_from_error(out, &op->error);
        doctor_address_hint(doctor->settings, address, out);
    }
    return op->error.kind == ERROR_NONE;
}

static const char *model_setting(const struct doctor *doctor, const char *setting,
                                 const char *provider, const char *use, struct catalog *catalog,
                                 const struct model **out)
{
    const char *wanted = setting_text(doctor->settings, setting);

    struct error ignored;

    if (!model_choose(doctor->settings, catalog, provider, setting, use, out, &ignored)) {
        *out = NULL;
    }
    return wanted ? wanted : use;
}

static void check_model(const struct model *model, const char *name, struct doctor_finding *out)
{
    int64_t now = clock_wall_ms(), end, day = (int64_t)24 * 3600 * 1000;
    struct error err;

    if (!model) {
        doctor_finding_set(out, DOCTOR_FAIL, "model '%.60s' is not in the catalog", name);
        doctor_finding_hint(out, "`darkroom models` lists the catalog.");
    } else if (!catalog_is_available(model, now, &err)) {
        doctor_finding_from_error(out, &err);
    } else if (model->shutdown && out->status != DOCTOR_FAIL) {
        end = clock_parse_date(model->shutdown);
        if (end - now < SOON_DAYS * day) {
            doctor_finding_set(out, DOCTOR_WARN, "model '%s' is retired on %s, in %" PRId64 " days",
                               model->id, model->shutdown, (end - now) / day);
            doctor_finding_hint(out, "Switch to '%.60s' before that date.",
                                model->replacement ? model->replacement : "another");
        }
    }
}

/* Adds to a finding without trouble that the image model takes no photos. */
static void check_takes_photos(const struct doctor *doctor, const char *provider,
                               struct catalog *catalog, struct doctor_finding *out)
{
    const struct model *model;

    (void)model_setting(doctor, "image-model", provider, "edit", catalog, &model);
    if (out->status == DOCTOR_OK && model && !(model->tasks & TASK_EDIT)) {
        doctor_finding_set(out, DOCTOR_WARN,
                           "image model '%s' takes no photos: main images and images with text are "
                           "made from the photo alone, lifestyle images are refused",
                           model->id);
        doctor_finding_hint(out,
                            "Set --image-model to a model that takes photos: `darkroom models` "
                            "lists them.");
    }
}

static void check_models(struct doctor *doctor, struct doctor_finding *out)
{
    static const char *const uses[][2] = { { "image-model", "edit" },
                                           { "features-model", "features" },
                                           { "text-model", "aplus" } };
    const char *image = setting_text(doctor->settings, "provider");
    const char *text = setting_text(doctor->settings, "text-provider");
    struct catalog *catalog;
    struct error err;

    if (!catalog_from_settings(doctor->settings, &catalog, &err)) {
        doctor_finding_from_error(out, &err);
        return;
    }
    doctor_finding_set(out, DOCTOR_OK, "no selected model is retired within %d days", SOON_DAYS);
    for (int i = 0; i < 3 && out->status != DOCTOR_FAIL; i++) {
        const struct model *model;
        const char *name = model_setting(doctor, uses[i][0], i > 0 && text ? text : image,
                                         uses[i][1], catalog, &model);

        check_model(model, name, out);
    }
    check_takes_photos(doctor, image, catalog, out);
    catalog_free(catalog);
}

/* Returns the setting of the provider's address, or NULL. */
static const char *address_setting(const struct provider *provider)
{
    for (const struct setting *row = setting_table; row->name; row++) {
        if (row->provider == provider && row->type == SETTING_ADDRESS) {
            return row->name;
        }
    }
    return NULL;
}

/* A proxy, a login page of the network, or another server may answer instead of the provider. */
static bool is_json(const struct http_response *response)
{
    struct error ignored;
    cJSON *body = NULL;
    bool good =
        json_parse(response->body.data, response->body.size, "the response", &body, &ignored);

    cJSON_Delete(body);
    return good;
}

static void report_answer(const struct doctor *doctor, const struct provider *provider,
                          const struct model *model, const struct op *op, bool known,
                          struct doctor_finding *out)
{
    int status = op->http_response.status;

    if (known && is_json(&op->http_response)) {
        doctor_finding_set(out, DOCTOR_OK, "%s accepts the key and offers '%s'", provider->title,
                           model->id);
    } else if (known || status < 400) {
        doctor_finding_set(
            out, DOCTOR_FAIL,
            "GET %.150s gave HTTP %d, but not the answer of %s: another server, or a "
            "login page of the network, answers there",
            op->http.url, status, provider->title);
        doctor_address_hint(doctor->settings, address_setting(provider), out);
    } else if (status == 404 || status >= 500) {
        doctor_finding_set(out, DOCTOR_WARN, "GET %.150s gave HTTP %d", op->http.url, status);
        if (status == 404) {
            doctor_finding_hint(out,
                                "%s cannot be asked for '%s' there. If jobs fail too, check "
                                "its address: it usually ends with /v1.",
                                provider->title, model->id);
        } else {
            doctor_finding_hint(out,
                                "%s, or a server in front of it, has trouble: try again "
                                "later.",
                                provider->title);
        }
    } else {
        doctor_finding_set(out, DOCTOR_OK, "%s responds (HTTP %d); it cannot be queried for '%s'",
                           provider->title, status, model->id);
    }
}

/* Asks the provider whether it accepts the key and the model. */
static void ask_provider(struct doctor *doctor, const struct provider *provider,
                         const struct endpoint *at, const struct model *model,
                         struct doctor_finding *out)
{
    const char *variable = provider_key_variable(provider);
    struct model_status status;
    struct error err;
    struct op op = { 0 };

    provider->preflight(at, model, doctor->arena, &op);
    if (!send(doctor, &op, address_setting(provider), out)) {
        op_clear(&op);
        return;
    }
    if (!provider->read_preflight(at, model, &op, clock_wall_ms(), &status, &err)) {
        doctor_finding_from_error(out, &err);
        if (err.kind == ERROR_KEY && variable) {
            doctor_finding_hint(out, "Check the key, %s. GET %.150s gave HTTP %d.", variable,
                                op.http.url, op.http_response.status);
        }
    } else {
        report_answer(doctor, provider, model, &op, status.known, out);
    }
    op_clear(&op);
}

/* False if a check of keys or addresses has reported one of the provider's settings. */
static bool provider_settings_usable(const struct settings *settings,
                                     const struct provider *provider)
{
    for (const struct setting *row = setting_table; row->name; row++) {
        if (row->provider == provider &&
            (setting_error(settings, row->name) ||
             (row->type == SETTING_SECRET && setting_redirected(settings, row)))) {
            return false;
        }
    }
    return true;
}

/* One provider and the model that a worker would use. */
static void check_one_provider(struct doctor *doctor, const char *name, const char *setting,
                               const char *use, struct doctor_finding *out)
{
    const struct provider *provider = provider_find(name);
    const struct model *model = NULL;
    struct catalog *catalog = NULL;
    struct endpoint at;
    struct error err;

    if (!provider || provider->local) {
        doctor_finding_set(out, provider ? DOCTOR_OK : DOCTOR_FAIL,
                           provider ? "%s needs no key" : "no provider has the name '%s'",
                           provider ? provider->title : name);
        return;
    }
    if (!provider_settings_usable(doctor->settings, provider)) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: see keys and addresses");
        return;
    }
    provider_endpoint(doctor->settings, provider, &at);
    if (!provider_check(provider, &at, &err) ||
        !catalog_from_settings(doctor->settings, &catalog, &err)) {
        doctor_finding_from_error(out, &err);
        return;
    }
    (void)model_setting(doctor, setting, name, use, catalog, &model);
    if (!provider->preflight || !model) {
        doctor_finding_set(out, DOCTOR_OK, "%s is configured; it cannot be asked without cost",
                           provider->title);
    } else {
        ask_provider(doctor, provider, &at, model, out);
    }
    catalog_free(catalog);
}

static void check_provider(struct doctor *doctor, struct doctor_finding *out)
{
    const char *image = setting_text(doctor->settings, "provider");
    const char *text = setting_text(doctor->settings, "text-provider");

    check_one_provider(doctor, image, "image-model", "edit", out);
    if (text && strcmp(text, image) != 0 && out->status != DOCTOR_FAIL) {
        check_one_provider(doctor, text, "text-model", "aplus", out);
    }
}

/* The check that workers repeat before they buy something. */
static void check_bucket(struct doctor *doctor, const struct store *store,
                         const struct store_target *target, struct doctor_finding *out)
{
    static const char bucket[] = "generated-images";
    struct performer *performer = perform_new(doctor->loop, doctor->http, NULL);
    const char *note = NULL;
    struct op op = { 0 };
    struct error err;

    if (!store->check(target, bucket, doctor->arena, &op, &err)) {
        doctor_finding_from_error(out, &err);
    } else {
        perform_wait(performer, doctor->loop, &op);
        if (op.error.kind != ERROR_NONE) {
            doctor_finding_from_error(out, &op.error);
            doctor_address_hint(doctor->settings, "supabase-url", out);
        } else if (!store->check_done(target, bucket, &op, &note, &err)) {
            doctor_finding_from_error(out, &err);
        } else {
            doctor_finding_set(out, note ? DOCTOR_WARN : DOCTOR_OK, "%s",
                               note ? note : "bucket 'generated-images' accepts the images");
        }
    }
    op_clear(&op);
    perform_free(performer);
}

static void check_store(struct doctor *doctor, struct doctor_finding *out)
{
    const char *url = setting_text(doctor->settings, "supabase-url");
    const struct secret *key = setting_secret(doctor->settings, "supabase-key");
    const char *folder = setting_text(doctor->settings, "folder");
    const struct store *store = store_find(setting_text(doctor->settings, "store"));
    bool local = store && strcmp(store->name, "folder") == 0;
    size_t size = url ? strlen(url) : 0;
    struct store_target target = { .key = key, .folder = folder };

    while (size > 0 && url[size - 1] == '/') {
        size--;
    }
    target.base_url = arena_printf(doctor->arena, "%.*s", (int)size, url ? url : "");
    if (!store || (local && !folder)) {
        doctor_finding_set(out, DOCTOR_FAIL, "--store folder needs a folder");
        doctor_finding_hint(out, "Add --folder DIR.");
    } else if (!local && (setting_error(doctor->settings, "supabase-url") ||
                          setting_error(doctor->settings, "supabase-key") ||
                          setting_redirected(doctor->settings, setting_row("supabase-key")))) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: see keys and addresses");
    } else if (!local && (!url || !secret_is_set(key))) {
        doctor_finding_set(out, DOCTOR_FAIL, "%s is not set",
                           url ? "SUPABASE_SERVICE_ROLE_KEY" : "SUPABASE_URL");
        doctor_finding_hint(out, "Set it, or use --store folder --folder DIR.");
    } else {
        check_bucket(doctor, store, &target, out);
    }
}

/* What workers have found out, as the database knows it. */
static void check_states(struct doctor *doctor, struct doctor_finding *out)
{
    const cJSON *row;
    struct text names;
    struct error err;
    cJSON *rows;
    bool stops = false;

    if (!doctor->session || !doctor->migrated) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: no database that is up to date");
        return;
    }
    if (!database_query(doctor->session, "services", 0, NULL, &rows, &err)) {
        doctor_finding_from_error(out, &err);
        return;
    }
    text_begin(&names, NAMES_BYTES);
    cJSON_ArrayForEach(row, rows)
    {
        stops = stops || cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "stops"));
        text_printf(&names, "%s%s is %s", names.size > 0 ? ", " : "", json_peek_text(row, "key"),
                    json_peek_text(row, "state"));
    }
    if (names.size > 0) {
        doctor_finding_set(out, DOCTOR_WARN, "%.250s", names.data);
        doctor_finding_hint(out, "%s",
                            stops ? "Jobs wait for this. `darkroom jobs services` says "
                                    "why, and what to do."
                                  : "`darkroom jobs services` says why.");
    } else {
        doctor_finding_set(out, DOCTOR_OK, "no worker reports trouble");
    }
    text_end(&names);
    cJSON_Delete(rows);
}

const struct doctor_check doctor_service_checks[] = {
    { "provider", check_provider },
    { "models", check_models },
    { "store", check_store },
    { "services", check_states },
    { NULL, NULL },
};
