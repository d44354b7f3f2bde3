/* select.c - selects images by conditions and ids. */
#include "batch/select.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ids/find_id.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "batch/batch_price.h"
#include "batch/select_explain.h"
#include "batch/select_sql.h"
#include "image/checks/check.h"
#include "io/file.h"

enum { IDS_BYTES = 16 << 20, IDS_MOST = 100000, ID_BYTES = 2000, CHECK_NAMES = 32 };

/* -- conditions ------------------------------------------------------------------------------ */

bool select_name_flag(const char *flag, struct error *err)
{
    struct error cause = *err;

    error_set(err, cause.kind, "--%s: %s", flag, cause.text);
    err->cause = cause.cause;
    return cause.hint[0] ? error_hint(err, "%s", cause.hint) : false;
}

struct where_expression *select_where_new(void)
{
    static const char *names[CHECK_NAMES];

    for (int i = 0; checks[i] && i + 1 < CHECK_NAMES; i++) {
        names[i] = checks[i]->name;
    }
    return where_new(clock_wall_ms(), names);
}

static bool read_conditions(struct regenerate *regenerate, struct error *err)
{
    static const char *const lists[][2] = {
        { "project", "project" }, { "type", "type" },     { "style", "style" },
        { "model-was", "model" }, { "status", "status" }, { "failed-check", "failed" },
    };
    static const char *const dates[][2] = { { "since", ">=" }, { "before", "<" } };
    const struct settings *settings = regenerate->settings;
    const char *where = setting_text(settings, "where");

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const char *lines = setting_text(settings, lists[i][0]);
        char *projects = NULL;
        bool good = true;

        if (strcmp(lists[i][0], "project") == 0) {
            good = find_ids(regenerate->session, ID_PROJECT, lines, true, &projects, err);
        }
        lines = projects ? projects : lines;
        good = good && (!lines || where_add_one_of(regenerate->where, lists[i][1], lines, err));
        free(projects);
        if (!good) {
            return select_name_flag(lists[i][0], err);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        const char *date = setting_text(settings, dates[i][0]);

        if (date && !where_add_compare(regenerate->where, "created", dates[i][1], date, err)) {
            return select_name_flag(dates[i][0], err);
        }
    }
    return !where || where_add(regenerate->where, where, err) || select_name_flag("where", err);
}

/* -- ids ------------------------------------------------------------------------------------- */

struct ids { /* a Postgres array being built */
    struct text text;
    int count, line;
    const char *from; /* file name for error messages; NULL for arguments */
};

static bool refuse_id(const struct ids *ids, const char *id, const char *cause, struct error *err)
{
    if (ids->from) {
        return error_set(err, ERROR_INPUT, "%.120s, line %d: '%.60s' %s", ids->from, ids->line, id,
                         cause);
    }
    return error_set(err, ERROR_INPUT, "'%.60s' %s", id, cause);
}

static bool add_id(struct ids *ids, const char *id, struct error *err)
{
    if (strlen(id) > ID_BYTES || utf8_length(id) == SIZE_MAX) {
        return refuse_id(ids, id, "is not an image id or URL", err);
    }
    for (const char *at = id; *at; at++) {
        if ((unsigned char)*at <= ' ' || *at == 0x7f) {
            refuse_id(ids, id, "is not an image id or URL", err);
            return error_hint(err, "Write one id or URL per line, and nothing else.");
        }
    }
    if (++ids->count > IDS_MOST) {
        error_set(err, ERROR_INPUT, "More than %d ids are given.", IDS_MOST);
        return error_hint(err, "Select the images by conditions, or make several batches.");
    }
    text_add(&ids->text, ids->count > 1 ? ",\"" : "\"");
    for (; *id; id++) {
        text_add(&ids->text, *id == '"' || *id == '\\' ? "\\" : "");
        text_add_char(&ids->text, *id);
    }
    text_add_char(&ids->text, '"');
    return true;
}

