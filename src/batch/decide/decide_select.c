/* decide_select.c - selects the candidates that accept, reject or revert decide on. */
#include "batch/decide/decide_select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "batch/batch_find.h"
#include "batch/decide/decide_filter.h"
#include "batch/review/candidate.h"
#include "batch/review/decisions.h"
#include "io/file.h"

enum { CHUNK_ITEMS = 500 };

struct selection {
    enum decide_verb verb;
    bool passed;   /* --passed */
    bool rejected; /* --rejected: revert takes rejected candidates, not accepted ones */
    bool named;    /* the item was named: if none was accepted, its rejected candidates count */
    const struct decide_filter *filter; /* of --where and --sql; NULL: none */
    int items;                          /* items read */
    int variant; /* of the last item: the candidate to report if none can be decided on */
    struct decision_targets *out;
};

static const char *const decided[] = { "accepted", "rejected", "reverted" }; /* by verb */

static void add_target(struct decision_targets *targets, int item, int variant,
                       enum decide_verb verb)
{
    if (targets->count == targets->capacity) {
        targets->capacity = targets->capacity ? targets->capacity * 2 : 64;
        targets->list = xrealloc(targets->list, (size_t)targets->capacity * sizeof *targets->list);
    }
    targets->list[targets->count++] = (struct decision_target){ item, variant, verb };
}

void decision_targets_free(struct decision_targets *targets)
{
    free(targets->list);
    *targets = (struct decision_targets){ 0 };
}

static bool is_selected(const struct selection *selection, const struct review_item *item,
                        const struct candidate *candidate)
{
    return !selection->filter ||
           decide_filter_has(selection->filter, item->number, candidate->variant);
}

static bool has_decision(const struct candidate *candidate, const char *decision)
{
    return strcmp(candidate->decision, decision) == 0;
}

static bool has_decided(const struct review_item *item, const char *decision)
{
    for (int i = 0; i < item->count; i++) {
        if (has_decision(&item->candidates[i], decision)) {
            return true;
        }
    }
    return false;
}

static bool has_accepted(const struct review_item *item)
{
    return has_decided(item, "accepted");
}

/* Adds the best selected candidate that is not rejected. */
static void accept_best(const struct selection *selection, const struct review_item *item)
{
    const struct candidate *best = NULL;

    for (int i = 0; i < item->count && !best; i++) {
        const struct candidate *candidate = &item->candidates[i];

        best = candidate->done && !has_decision(candidate, "rejected") &&
                       is_selected(selection, item, candidate)
                   ? candidate
                   : NULL;
    }
    if (!best || has_accepted(item) || (selection->passed && !candidate_passed(item, best))) {
        return;
    }
    add_target(selection->out, item->number, best->variant, DECIDE_ACCEPT);
}

/* Adds every selected candidate that is not accepted, including those rejected before, so that a
 * repeated command reports them. */
static void reject_rest(const struct selection *selection, const struct review_item *item)
{
    for (int i = 0; i < item->count; i++) {
        const struct candidate *candidate = &item->candidates[i];

        if (candidate->done && !has_decision(candidate, "accepted") &&
            is_selected(selection, item, candidate)) {
            add_target(selection->out, item->number, candidate->variant, DECIDE_REJECT);
        }
    }
}

static void revert_decided(const struct selection *selection, const struct review_item *item)
{
    bool rejected = selection->rejected ||
                    (selection->named && !has_accepted(item) && !has_decided(item, "reverted"));

    for (int i = 0; i < item->count; i++) {
        if (has_decision(&item->candidates[i], rejected ? "rejected" : "accepted") &&
            is_selected(selection, item, &item->candidates[i])) {
            add_target(selection->out, item->number, item->candidates[i].variant, DECIDE_REVERT);
        }
    }
}

/* Returns the candidate that already has this decision, or the best one. */
static int variant_to_ask(const struct selection *selection, const struct review_item *item)
{
    for (int i = 0; i < item->count; i++) {
        if (has_decision(&item->candidates[i], decided[selection->verb])) {
            return item->candidates[i].variant;
        }
    }
    return item->candidates[0].variant;
}

static bool select_rows(const cJSON *rows, void *context, struct error *err)
{
    static void (*const by_verb[])(const struct selection *selection,
                                   const struct review_item *item) = {
        [DECIDE_ACCEPT] = accept_best,
        [DECIDE_REJECT] = reject_rest,
        [DECIDE_REVERT] = revert_decided,
    };
    struct selection *selection = context;
    struct arena *arena = arena_new();
    struct review_items items;
    bool good = review_items_read(rows, arena, &items, err);

    for (int i = 0; good && i < items.count; i++) {
        by_verb[selection->verb](selection, &items.list[i]);
        selection->variant = variant_to_ask(selection, &items.list[i]);
        selection->items++;
    }
    review_items_free(&items);
    arena_free(arena);
    return good;
}

/* -- by item --------------------------------------------------------------------------------- */

