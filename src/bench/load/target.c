/* target.c - parses a target and checks it against the catalog. */
#include "bench/load/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/text.h"
#include "io/http/http_address.h"

enum { LONGEST = 400 };

enum { PROMPT_TOKENS = 1000, TEXT_TOKENS = 2000 }; /* generous estimates for one request */

static bool read_size(const char *value, struct target *out, struct error *err)
{
    char end;

    if (sscanf(value, "%5dx%5d%c", &out->size.width, &out->size.height, &end) == 2 &&
        out->size.width > 0 && out->size.height > 0) {
        out->size_set = true;
        return true;
    }
    return error_set(err, ERROR_INPUT,
                     "invalid size '%.40s': expected WIDTHxHEIGHT, like 1024x1024", value);
}

static bool read_quality(const char *value, struct target *out, struct error *err)
{
    char all[200] = "";
    size_t size = 0;

    for (int i = 0; i < out->model->quality_count; i++) {
        if (strcmp(out->model->qualities[i], value) == 0) {
            out->quality = out->model->qualities[i];
            return true;
        }
        size += (size_t)snprintf(all + size, sizeof all - size, "%s%s", i ? ", " : "",
                                 out->model->qualities[i]);
        size = size < sizeof all ? size : sizeof all - 1;
    }
    error_set(err, ERROR_INPUT, "model '%s' has no quality '%.40s'", out->model->id, value);
    return error_hint(err, all[0] ? "It takes %s." : "It has no qualities%s.", all);
}

static bool read_task(const char *value, struct target *out, struct error *err)
{
    static const char *const names[] = { "image", "edit", "text" };

    for (int i = 0; i < 3; i++) {
        if (strcmp(value, names[i]) == 0) {
            out->task = (enum task)(1 << i);
            out->task_set = true;
            return true;
        }
    }
    return error_set(err, ERROR_INPUT, "invalid task '%.40s': expected image, edit or text", value);
}

static bool read_stream(const char *value, struct target *out, struct error *err)
{
    if (value[0] < '0' || value[0] > '0' + MODEL_PARTIALS || value[1] != '\0') {
        return error_set(err, ERROR_INPUT, "invalid stream '%.40s': expected a number from 0 to %d",
                         value, MODEL_PARTIALS);
    }
    out->partial_images = value[0] - '0';
    return true;
}

static bool read_base_url(const char *value, struct target *out, struct error *err)
{
    struct error why;
    char *url;

    if (!http_address_read(value, &url, &why)) {
        error_set(err, ERROR_INPUT, "base-url %s", why.text);
        return error_hint(err, "%s", why.hint);
    }
    snprintf(out->base_url, sizeof out->base_url, "%s", url);
    free(url);
    return strlen(out->base_url) + 1 < sizeof out->base_url ||
           error_set(err, ERROR_INPUT, "base-url is too long");
}

static bool read_parameter(char *word, struct target *out, struct error *err)
{
    char *value = strchr(word, '=');

    if (!value || value[1] == '\0') {
        return error_set(
            err, ERROR_INPUT,
            "invalid target parameter '%.60s': expected KEY=VALUE, like size=1024x1024", word);
    }
    *value++ = '\0';
    if (strcmp(word, "size") == 0) {
        return read_size(value, out, err);
    }
    if (strcmp(word, "quality") == 0) {
        return read_quality(value, out, err);
    }
    if (strcmp(word, "task") == 0) {
        return read_task(value, out, err);
    }
    if (strcmp(word, "stream") == 0) {
        return read_stream(value, out, err);
    }
    if (strcmp(word, "name") == 0) {
        if (utf8_length(value) == SIZE_MAX || strlen(value) >= TARGET_NAME) {
            return error_set(err, ERROR_INPUT, "a target's name is not UTF-8 or too long");
        }
        snprintf(out->name, sizeof out->name, "%.*s", TARGET_NAME - 1, value);
        out->name_set = true;
        return true;
    }
    if (strcmp(word, "base-url") == 0) {
        return read_base_url(value, out, err);
    }
    error_set(err, ERROR_INPUT, "unknown target parameter '%.40s'", word);
    return error_hint(err, "A target takes size, quality, task, stream, name and base-url.");
}

/* Suggests the most similar available model of this provider. */
static bool unknown_model(const char *provider, const char *id, const struct catalog *catalog,
                          int64_t today_ms, struct error *err)
{
    struct closest_match closest_match = { .to = id };
    const struct model *model;
    struct error ignored;

    for (int i = 0; (model = catalog_at(catalog, i)) != NULL; i++) {
        if (strcmp(model->provider, provider) == 0 &&
            catalog_is_available(model, today_ms, &ignored)) {
            closest_match_try(&closest_match, model->id);
        }
    }
    error_set(err, ERROR_INPUT, "provider '%s' has no model '%.60s' in the catalog", provider, id);
    return closest_match.word ? error_hint(err, "Did you mean '%s'?", closest_match.word)
                              : error_hint(err, "`darkroom models` lists all models.");
}

