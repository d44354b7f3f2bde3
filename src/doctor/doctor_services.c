/* doctor_services.c - checks of providers, models and the store. */
#include <inttypes.h>
#include <string.h>

#include "app/data_files.h"
#include "app/model_choice.h"
#include "app/provider_endpoint.h"
#include "base/clock.h"
#include "doctor/doctor.h"
#include "io/loop.h"
#include "io/perform.h"

enum {
    RESPONSE_BYTES = 8 << 20,
    TIMEOUT_MS = 20 * 1000,
    SOON_DAYS = 30,
    MAX_FILE_BYTES = 10 << 20
};

/* Sends a request and waits for the response. False, with the finding set, if none arrived. */
static bool send(struct doctor *doctor, struct op *op, struct doctor_finding *out)
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
    catalog_free(catalog);
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
    if (!send(doctor, &op, out)) {
        op_clear(&op);
        return;
    }
    if (!provider->read_preflight(at, model, &op, clock_wall_ms(), &status, &err)) {
        doctor_finding_from_error(out, &err);
        if (err.kind == ERROR_KEY && variable) {
            doctor_finding_hint(out, "Check the key, %s. GET %.150s gave HTTP %d.", variable,
                                op.http.url, op.http_response.status);
        }
    } else if (status.known) {
        doctor_finding_set(out, DOCTOR_OK, "%s accepts the key and offers '%s'", provider->title,
                           model->id);
    } else {
        doctor_finding_set(out, DOCTOR_OK, "%s responds (HTTP %d); it cannot be queried for '%s'",
                           provider->title, op.http_response.status, model->id);
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

/* Checks which file types and sizes the bucket accepts. */
static void read_bucket(const struct op *op, struct doctor_finding *out)
{
    const cJSON *types, *type;
    struct error err;
    cJSON *bucket;
    bool png = false, jpeg = false;
    int64_t limit;

    if (!json_parse(op->http_response.body.data, op->http_response.body.size, "the bucket", &bucket,
                    &err)) {
        doctor_finding_from_error(out, &err);
        return;
    }
    types = cJSON_GetObjectItemCaseSensitive(bucket, "allowed_mime_types");
    cJSON_ArrayForEach(type, types)
    {
        const char *name = cJSON_IsString(type) ? type->valuestring : "";

        png = png || strcmp(name, "image/png") == 0 || strcmp(name, "image/*") == 0;
        jpeg = jpeg || strcmp(name, "image/jpeg") == 0 || strcmp(name, "image/*") == 0;
    }
    limit = json_peek_int(bucket, "file_size_limit", 0);
    doctor_finding_set(out, DOCTOR_OK, "bucket 'generated-images' accepts the images");
    if (cJSON_IsArray(types) && cJSON_GetArraySize(types) > 0 && !(png && jpeg)) {
        doctor_finding_set(out, png ? DOCTOR_WARN : DOCTOR_FAIL,
                           "bucket 'generated-images' does not allow %s", png ? "JPEG" : "PNG");
        doctor_finding_hint(out, "Allow image/png and image/jpeg in the bucket's settings.");
    } else if (limit > 0 && limit < MAX_FILE_BYTES) {
        doctor_finding_set(out, DOCTOR_WARN,
                           "bucket 'generated-images' accepts files of at most %" PRId64 " bytes",
                           limit);
    } else if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(bucket, "public"))) {
        doctor_finding_set(out, DOCTOR_WARN, "bucket 'generated-images' is not public");
        doctor_finding_hint(out,
                            "Make it public: the application shows images by their public URL.");
    }
    cJSON_Delete(bucket);
}

static void check_folder(const struct doctor *doctor, struct doctor_finding *out)
{
    const char *folder = setting_text(doctor->settings, "folder");

    if (folder) {
        doctor_finding_set(out, DOCTOR_OK, "images are stored in the folder '%.200s'", folder);
    } else {
        doctor_finding_set(out, DOCTOR_FAIL, "--store folder needs a folder");
        doctor_finding_hint(out, "Add --folder DIR.");
    }
}

static void check_store(struct doctor *doctor, struct doctor_finding *out)
{
    const char *url = setting_text(doctor->settings, "supabase-url");
    const struct secret *key = setting_secret(doctor->settings, "supabase-key");
    struct op op = { 0 };

    if (strcmp(setting_text(doctor->settings, "store"), "folder") == 0) {
        check_folder(doctor, out);
        return;
    }
    if (setting_error(doctor->settings, "supabase-url") ||
        setting_error(doctor->settings, "supabase-key") ||
        setting_redirected(doctor->settings, setting_row("supabase-key"))) {
        doctor_finding_set(out, DOCTOR_SKIP, "not checked: see keys and addresses");
        return;
    }
    if (!url || !secret_is_set(key)) {
        doctor_finding_set(out, DOCTOR_FAIL, "%s is not set",
                           url ? "SUPABASE_SERVICE_ROLE_KEY" : "SUPABASE_URL");
        doctor_finding_hint(out, "Set it, or use --store folder --folder DIR.");
        return;
    }
    op.http.url = arena_printf(doctor->arena, "%s/storage/v1/bucket/generated-images", url);
    op_secret_header(&op, "apikey", "", key);
    if (!secret_starts_with(key, "sb_")) {
        op_secret_header(&op, "authorization", "Bearer ", key);
    }
    if (send(doctor, &op, out)) {
        if (op.http_response.status == 200) {
            read_bucket(&op, out);
        } else {
            doctor_finding_set(out, DOCTOR_FAIL,
                               "the bucket 'generated-images' cannot be read (HTTP %d)",
                               op.http_response.status);
            doctor_finding_hint(
                out, "Create the bucket, and check that the key is a secret or service role key.");
        }
    }
    op_clear(&op);
}

const struct doctor_check doctor_service_checks[] = {
    { "provider", check_provider },
    { "models", check_models },
    { "store", check_store },
    { NULL, NULL },
};