static bool select_item(struct sql_session *session, const char *batch, int number,
                        struct selection *selection, struct error *err)
{
    char after[16];
    const char *params[] = { batch, after, "1" };
    int before = selection->out->count;
    cJSON *rows;
    bool good;

    snprintf(after, sizeof after, "%d", number - 1);
    selection->items = 0;
    if (!database_query(session, "batch_items", 3, params, &rows, err)) {
        return false;
    }
    good = select_rows(rows, selection, err);
    cJSON_Delete(rows);
    if (good && selection->items == 0) {
        return error_set(err, ERROR_INPUT, "Batch '%s' has no item %d.", batch, number);
    }
    if (good && selection->out->count == before) {
        /* nothing to decide: the database answers why (not made, already accepted, rejected) */
        add_target(selection->out, number, selection->variant, selection->verb);
    }
    return good;
}

static bool select_named(struct sql_session *session, enum decide_verb verb, int argc, char **argv,
                         struct decision_targets *out, struct error *err)
{
    struct selection selection = { .verb = verb, .named = true, .out = out };

    for (int i = 1; i < argc; i++) {
        int item, variant;

        if (!decision_target_parse(argv[i], &item, &variant)) {
            error_set(err, ERROR_INPUT, "'%.60s' is not an item.", argv[i]);
            return error_hint(err,
                              "Give the number shown on the review page, or one variant of it: 12, "
                              "12/2.");
        }
        if (variant > 0) {
            add_target(out, item, variant, verb);
        } else if (!select_item(session, argv[0], item, &selection, err)) {
            return false;
        }
    }
    return true;
}

/* -- by file --------------------------------------------------------------------------------- */

static bool select_file(const char *path, const char *batch, struct decision_targets *out,
                        struct error *err)
{
    struct decisions decisions;
    struct blob file;
    bool good;

    if (!file_read(path, DECISIONS_BYTES, &file, NULL, err)) {
        return false;
    }
    good = decisions_read(file.data, file.size, &decisions, err);
    blob_free(&file);
    if (!good) {
        return false;
    }
    good = strcmp(decisions.batch, batch) == 0;
    if (!good) {
        error_set(err, ERROR_INPUT, "The file belongs to batch '%s', not '%s'.", decisions.batch,
                  batch);
    }
    for (int i = 0; good && i < decisions.count; i++) {
        const struct decision *one = &decisions.list[i];

        add_target(out, one->item, one->variant, one->accept ? DECIDE_ACCEPT : DECIDE_REJECT);
    }
    decisions_free(&decisions);
    return good;
}

/* `paths` has one path per line, like every list setting. */
static bool select_files(const char *paths, const char *batch, struct decision_targets *out,
                         struct error *err)
{
    char *copy = xstrdup(paths), *saved = NULL;
    bool good = true;

    for (char *path = strtok_r(copy, "\n", &saved); good && path;
         path = strtok_r(NULL, "\n", &saved)) {
        good = select_file(path, batch, out, err);
    }
    free(copy);
    return good;
}

/* -- the selection --------------------------------------------------------------------------- */

static bool check_exclusive(int given, enum decide_verb verb, struct error *err)
{
    if (given == 1 || (given == 0 && verb == DECIDE_REVERT)) {
        return true;
    }
    error_set(err, ERROR_INPUT,
              given ? "Give items or one flag that selects them, not both."
                    : "No items are given.");
    if (verb == DECIDE_ACCEPT) {
        return error_hint(err, "Name items (3 7 12/2), or use --passed, --where, --sql, --all, or "
                               "--file DECISIONS.json.");
    }
    return error_hint(err,
                      verb == DECIDE_REVERT
                          ? "Name items (3 7 12/2), or use --where, --sql, --all or --rejected."
                          : "Name items (3 7 12/2), or use --where, --sql or --all.");
}

bool decide_select(const struct settings *settings, struct sql_session *session,
                   enum decide_verb verb, int argc, char **argv, struct decision_targets *out,
                   struct error *err)
{
    const char *files = verb == DECIDE_ACCEPT ? setting_text(settings, "file") : NULL;
    bool all = setting_flag(settings, "all");
    bool passed = verb == DECIDE_ACCEPT && setting_flag(settings, "passed");
    bool rejected = verb == DECIDE_REVERT && setting_flag(settings, "rejected");
    bool filtered = decide_filter_is_given(settings);
    int flags = all + passed + rejected; /* each may be narrowed by a filter */
    struct decide_filter filter = { 0 };
    struct selection selection = {
        .verb = verb, .passed = passed, .rejected = rejected, .filter = &filter, .out = out
    };
    bool good;

    if (!check_exclusive((argc > 1) + (files != NULL) + (flags > 0 ? flags : filtered), verb,
                         err)) {
        return false;
    }
    if (files) {
        return select_files(files, argv[0], out, err);
    }
    if (argc > 1) {
        return select_named(session, verb, argc, argv, out, err);
    }
    good = decide_filter_read(settings, session, argv[0], &filter, err) &&
           batch_read_items(session, argv[0], CHUNK_ITEMS, select_rows, &selection, err);
    decide_filter_free(&filter);
    return good;
}
