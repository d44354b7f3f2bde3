/* decisions.c - reads and validates a file of decisions. */
#include "batch/review/decisions.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

bool batch_id_valid(const char *id)
{
    size_t size = strlen(id);

    for (const char *at = id; *at; at++) {
        if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && *at != '-') {
            return false;
        }
    }
    return size > 1 && size < BATCH_ID && id[0] == 'b';
}

static bool read_number(const char **at, int *out)
{
    long long value = 0;
    int digits = 0;

    for (; isdigit((unsigned char)**at) && digits < 10; (*at)++, digits++) {
        value = value * 10 + (**at - '0');
    }
    *out = (int)value;
    return digits > 0 && value > 0 && value <= INT32_MAX;
}

bool decision_target_parse(const char *word, int *item, int *variant)
{
    *variant = 0;
    if (!read_number(&word, item)) {
        return false;
    }
    if (*word == '/') {
        word++;
        return read_number(&word, variant) && *word == '\0';
    }
    return *word == '\0';
}

static int compare_decisions(const void *a, const void *b)
{
    const struct decision *x = a, *y = b;

    return x->item != y->item ? (x->item > y->item) - (x->item < y->item)
                              : (x->variant > y->variant) - (x->variant < y->variant);
}

/* Rejects duplicates, and two accepted variants of one item. */
static bool check_conflicts(const struct decisions *decisions, struct error *err)
{
    const struct decision *accepted = NULL;

    for (int i = 0; i < decisions->count; i++) {
        const struct decision *one = &decisions->list[i];

        if (i > 0 && compare_decisions(one, one - 1) == 0) {
            return error_set(err, ERROR_INPUT, "The file has two decisions on item %d, variant %d.",
                             one->item, one->variant);
        }
        if (one->accept && accepted && accepted->item == one->item) {
            return error_set(
                err, ERROR_INPUT,
                "The file accepts two variants of item %d: %d and %d. Accept only one.", one->item,
                accepted->variant, one->variant);
        }
        accepted = one->accept ? one : accepted;
    }
    return true;
}

static bool read_one(const cJSON *row, struct decision *out, struct error *err)
{
    const char *word;
    int64_t item, variant;

    if (!cJSON_IsObject(row)) {
        return error_set(err, ERROR_INPUT, "not an object");
    }
    if (!json_int(row, "item", 1, INT32_MAX, &item, err) ||
        !json_int(row, "variant", 1, INT32_MAX, &variant, err) ||
        !json_text(row, "decision", &word, err)) {
        return false;
    }
    if (strcmp(word, "accept") != 0 && strcmp(word, "reject") != 0) {
        return error_set(err, ERROR_INPUT, "decision '%.40s' must be accept or reject", word);
    }
    *out = (struct decision){ (int)item, (int)variant, word[0] == 'a' };
    return true;
}

static bool read_list(const cJSON *list, struct decisions *out, struct error *err)
{
    int count = cJSON_GetArraySize(list);
    const cJSON *row;

    if (count > DECISIONS_MAX) {
        return error_set(err, ERROR_INPUT, "The file has %d decisions; the maximum is %d.", count,
                         DECISIONS_MAX);
    }
    out->list = xcalloc((size_t)count + 1, sizeof *out->list);
    cJSON_ArrayForEach(row, list)
    {
        struct error why;

        if (!read_one(row, &out->list[out->count], &why)) {
            return error_set(err, ERROR_INPUT, "Decision %d of the file: %.200s", out->count + 1,
                             why.text);
        }
        out->count++;
    }
    qsort(out->list, (size_t)out->count, sizeof *out->list, compare_decisions);
    return check_conflicts(out, err);
}

static bool read_top(const cJSON *top, struct decisions *out, struct error *err)
{
    const char *what = json_peek_text(top, "darkroom"), *batch = json_peek_text(top, "batch");
    const cJSON *list;

    if (!what || strcmp(what, "decisions") != 0) {
        error_set(err, ERROR_INPUT, "This is not a file of decisions.");
        return error_hint(err, "`darkroom review BATCH` writes a page that saves such a file.");
    }
    if (json_peek_int(top, "version", 0) != 1) {
        return error_set(err, ERROR_INPUT, "The file's version is not supported.");
    }
    if (!batch || !batch_id_valid(batch)) {
        return error_set(err, ERROR_INPUT, "The file does not name a batch.");
    }
    snprintf(out->batch, sizeof out->batch, "%s", batch);
    return json_array(top, "decisions", &list, err) && read_list(list, out, err);
}

bool decisions_read(const void *data, size_t size, struct decisions *out, struct error *err)
{
    cJSON *top;
    bool good;

    *out = (struct decisions){ 0 };
    good = json_parse_own(data, size, "the file of decisions", &top, err);
    if (good) {
        good = read_top(top, out, err);
        cJSON_Delete(top);
    }
    if (!good) {
        decisions_free(out);
        err->kind = err->kind == ERROR_INTERNAL ? ERROR_INTERNAL : ERROR_INPUT;
    }
    return good;
}

void decisions_free(struct decisions *decisions)
{
    free(decisions->list);
    *decisions = (struct decisions){ 0 };
}