static bool read_stdin(struct blob *out, struct error *err)
{
    size_t size;

    if (!blob_new(out, IDS_BYTES + 1, err)) {
        return false;
    }
    size = fread(out->data, 1, IDS_BYTES + 1, stdin);
    if (ferror(stdin)) {
        return error_set(err, ERROR_INTERNAL, "Cannot read standard input: %s", strerror(errno));
    }
    if (size > IDS_BYTES) {
        return error_set(err, ERROR_INPUT, "Standard input is longer than %d bytes.", IDS_BYTES);
    }
    out->size = size;
    return true;
}

/* Skips empty lines; removes spaces and a carriage return at the end of a line. */
static bool add_lines(struct ids *ids, const struct blob *file, struct error *err)
{
    const char *at = (const char *)file->data, *end = at + file->size;

    for (ids->line = 1; at < end; ids->line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at), used = size;
        char *line;
        bool good;

        while (used > 0 && (at[used - 1] == '\r' || at[used - 1] == ' ')) {
            used--;
        }
        if (memchr(at, '\0', used)) {
            return refuse_id(ids, "", "contains a zero byte", err);
        }
        line = xstrndup(at, used);
        good = used == 0 || add_id(ids, line, err);
        free(line);
        if (!good) {
            return false;
        }
        at += size + (stop != NULL);
    }
    return true;
}

static bool read_ids(struct regenerate *regenerate, int argc, char **argv, struct error *err)
{
    const char *path = setting_text(regenerate->settings, "ids");
    struct ids ids = { .count = 0 };
    struct blob file = { 0 };
    bool good = true;

    text_begin(&ids.text, (size_t)IDS_BYTES * 2);
    text_add_char(&ids.text, '{');
    for (int i = 0; i < argc && good; i++) {
        char found[ID_TEXT];

        good = strstr(argv[i], "://") || strlen(argv[i]) >= ID_TEXT
                   ? add_id(&ids, argv[i], err)
                   : find_id_or_keep(regenerate->session, ID_IMAGE, argv[i], found, err) &&
                         add_id(&ids, found, err);
    }
    if (good && path) {
        ids.from = strcmp(path, "-") == 0 ? "standard input" : path;
        good = (strcmp(path, "-") == 0 ? read_stdin(&file, err)
                                       : file_read(path, IDS_BYTES, &file, NULL, err)) &&
               add_lines(&ids, &file, err);
        blob_free(&file);
        if (good && ids.count == 0) {
            good = error_set(err, ERROR_INPUT, "%.120s contains no ids.", ids.from);
        }
    }
    text_add_char(&ids.text, '}');
    if (good && ids.text.overflow) {
        good = error_set(err, ERROR_INPUT, "Too many ids are given.");
    }
    regenerate->ids = good && ids.count > 0 ? arena_text(regenerate->arena, ids.text.data) : NULL;
    regenerate->id_count = ids.count;
    text_end(&ids.text);
    return good;
}

bool select_read_flags(struct regenerate *regenerate, int argc, char **argv, struct error *err)
{
    bool all = setting_flag(regenerate->settings, "all");

    regenerate->where = select_where_new();
    if (!read_conditions(regenerate, err) ||
        (!regenerate->from && !read_ids(regenerate, argc, argv, err))) {
        return false;
    }
    if (!all && !regenerate->ids && !setting_text(regenerate->settings, "user") &&
        !setting_text(regenerate->settings, "sql") &&
        strcmp(where_path(regenerate->where), "true") == 0) {
        error_set(err, ERROR_INPUT, "No images are selected.");
        return error_hint(err, "Use conditions (--type, --where, --sql and others), ids, or "
                               "--all.");
    }
    return true;
}

/* -- the query ------------------------------------------------------------------------------- */

/* Adds --user as a condition on user ids; --user accepts e-mail addresses. Fails with ERROR_INPUT
 * if a user or project is unknown. */
