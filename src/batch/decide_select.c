/* decide_select.c - from the words of a command to the candidates that are meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch/batch_find.h"
#include "batch/decide.h"
#include "io/file.h"

enum { PIECE = 500 };

struct choosing {
    enum decide_verb verb;
    bool passed; /* --passed */
    int items;   /* seen */
    int variant; /* of the last one, where there is nothing to do for it: whose state to tell */
    struct decision_targets *out;
};

static const char *const decided[] = { "accepted", "rejected", "reverted" }; /* by verb */

void decision_targets_add(struct decision_targets *decision_targets, int item, int variant,
                          enum decide_verb verb)
{
    if (decision_targets->count == decision_targets->room) {
        decision_targets->room = decision_targets->room ? decision_targets->room * 2 : 64;
        decision_targets->list =
            realloc(decision_targets->list,
                    (size_t)decision_targets->room * sizeof *decision_targets->list);
        if (!decision_targets->list) {
            abort();
        }
    }
    decision_targets->list[decision_targets->count++] =
        (struct decision_target){ item, variant, verb };
}

void decision_targets_free(struct decision_targets *decision_targets)
{
    free(decision_targets->list);
    *decision_targets = (struct decision_targets){ 0 };
}

static bool is(const struct candidate *candidate, const char *decision)
{
    return strcmp(candidate->decision, decision) == 0;
}

static bool has_accepted(const struct review_item *item)
{
    for (int i = 0; i < item->count; i++) {
        if (is(&item->candidates[i], "accepted")) {
            return true;
        }
    }
    return false;
}

/* The best that nobody has turned down. */
static void accept_best(const struct choosing *choosing, const struct review_item *item)
{
    const struct candidate *best = NULL;

    for (int i = 0; i < item->count && !best; i++) {
        const struct candidate *candidate = &item->candidates[i];

        best = candidate->done && !is(candidate, "rejected") ? candidate : NULL;
    }
    if (!best || has_accepted(item) || (choosing->passed && !candidate_passed(item, best))) {
        return;
    }
    decision_targets_add(choosing->out, item->number, best->variant, DECIDE_ACCEPT);
}

/* Also what was rejected before: a file of it may be left by a command that was cut off. */
static void reject_rest(const struct choosing *choosing, const struct review_item *item)
{
    for (int i = 0; i < item->count; i++) {
        const struct candidate *candidate = &item->candidates[i];

        if (candidate->done && !is(candidate, "accepted")) {
            decision_targets_add(choosing->out, item->number, candidate->variant, DECIDE_REJECT);
        }
    }
}

static void revert_accepted(const struct choosing *choosing, const struct review_item *item)
{
    for (int i = 0; i < item->count; i++) {
        if (is(&item->candidates[i], "accepted")) {
            decision_targets_add(choosing->out, item->number, item->candidates[i].variant,
                                 DECIDE_REVERT);
        }
    }
}

/* The one that has it behind it already, else the best. */
static int variant_to_ask(const struct choosing *choosing, const struct review_item *item)
{
    for (int i = 0; i < item->count; i++) {
        if (is(&item->candidates[i], decided[choosing->verb])) {
            return item->candidates[i].variant;
        }
    }
    return item->candidates[0].variant;
}

static bool take(const cJSON *rows, void *context, struct error *err)
{
    static void (*const by_verb[])(const struct choosing *choosing,
                                   const struct review_item *item) = {
        [DECIDE_ACCEPT] = accept_best,
        [DECIDE_REJECT] = reject_rest,
        [DECIDE_REVERT] = revert_accepted,
    };
    struct choosing *choosing = context;
    struct arena *arena = arena_new();
    struct review_items items;
    bool good = review_items_read(rows, arena, &items, err);

    for (int i = 0; good && i < items.count; i++) {
        by_verb[choosing->verb](choosing, &items.list[i]);
        choosing->variant = variant_to_ask(choosing, &items.list[i]);
        choosing->items++;
    }
    review_items_free(&items);
    arena_free(arena);
    return good;
}

/* -- by words -------------------------------------------------------------------------------- */

