/* job_filter.c - flags to a JSON filter. */
#include "cli/jobs/job_filter.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "base/clock.h"
#include "base/edit_distance.h"
#include "batch/where/where_internal.h"

enum { WORD_BYTES = 64 };

/* Words that people use, and the types of job_queue and of images they stand for. */
static const struct {
    const char *word, *type;
} types[] = {
    { "pack", "generate-complete-pack" },
    { "image", "generate-image" },
    { "aplus", "generate-aplus" },
    { "a+", "generate-aplus" },
    { "regenerate", "regenerate-image" },
    { "batch-api", "batch-api" },
    { "generate-complete-pack", "generate-complete-pack" },
    { "generate-image", "generate-image" },
    { "generate-aplus", "generate-aplus" },
    { "regenerate-image", "regenerate-image" },
    { "main", "MAIN_IMAGE" },
    { "main_image", "MAIN_IMAGE" },
    { "infographic", "INFOGRAPHIC" },
    { "feature_highlight", "FEATURE_HIGHLIGHT" },
    { "lifestyle", "LIFESTYLE" },
    { "comparison_chart", "COMPARISON_CHART" },
    { "dimension_diagram", "DIMENSION_DIAGRAM" },
    { "a_plus_module", "A_PLUS_MODULE" },
};
static const char *const states[] = { "pending", "processing", "completed", "failed" };

/* Copies the line at *at in lower case, and moves *at to the next one. False at the end. */
static bool next_line(const char **at, char out[WORD_BYTES])
{
    size_t size = *at ? strcspn(*at, "\n") : 0;

    if (!*at || !**at) {
        return false;
    }
    snprintf(out, WORD_BYTES, "%.*s", (int)(size < WORD_BYTES ? size : WORD_BYTES - 1), *at);
    for (char *c = out; *c; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    *at += size + ((*at)[size] == '\n');
    return true;
}

static bool add_states(cJSON *filter, const char *lines, struct error *err)
{
    cJSON *list = lines ? cJSON_AddArrayToObject(filter, "status") : NULL;
    char word[WORD_BYTES];

    while (next_line(&lines, word)) {
        const char *found = NULL;

        for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
            found = strcmp(states[i], word) == 0 ? states[i] : found;
        }
        if (!found) {
            return error_set(
                err, ERROR_INPUT,
                "Invalid --status '%.40s': it takes pending, processing, completed or failed",
                word);
        }
        cJSON_AddItemToArray(list, cJSON_CreateString(found));
    }
    return true;
}

static bool add_types(cJSON *filter, const char *lines, struct error *err)
{
    cJSON *list = lines ? cJSON_AddArrayToObject(filter, "type") : NULL;
    char word[WORD_BYTES];

    while (next_line(&lines, word)) {
        struct closest_match closest_match = { .to = word };
        const char *found = NULL;

        for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
            found = strcmp(types[i].word, word) == 0 ? types[i].type : found;
            closest_match_try(&closest_match, types[i].word);
        }
        if (!found) {
            error_set(err, ERROR_INPUT,
                      "Invalid --type '%.40s': it takes pack, image, aplus, regenerate, batch-api, "
                      "or an image type such as LIFESTYLE",
                      word);
            return closest_match.word ? error_hint(err, "Did you mean %s?", closest_match.word)
                                      : false;
        }
        cJSON_AddItemToArray(list, cJSON_CreateString(found));
    }
    return true;
}

static bool add_ids(struct sql_session *session, cJSON *filter, const char *key, enum id_kind kind,
                    const char *lines, struct error *err)
{
    cJSON *list;
    char *ids, *saved = NULL;

    if (!find_ids(session, kind, lines, false, &ids, err)) {
        return false;
    }
    list = ids ? cJSON_AddArrayToObject(filter, key) : NULL;
    for (char *id = ids ? strtok_r(ids, "\n", &saved) : NULL; id;
         id = strtok_r(NULL, "\n", &saved)) {
        cJSON_AddItemToArray(list, cJSON_CreateString(id));
    }
    free(ids);
    return true;
}

static bool add_date(cJSON *filter, const char *key, const char *flag, const char *text,
                     struct error *err)
{
    struct where_date date;
    struct error cause;

    if (!text) {
        return true;
    }
    if (!where_date_read(text, clock_wall_ms(), &date, &cause)) {
        error_set(err, ERROR_INPUT, "--%s: %s", flag, cause.text);
        return error_hint(err, "Write 2h ago, 30min ago, yesterday, or 2026-06-01T12:30 (UTC).");
    }
    cJSON_AddStringToObject(filter, key, date.from);
    return true;
}

static bool add_batch(struct sql_session *session, cJSON *filter, const char *given,
                      struct error *err)
{
    char id[ID_TEXT];

    if (!given) {
        return true;
    }
    if (!find_id(session, ID_BATCH, given, id, err)) {
        return false;
    }
    cJSON_AddStringToObject(filter, "batch", id);
    return true;
}

bool job_filter_read(struct sql_session *session, const struct settings *settings, char **out,
                     struct error *err)
{
    const char *reason = setting_text(settings, "reason");
    cJSON *filter = cJSON_CreateObject();
    bool good =
        add_states(filter, setting_text(settings, "status"), err) &&
        add_types(filter, setting_text(settings, "type"), err) &&
        add_date(filter, "since", "since", setting_text(settings, "since"), err) &&
        add_date(filter, "until", "until", setting_text(settings, "before"), err) &&
        add_ids(session, filter, "user", ID_USER, setting_text(settings, "user"), err) &&
        add_ids(session, filter, "project", ID_PROJECT, setting_text(settings, "project"), err) &&
        add_batch(session, filter, setting_text(settings, "batch"), err);

    if (reason) {
        cJSON_AddStringToObject(filter, "reason", reason);
    }
    *out = good ? cJSON_PrintUnformatted(filter) : NULL;
    cJSON_Delete(filter);
    return good;
}

bool job_filter_is_given(const struct settings *settings)
{
    static const char *const names[] = { "type",  "reason", "user",  "project",
                                         "batch", "since",  "before" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (setting_text(settings, names[i])) {
            return true;
        }
    }
    return false;
}