static bool find_model(const char *provider, const char *id, const struct catalog *catalog,
                       int64_t today_ms, struct target *out, struct error *err)
{
    out->provider = provider_find(provider);
    if (!out->provider) {
        error_set(err, ERROR_INPUT, "unknown provider '%.40s'", provider);
        return error_hint(err, "Example: openai:gpt-image-2.5-flare,size=1024x1024");
    }
    out->model = catalog_find(catalog, id);
    if (!out->model || strcmp(out->model->provider, provider) != 0) {
        return unknown_model(provider, id, catalog, today_ms, err);
    }
    if (!catalog_is_available(out->model, today_ms, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    return true;
}

/* Settings of the endpoint are not known here; provider_request checks them. */
static bool fits(struct target *out, struct error *err)
{
    int max = out->task == TASK_TEXT ? 0 : out->model->partial_max;
    struct size nearest;

    if (!provider_check_task(out->provider, NULL, out->model, out->task, err)) {
        err->kind = ERROR_INPUT;
        return false;
    }
    if (out->partial_images > max) {
        error_set(err, ERROR_INPUT, "model '%s' streams at most %d partial images", out->model->id,
                  max);
        return error_hint(err, "Remove stream=.");
    }
    if (out->task == TASK_TEXT) {
        return true;
    }
    if (out->size.width == 0 &&
        !catalog_size(out->model, (struct size){ 1024, 1024 }, &out->size, err)) {
        return false;
    }
    if (!catalog_size(out->model, out->size, &nearest, err)) {
        return false;
    }
    if (nearest.width != out->size.width || nearest.height != out->size.height) {
        error_set(err, ERROR_INPUT, "model '%s' does not support %dx%d", out->model->id,
                  out->size.width, out->size.height);
        return error_hint(err, "The closest size is %dx%d.", nearest.width, nearest.height);
    }
    return true;
}

static int64_t worst_case(const struct target *target)
{
    bool text = target->task == TASK_TEXT;

    return catalog_max_cost(target->model, text ? NULL : &target->size, target->quality,
                            text ? TEXT_TOKENS : PROMPT_TOKENS, target->task == TASK_EDIT,
                            target->partial_images, 0);
}

static void set_default_name(struct target *out)
{
    size_t size;

    if (out->name[0]) {
        return;
    }
    snprintf(out->name, sizeof out->name, "%.48s", out->model->id);
    size = strlen(out->name);
    if (out->task == TASK_TEXT) {
        return;
    }
    snprintf(out->name + size, sizeof out->name - size, " %dx%d%s%.10s%s", out->size.width,
             out->size.height, out->quality ? " " : "", out->quality ? out->quality : "",
             out->task == TASK_EDIT ? " edit" : "");
    size = strlen(out->name);
    if (out->partial_images > 0) {
        snprintf(out->name + size, sizeof out->name - size, " stream %d", out->partial_images);
    }
}

bool target_read(const char *text, const struct catalog *catalog, int64_t today_ms,
                 struct target *out, struct error *err)
{
    char copy[LONGEST], *words, *id, *saved = NULL;
    int64_t expected_cost;

    *out = (struct target){ 0 };
    if (strlen(text) >= sizeof copy) {
        return error_set(err, ERROR_INPUT, "a target is too long: '%.40s...'", text);
    }
    snprintf(copy, sizeof copy, "%s", text);
    words = strchr(copy, ',');
    if (words) {
        *words++ = '\0';
    }
    id = strchr(copy, ':');
    if (!id || id[1] == '\0') {
        error_set(err, ERROR_INPUT, "target '%.60s' must begin with PROVIDER:MODEL", text);
        return error_hint(err, "Example: openai:gpt-image-2.5-flare,size=1024x1024");
    }
    *id++ = '\0';
    if (!find_model(copy, id, catalog, today_ms, out, err)) {
        return false;
    }
    out->task = out->model->tasks & TASK_IMAGE  ? TASK_IMAGE
                : out->model->tasks & TASK_EDIT ? TASK_EDIT
                                                : TASK_TEXT;
    for (char *word = words ? strtok_r(words, ",", &saved) : NULL; word;
         word = strtok_r(NULL, ",", &saved)) {
        if (!read_parameter(word, out, err)) {
            return false;
        }
    }
    if (!fits(out, err)) {
        return false;
    }
    set_default_name(out);
    out->max_microusd = worst_case(out);
    expected_cost =
        out->task == TASK_TEXT ? 0 : catalog_estimate(out->model, out->size, out->quality);
    out->expected_microusd = expected_cost > 0 ? expected_cost : 0;
    return true;
}