static bool resolve_names(struct regenerate *regenerate, struct error *err)
{
    const char *given[] = { setting_text(regenerate->settings, "user"),
                            setting_text(regenerate->settings, "project") };
    const char *missing, *params[2];
    char *users = NULL, *projects = NULL;
    cJSON *answer = NULL;
    bool good;

    if (!given[0] && !given[1]) {
        return true;
    }
    good = find_ids(regenerate->session, ID_USER, given[0], true, &users, err) &&
           find_ids(regenerate->session, ID_PROJECT, given[1], true, &projects, err);
    params[0] = users;
    params[1] = projects;
    good = good && database_query(regenerate->session, "named", 2, params, &answer, err);
    free(users);
    free(projects);
    if (!good) {
        return false;
    }
    if ((missing = json_peek_text(answer, "noUser"))) {
        error_set(err, ERROR_INPUT, "--user: no user '%.100s' exists", missing);
        good = error_hint(err, "Give the user's id or e-mail address.");
    } else if ((missing = json_peek_text(answer, "noProject"))) {
        good = error_set(err, ERROR_INPUT, "--project: no project '%.100s' exists", missing);
    } else if (params[0]) {
        good = where_add_one_of(regenerate->where, "user", json_peek_text(answer, "users"), err) ||
               select_name_flag("user", err);
    }
    cJSON_Delete(answer);
    return good;
}

static bool fail_no_match(struct regenerate *regenerate, struct error *err)
{
    const cJSON *missing = cJSON_GetObjectItemCaseSensitive(regenerate->selection, "missing");
    const char *first = missing && missing->child ? missing->child->valuestring : NULL;

    if (select_explain_empty(regenerate->session, regenerate->where, NULL, err)) {
        return false;
    }
    if (first && regenerate->id_count == 1) {
        error_set(err, ERROR_INPUT, "No image '%.100s' exists that meets the conditions.", first);
    } else if (first) {
        error_set(err, ERROR_INPUT, "None of the %d given images matches, for example '%.100s'.",
                  regenerate->id_count, first);
    } else if (strcmp(where_path(regenerate->where), "true") == 0 &&
               !setting_text(regenerate->settings, "sql")) {
        error_set(err, ERROR_INPUT, "There are no images yet.");
        err->cause = ERROR_CAUSE_EMPTY;
        return error_hint(err, "`darkroom enqueue PROJECT` makes those of a project.");
    } else {
        error_set(err, ERROR_INPUT, "No images match.");
        err->cause = ERROR_CAUSE_EMPTY; /* no image was named */
    }
    return error_hint(err, "Remove a condition, and check with --dry-run.");
}

/* Replaces the ids by those that meet --sql. */
static bool resolve_sql(struct regenerate *regenerate, struct error *err)
{
    const char *expression = setting_text(regenerate->settings, "sql");

    if (!expression) {
        return true;
    }
    if (regenerate->ids) {
        return error_set(err, ERROR_INPUT,
                         "--sql selects images; remove --ids and image arguments.");
    }
    return select_sql(regenerate->session, expression, regenerate->arena, &regenerate->ids,
                      &regenerate->id_count, err) ||
           select_name_flag("sql", err);
}

bool select_query(struct regenerate *regenerate, struct error *err)
{
    char rows[12], copies[12];
    const char *params[5];

    if (!resolve_names(regenerate, err) || !resolve_sql(regenerate, err)) {
        return false;
    }
    snprintf(rows, sizeof rows, "%d", REGENERATE_ROWS);
    snprintf(copies, sizeof copies, "%d", batch_price_candidates(regenerate));
    params[0] = where_path(regenerate->where);
    params[1] = where_variables(regenerate->where);
    params[2] = regenerate->ids;
    params[3] = rows;
    params[4] = copies;
    return database_query(regenerate->session, "select_images", 5, params, &regenerate->selection,
                          err) &&
           (json_peek_int(regenerate->selection, "count", 0) > 0 || fail_no_match(regenerate, err));
}
