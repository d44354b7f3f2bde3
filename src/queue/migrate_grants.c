/* migrate_grants.c - the rights that a worker needs, read from the statements that it runs, and
 * those to read the views for operators. */
#include <stdio.h>
#include <string.h>

#include "queue/migrate_internal.h"

enum { NAMES_BYTES = 8000 };

/* Statements of `darkroom work`, by the beginning of their names in sql/queries. */
static const char *const worker_statements[] = {
    "adopt_answers", "batch_api_", "begin_call",
    "brief",         "claim",      "commit_",
    "dashboard_",    "deregister", "fail",
    "keep_",         "profile",    "prove_session",
    "queue_depth",   "register",   "remaining_",
    "renew",         "return_",    "save_features",
    "schema_",       "service_",   "wait_for_service",
    "webhook_",
};

/* Conditions of --sql run on these views. A view's functions run with the rights of its reader. */
static const char view_tables[] = "darkroom.images,darkroom.candidates";
static const char view_functions[] = "readable_images,readable_candidates,more_facts";

static bool is_worker_statement(const char *path)
{
    static const char folder[] = "sql/queries/";

    if (strncmp(path, folder, sizeof folder - 1) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof worker_statements / sizeof *worker_statements; i++) {
        if (strncmp(path + sizeof folder - 1, worker_statements[i], strlen(worker_statements[i])) ==
            0) {
            return true;
        }
    }
    return false;
}

static void add_name(struct text *out, const char *name, size_t size)
{
    if (out->size > 0) {
        text_add(out, ",");
    }
    text_add_bytes(out, name, size);
}

/* Functions of schema darkroom by name; tables with their schema. */
static void scan(const char *sql, struct text *functions, struct text *tables)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    static const char schema[] = "darkroom.", queue[] = "public.job_queue";

    for (const char *at = sql; (at = strstr(at, schema)); at += sizeof schema - 1) {
        size_t size = strspn(at + sizeof schema - 1, letters);

        if (at[sizeof schema - 1 + size] == '(') {
            add_name(functions, at + sizeof schema - 1, size);
        } else {
            add_name(tables, at, sizeof schema - 1 + size);
        }
    }
    if (strstr(sql, queue)) {
        add_name(tables, queue, sizeof queue - 1);
    }
}

bool migrate_grants(struct sql_session *session, const char *role, struct text *out,
                    struct error *err)
{
    const char *params[3] = { role };
    struct text functions, tables;
    struct blob value = { 0 };
    bool good;

    text_begin(&functions, NAMES_BYTES);
    text_begin(&tables, NAMES_BYTES);
    for (const struct embedded *file = embedded_files; file->name; file++) {
        if (is_worker_statement(file->name)) {
            scan((const char *)file->data, &functions, &tables);
        }
    }
    add_name(&functions, view_functions, sizeof view_functions - 1);
    add_name(&tables, view_tables, sizeof view_tables - 1);
    params[1] = functions.data;
    params[2] = tables.data;
    good = migrate_check(session, NULL, err) &&
           sql_query(session, "migrate_grants", 3, params, &value, err);
    if (good && value.size == 0) {
        error_set(err, ERROR_CONFIG, "the database has no role '%.60s'", role);
        good = error_hint(err, "Create it: create role NAME login password '...';");
    } else if (good) {
        text_printf(out,
                    "-- For a worker that connects as %s. Run this as the owner of schema "
                    "darkroom, again after each upgrade.\n%s\n",
                    role, (const char *)value.data);
    }
    blob_free(&value);
    text_end(&functions);
    text_end(&tables);
    return good;
}
