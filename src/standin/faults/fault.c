/* fault.c - parses faults, and decides when they strike. */
#include "standin/faults/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

static const char *const names[FAULT_KINDS] = {
    "none",        "status",       "html",         "quota",          "billing",
    "moderation",  "refuse",       "incomplete",   "drop",           "reset",
    "truncate",    "hang",         "drip",         "garbage",        "empty",
    "error_event", "size",         "corrupt",      "blank",          "off_white",
    "duplicate",   "model_gone",   "as",           "usage",          "expire",
    "late-output", "short-output", "empty-output", "missing-output",
};

static const char *const forms[FORM_COUNT] = {
    "",           "commentary",   "reasoning",    "parts",      "url",       "data-url",
    "wrapped",    "unpadded",     "url-alphabet", "string",     "image-url", "unknown",
    "flat-error", "detail-error", "text-error",   "list-error",
};
static const char *const usages[USAGE_COUNT] = { "", "none", "absurd", "other", "zero" };

bool fault_form_is_error(enum answer_form form)
{
    return form >= FORM_FLAT_ERROR;
}

const char *fault_name(enum fault_kind kind)
{
    return names[kind];
}

static bool parse_double(const char *name, const char *value, double min, double max, double *out,
                         struct error *err)
{
    char *end;

    *out = strtod(value, &end);
    if (end == value || *end || !(*out >= min && *out <= max)) {
        return error_set(err, ERROR_INPUT, "Invalid fault: %s=%s must be a number from %g to %g.",
                         name, value, min, max);
    }
    return true;
}

static bool parse_int(const char *name, const char *value, int max, int *out, struct error *err)
{
    double n;

    if (!parse_double(name, value, 0, max, &n, err)) {
        return false;
    }
    *out = (int)n;
    return true;
}

static bool parse_kind(const char *word, struct fault *out, struct error *err)
{
    char kinds[sizeof err->text] = "";
    size_t size = 0;

    for (int i = FAULT_HTML; i < FAULT_KINDS; i++) {
        if (strcmp(word, names[i]) == 0 && i != FAULT_AS && i != FAULT_USAGE) {
            out->kind = (enum fault_kind)i;
            return true;
        }
    }
    for (int i = FAULT_HTML; i < FAULT_KINDS && size < sizeof kinds; i++) {
        size += (size_t)snprintf(kinds + size, sizeof kinds - size, ", %s%s", names[i],
                                 i == FAULT_AS || i == FAULT_USAGE ? "=FORM" : "");
    }
    return error_set(err, ERROR_INPUT, "Unknown fault '%.16s'. Kinds: status=CODE%s.", word, kinds);
}

/* Finds the value among `all`, whose first entry is not a value. */
static bool parse_choice(const char *name, const char *value, const char *const *all, int count,
                         int *out, struct error *err)
{
    char list[sizeof err->hint] = "";
    size_t size = 0;

    for (int i = 1; i < count; i++) {
        if (strcmp(value, all[i]) == 0) {
            *out = i;
            return true;
        }
    }
    error_set(err, ERROR_INPUT, "Invalid fault: %s=%s.", name, value);
    for (int i = 1; i < count && size < sizeof list; i++) {
        size +=
            (size_t)snprintf(list + size, sizeof list - size, "%s%s", i > 1 ? ", " : "", all[i]);
    }
    return error_hint(err, "%s= takes %s.", name, list);
}

/* as=FORM and usage=FORM are kinds of their own, unless the fault names another kind. */
static bool parse_form(const char *name, const char *value, struct fault *out, struct error *err)
{
    bool is_usage = strcmp(name, "usage") == 0;
    int choice = 0;

    if (!parse_choice(name, value, is_usage ? usages : forms, is_usage ? USAGE_COUNT : FORM_COUNT,
                      &choice, err)) {
        return false;
    }
    if (is_usage) {
        out->usage = (enum usage_form)choice;
    } else {
        out->form = (enum answer_form)choice;
    }
    if (out->kind == FAULT_NONE) {
        out->kind = is_usage ? FAULT_USAGE : FAULT_AS;
    }
    return true;
}

static bool parse_number(const char *name, const char *value, struct fault *out, struct error *err)
{
    if (strcmp(name, "status") == 0) {
        out->kind = FAULT_STATUS;
        return parse_int(name, value, 599, &out->status, err) &&
               (out->status >= 400 ||
                error_set(err, ERROR_INPUT, "Invalid fault: status %d is not an error.",
                          out->status));
    }
    if (strcmp(name, "rate") == 0) {
        return parse_double(name, value, 0, 1, &out->rate, err);
    }
    if (strcmp(name, "latency") == 0) {
        return parse_double(name, value, 0, 600000, &out->latency_ms, err);
    }
    if (strcmp(name, "count") == 0) {
        return parse_int(name, value, 1000000, &out->count, err);
    }
    if (strcmp(name, "every") == 0) {
        return parse_int(name, value, 1000000, &out->every, err);
    }
    if (strcmp(name, "after") == 0) {
        return parse_int(name, value, 1000000000, &out->after, err);
    }
    if (strcmp(name, "retry-after") == 0) {
        if (out->kind == FAULT_NONE) {
            out->kind = FAULT_STATUS;
            out->status = 503;
        }
        return parse_int(name, value, 7 * 24 * 3600, &out->retry_after, err);
    }
    return error_set(err, ERROR_INPUT, "Invalid fault: unknown word '%s'.", name);
}