static bool choose_item(struct sql_session *session, const char *batch, int number,
                        struct choosing *choosing, struct error *err)
{
    char after[16];
    const char *params[] = { batch, after, "1" };
    int before = choosing->out->count;
    cJSON *rows;
    bool good;

    snprintf(after, sizeof after, "%d", number - 1);
    choosing->items = 0;
    if (!database_query(session, "batch_items", 3, params, &rows, err)) {
        return false;
    }
    good = take(rows, choosing, err);
    cJSON_Delete(rows);
    if (good && choosing->items == 0) {
        return error_set(err, ERROR_INPUT, "batch '%s' has no item %d", batch, number);
    }
    if (good && choosing->out->count == before) {
        /* the database says why: not made, accepted already, rejected before */
        decision_targets_add(choosing->out, number, choosing->variant, choosing->verb);
    }
    return good;
}

static bool choose_words(struct sql_session *session, enum decide_verb verb, int argc, char **argv,
                         struct decision_targets *out, struct error *err)
{
    struct choosing choosing = { .verb = verb, .out = out };

    for (int i = 1; i < argc; i++) {
        int item, variant;

        if (!decision_target_parse(argv[i], &item, &variant)) {
            error_set(err, ERROR_INPUT, "'%.60s' is no item", argv[i]);
            return error_hint(err, "An item is a number of the page, or one of its variants: 12, "
                                   "12/2.");
        }
        if (variant > 0) {
            decision_targets_add(out, item, variant, verb);
        } else if (!choose_item(session, argv[0], item, &choosing, err)) {
            return false;
        }
    }
    return true;
}

/* -- by file --------------------------------------------------------------------------------- */

static bool choose_file(const char *path, const char *batch, struct decision_targets *out,
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
        error_set(err, ERROR_INPUT, "the file is of batch '%s', not '%s'", decisions.batch, batch);
    }
    for (int i = 0; good && i < decisions.count; i++) {
        const struct decision *one = &decisions.list[i];

        decision_targets_add(out, one->item, one->variant,
                             one->accept ? DECIDE_ACCEPT : DECIDE_REJECT);
    }
    decisions_free(&decisions);
    return good;
}

/* One a line, as a list setting holds them. */
static bool choose_files(const char *paths, const char *batch, struct decision_targets *out,
                         struct error *err)
{
    char *copy = strdup(paths), *saved = NULL;
    bool good = true;

    for (char *path = strtok_r(copy, "\n", &saved); good && path;
         path = strtok_r(NULL, "\n", &saved)) {
        good = choose_file(path, batch, out, err);
    }
    free(copy);
    return good;
}

/* -- all together ---------------------------------------------------------------------------- */

static bool check_ways(int ways, enum decide_verb verb, struct error *err)
{
    if (ways == 1 || (ways == 0 && verb == DECIDE_REVERT)) {
        return true;
    }
    error_set(err, ERROR_INPUT,
              ways ? "name items, or a flag that chooses them, not both" : "which items?");
    if (verb == DECIDE_ACCEPT) {
        return error_hint(err, "Name them (3 7 12/2), or say --passed, --all, or --file "
                               "DECISIONS.json.");
    }
    return error_hint(err, "Name them (3 7 12/2), or say --all.");
}

bool decide_select(const struct settings *settings, struct sql_session *session,
                   enum decide_verb verb, int argc, char **argv, struct decision_targets *out,
                   struct error *err)
{
    const char *files = verb == DECIDE_ACCEPT ? setting_text(settings, "file") : NULL;
    bool all = setting_flag(settings, "all");
    bool passed = verb == DECIDE_ACCEPT && setting_flag(settings, "passed");
    struct choosing choosing = { .verb = verb, .passed = passed, .out = out };

    if (!check_ways((argc > 1) + all + passed + (files != NULL), verb, err)) {
        return false;
    }
    if (files) {
        return choose_files(files, argv[0], out, err);
    }
    if (argc > 1) {
        return choose_words(session, verb, argc, argv, out, err);
    }
    return batch_read_items(session, argv[0], PIECE, take, &choosing, err);
}
