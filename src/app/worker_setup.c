/* worker_setup.c - builds the job_context of a worker from settings. */
#include "app/worker_setup.h"

#include <stdlib.h>
#include <string.h>

#include "app/claim_limits.h"
#include "app/data_files.h"
#include "app/font_folder.h"
#include "app/model_choice.h"
#include "app/provider_endpoint.h"
#include "base/clock.h"
#include "base/memory.h"
#include "jobs/engine/spool.h"

static bool load_data(const struct settings *settings, struct worker_setup *out, struct error *err)
{
    const char *fonts = setting_text(settings, "fonts");

    return (!fonts || font_folder_add(fonts, err)) &&
           catalog_from_settings(settings, &out->catalog, err) &&
           rules_from_settings(settings, &out->rules, err) &&
           prompts_load(setting_text(settings, "prompts"), &out->prompts, err);
}

static bool fill_endpoint(const struct settings *settings, const struct worker_setup *worker_setup,
                          const char *provider, const char *use, const char *model_setting,
                          struct model_endpoint *out, struct error *err)
{
    out->provider = provider_find(provider);
    if (!out->provider) {
        return error_set(err, ERROR_CONFIG, "no provider has the name '%.40s'", provider);
    }
    provider_endpoint(settings, out->provider, &out->endpoint);
    return provider_check(out->provider, &out->endpoint, err) &&
           model_choose(settings, worker_setup->catalog, provider, model_setting, use, &out->model,
                        err) &&
           catalog_is_available(out->model, clock_wall_ms(), err);
}

/* Fills the endpoints of all providers, so that a job may name a model of any of them, and those of
 * the models that the settings choose. */
static bool fill_endpoints(const struct settings *settings, struct worker_setup *out,
                           struct error *err)
{
    const char *image = setting_text(settings, "provider");
    const char *text = setting_text(settings, "text-provider");
    size_t count = 0;

    while (providers[count]) {
        count++;
    }
    out->endpoints = xcalloc(count, sizeof *out->endpoints);
    for (size_t i = 0; i < count; i++) {
        provider_endpoint(settings, providers[i], &out->endpoints[i]);
    }
    out->job_context.endpoints = out->endpoints;
    text = text ? text : image;
    return fill_endpoint(settings, out, image, "edit", "image-model", &out->job_context.image,
                         err) &&
           fill_endpoint(settings, out, text, "features", "features-model",
                         &out->job_context.features, err) &&
           fill_endpoint(settings, out, text, "aplus", "text-model", &out->job_context.aplus, err);
}

bool worker_setup_store(const struct settings *settings, struct worker_setup *out,
                        struct error *err)
{
    struct job_context *job_context = &out->job_context;
    const char *name = setting_text(settings, "store");
    const char *url = setting_text(settings, "supabase-url");
    const char *folder = setting_text(settings, "folder");

    job_context->store = store_find(name);
    job_context->bucket = "generated-images";
    job_context->store_target =
        (struct store_target){ .key = setting_secret(settings, "supabase-key"),
                               .public_url = setting_text(settings, "public-supabase-url"),
                               .folder = folder };
    if (strcmp(name, "folder") == 0) {
        if (!folder) {
            error_set(err, ERROR_CONFIG, "--store folder needs a folder");
            return error_hint(err, "Add --folder DIR.");
        }
        if (!url) {
            url = "file:";
        }
    } else if (!url || !secret_is_set(job_context->store_target.key)) {
        error_set(err, ERROR_CONFIG, "the Supabase store needs a URL and a secret key");
        return error_hint(err, "Set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY, or use --store "
                               "folder --folder DIR.");
    }
    out->base_url = xstrdup(url);
    job_context->store_target.base_url = out->base_url;
    return true;
}

static enum main_image_method main_image_method(const char *name)
{
    return strcmp(name, "local") == 0   ? MAIN_LOCAL
           : strcmp(name, "model") == 0 ? MAIN_MODEL
                                        : MAIN_AUTO;
}

static bool open_spool(struct worker_setup *out, struct error *err)
{
    struct spool_folder *folder = &out->spool_folder;
    struct error problem;

    if (!spool_open(out->spool, folder, &problem, err)) {
        return false;
    }
    if (problem.kind != ERROR_NONE) {
        spool_log_state(folder, &problem);
    }
    return true;
}

/* The quality is a setting of this worker, not of a job. */
static bool check_quality(const struct worker_setup *out, struct error *err)
{
    const struct job_context *job_context = &out->job_context;

    if (model_check_quality(out->catalog, job_context->image.model, job_context->quality, err)) {
        return true;
    }
    err->kind = ERROR_CONFIG;
    return false;
}

bool worker_setup_init(const struct settings *settings, struct worker_setup *out, struct error *err)
{
    struct job_context *job_context = &out->job_context;
    const struct image_rules *checked;

    *out = (struct worker_setup){ 0 };
    worker_name(out->worker, sizeof out->worker);
    out->spool = xstrdup(setting_text(settings, "spool"));
    if (!load_data(settings, out, err) ||
        !claim_limits_read(setting_text(settings, "job-limit"), out->catalog, &out->limits, err)) {
        return false;
    }
    job_context->worker = out->worker;
    job_context->catalog = out->catalog;
    job_context->rules = out->rules;
    job_context->prompts = out->prompts;
    job_context->marketplace = setting_text(settings, "marketplace");
    job_context->quality = setting_text(settings, "quality");
    job_context->main_image = main_image_method(setting_text(settings, "main-image"));
    job_context->unpaid = setting_text(settings, "unpaid");
    job_context->replace_retired = setting_flag(settings, "replace-retired");
    job_context->spool = out->spool;
    job_context->retry_base_ms = (uint32_t)setting_int(settings, "retry-base");
    job_context->request_timeout_ms = (uint32_t)setting_int(settings, "request-timeout") * 1000;
    if (!rules_for(out->rules, job_context->marketplace, MAIN_IMAGE, &checked, err) ||
        !fill_endpoints(settings, out, err) || !check_quality(out, err) ||
        !worker_setup_store(settings, out, err) || !open_spool(out, err)) {
        return false;
    }
    job_context->spool_folder = &out->spool_folder;
    job_context->store_target.limits = &out->store_limits;
    return true;
}

void worker_setup_free(struct worker_setup *worker_setup)
{
    free(worker_setup->limits);
    free(worker_setup->profile);
    prompts_free(worker_setup->prompts);
    rules_free(worker_setup->rules);
    catalog_free(worker_setup->catalog);
    free(worker_setup->spool);
    free(worker_setup->base_url);
    free(worker_setup->endpoints);
    *worker_setup = (struct worker_setup){ 0 };
}