static bool parse_word(char *word, struct fault *out, struct error *err)
{
    char *value = strchr(word, '=');
    struct {
        const char *name;
        char *to;
        size_t size;
    } texts[] = { { "match", out->match, sizeof out->match },
                  { "code", out->code, sizeof out->code },
                  { "type", out->type, sizeof out->type },
                  { "message", out->message, sizeof out->message } };

    if (!value) {
        return parse_kind(word, out, err);
    }
    *value++ = '\0';
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(word, texts[i].name) == 0) {
            snprintf(texts[i].to, texts[i].size, "%s", value);
            return true;
        }
    }
    if (strcmp(word, "as") == 0 || strcmp(word, "usage") == 0) {
        return parse_form(word, value, out, err);
    }
    if (strcmp(word, "kind") == 0 || strcmp(word, "image") == 0) {
        return parse_kind(value, out, err);
    }
    return parse_number(word, value, out, err);
}

static bool parse_line(struct faults *faults, char *line, struct error *err)
{
    struct fault fault = { .rate = -1, .latency_ms = -1 };
    char *save = NULL, *word;

    for (word = strtok_r(line, ", \t\r", &save); word; word = strtok_r(NULL, ",\t\r", &save)) {
        word += strspn(word, " ");
        if (!parse_word(word, &fault, err)) {
            return false;
        }
    }
    if (fault.kind == FAULT_NONE) {
        return error_set(err, ERROR_INPUT, "Invalid fault: the kind is missing.");
    }
    faults->rows = xrealloc(faults->rows, sizeof *faults->rows * ((size_t)faults->count + 1));
    faults->rows[faults->count++] = fault;
    return true;
}

bool faults_parse(struct faults *faults, const char *text, struct error *err)
{
    char *copy, *save = NULL, *line;
    bool good = true;

    if (!text) {
        return true;
    }
    copy = xstrdup(text);
    for (line = strtok_r(copy, ";\n", &save); line && good; line = strtok_r(NULL, ";\n", &save)) {
        line += strspn(line, " \t\r");
        if (*line != '\0' && *line != '#') {
            good = faults->count < 256
                       ? parse_line(faults, line, err)
                       : error_set(err, ERROR_INPUT, "Too many faults: at most 256.");
        }
    }
    free(copy);
    return good;
}

void faults_free(struct faults *faults)
{
    free(faults->rows);
    *faults = (struct faults){ 0 };
}

static bool strikes(struct fault *row, uint64_t *random)
{
    row->seen++;
    if (row->seen <= (uint64_t)row->after) {
        return false;
    }
    if (row->count && row->struck >= (uint64_t)row->count) {
        return false;
    }
    if (row->every && (row->seen - (uint64_t)row->after) % (uint64_t)row->every != 0) {
        return false;
    }
    return row->rate < 0 || random_uniform(random) < row->rate;
}

static bool in_scope(enum fault_kind kind, enum fault_scope scope)
{
    switch (kind) {
    case FAULT_EXPIRE:
        return scope == SCOPE_BATCH;
    case FAULT_LATE_OUTPUT:
        return scope == SCOPE_BATCH_STATUS;
    case FAULT_SHORT_OUTPUT:
    case FAULT_EMPTY_OUTPUT:
    case FAULT_MISSING_OUTPUT:
        return scope == SCOPE_RESULT_FILE;
    case FAULT_STATUS:
    case FAULT_HTML:
    case FAULT_QUOTA:
    case FAULT_BILLING:
    case FAULT_DROP:
    case FAULT_RESET:
    case FAULT_TRUNCATE:
    case FAULT_HANG:
    case FAULT_DRIP:
    case FAULT_GARBAGE:
        return scope == SCOPE_CALL || scope == SCOPE_TRANSPORT;
    default:
        return scope == SCOPE_CALL;
    }
}

/* A form is one of texts, of images, or of errors, which every route has. */
static bool has_form(const struct fault *row, const char *path)
{
    bool text = strstr(path, "/responses") || strstr(path, "/chat/completions");
    bool image = strstr(path, "/images/") != NULL;

    if (row->kind == FAULT_MODEL_GONE) {
        return strstr(path, "/v1/") && strncmp(path, "/storage/", 9) != 0;
    }
    if (row->kind == FAULT_USAGE) {
        return text || image;
    }
    if (row->kind != FAULT_AS) {
        return true;
    }
    return row->form <= FORM_PARTS ? text : row->form < FORM_UNKNOWN ? image : text || image;
}

struct fault faults_strike(struct faults *faults, enum fault_scope scope, const char *path,
                           const void *body, size_t size, uint64_t *random)
{
    for (int i = 0; i < faults->count; i++) {
        struct fault *row = &faults->rows[i];
        bool fits = row->match[0] == '\0' || strstr(path, row->match) ||
                    (size && memmem(body, size, row->match, strlen(row->match)));

        if (in_scope(row->kind, scope) && fits && has_form(row, path) && strikes(row, random)) {
            row->struck++;
            return *row;
        }
    }
    return (struct fault){ 0 };
}
