/* migrate_large.c - the steps before and after the migration of a large job_queue, so that the
 * migration itself holds its locks for a moment only. Before: adds the columns, builds the indexes
 * concurrently and fills the columns of running jobs. After: fills in the application's defaults.
 * Each step finds what an earlier, interrupted call has done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "queue/migrate_internal.h"

enum { STATEMENT_BYTES = 64 << 10, NAME_BYTES = 64, TELL_US = 5 * 1000 * 1000 };

struct preparation {
    struct sql_session *session;
    const struct migrate_options *options;
    const char *sql; /* statement of the current step */
    const char *index;
    bool old_names; /* of the columns: the migration adds the prefix darkroom_ */
};

/* Finds the next statement of an install file that begins a line with `opening` and contains
 * `needle` in its first 200 bytes. Returns a copy up to its semicolon and advances *at; NULL after
 * the last one. */
static char *next_statement(const char **at, const char *opening, const char *needle)
{
    for (const char *begin = *at; (begin = strstr(begin, opening)); begin++) {
        const char *end = strstr(begin, ";\n"), *found = strstr(begin, needle);

        if ((begin == *at || begin[-1] == '\n') && end && found && found < end &&
            found < begin + 200) {
            *at = end + 1;
            return xstrndup(begin, (size_t)(end - begin) + 1);
        }
    }
    return NULL;
}

/* Runs `step` for each such statement of the files that are not applied. */
static bool for_each(const struct schema_state *state, const char *opening, const char *needle,
                     bool (*step)(struct preparation *, struct error *), struct preparation *prep,
                     struct error *err)
{
    bool good = true;

    for (const struct embedded *file = NULL; good && (file = install_file_next(file));) {
        const char *at = (const char *)file->data;
        char *sql;

        while (good && !schema_state_has(state, file) &&
               (sql = next_statement(&at, opening, needle))) {
            prep->sql = sql;
            good = step(prep, err);
            free(sql);
        }
    }
    return good;
}

/* -- columns ---------------------------------------------------------------------------------- */

static bool attempt_columns(void *context, struct error *err)
{
    struct preparation *prep = context;

    return sql_script(prep->session, (const char *)embed_find("sql/migrate/begin.sql")->data,
                      err) &&
           sql_script(prep->session, (const char *)embed_find("sql/migrate/lock.sql")->data, err) &&
           sql_script(prep->session, prep->sql, err) &&
           sql_script(prep->session, (const char *)embed_find("sql/migrate/mark_columns.sql")->data,
                      err) &&
           sql_script(prep->session, "commit", err);
}

static bool add_columns(struct preparation *prep, struct error *err)
{
    return migrate_repeat(prep->session, prep->options, attempt_columns, prep, err);
}

/* -- indexes ---------------------------------------------------------------------------------- */

static bool attempt_index(void *context, struct error *err)
{
    struct preparation *prep = context;
    const char *params[] = { prep->index };
    struct blob value;
    struct text sql;
    bool good;

    if (!sql_query(prep->session, "migrate_index_state", 1, params, &value, err)) {
        return false;
    }
    good = true;
    if (value.size > 0 && strcmp((const char *)value.data, "invalid") == 0) {
        text_begin(&sql, STATEMENT_BYTES);
        text_printf(&sql, "drop index concurrently if exists public.%s", prep->index);
        good = sql_script(prep->session, sql.data, err);
        text_end(&sql);
    }
    if (good && (value.size == 0 || strcmp((const char *)value.data, "valid") != 0)) {
        good =
            sql_script(prep->session,
                       (const char *)embed_find("sql/migrate/wait_for_snapshots.sql")->data, err);
        if (good) {
            migrate_tell(prep->options, "building index %s while the application runs",
                         prep->index);
            good = sql_script(prep->session, prep->sql, err);
        }
    }
    blob_free(&value);
    return good;
}

/* Appends a statement without the prefix of darkroom's columns. Names of indexes keep it. */
static void add_with_old_names(struct text *out, const char *statement)
{
    static const char prefix[] = "darkroom_";
    static const char columns[] = "priority run_at losses lease_until";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";

    for (const char *at = statement, *found; *at; at = found) {
        char word[NAME_BYTES];

        found = strstr(at, prefix);
        if (!found) {
            text_add(out, at);
            return;
        }
        text_add_bytes(out, at, (size_t)(found - at));
        found += sizeof prefix - 1;
        snprintf(word, sizeof word, "%.*s", (int)strspn(found, letters), found);
        if (!word_list_has(columns, word)) {
            text_add(out, prefix);
        }
    }
}

static bool build_index(struct preparation *prep, struct error *err)
{
    static const char opening[] = "create index if not exists ";
    const char *rest = prep->sql + sizeof opening - 1;
    struct preparation step = *prep;
    char name[NAME_BYTES];
    struct text sql;
    bool good;

    if (sscanf(rest, "%63s", name) != 1) {
        return true;
    }
    text_begin(&sql, STATEMENT_BYTES);
    text_add(&sql, "create index concurrently if not exists ");
    if (prep->old_names) {
        add_with_old_names(&sql, rest);
    } else {
        text_add(&sql, rest);
    }
    step.sql = sql.data;
    step.index = name;
    good = migrate_repeat(prep->session, prep->options, attempt_index, &step, err);
    text_end(&sql);
    return good;
}

/* -- running jobs ----------------------------------------------------------------------------- */

static bool fill_columns(struct preparation *prep, struct error *err)
{
    bool more = true;

    while (more) {
        struct blob value;

        if (!sql_query(prep->session, "migrate_fill", 0, NULL, &value, err)) {
            return false;
        }
        more = value.size > 0 && atoi((const char *)value.data) > 0;
        blob_free(&value);
    }
    return true;
}

enum size { SMALL, LARGE, LARGE_WITH_OLD_NAMES };

static bool read_size(struct sql_session *session, enum size *size, struct error *err)
{
    struct blob value;

    if (!sql_query(session, "migrate_is_large", 0, NULL, &value, err)) {
        return false;
    }
    *size = value.size == 0                                    ? SMALL
            : strcmp((const char *)value.data, "current") == 0 ? LARGE
                                                               : LARGE_WITH_OLD_NAMES;
    blob_free(&value);
    return true;
}

bool migrate_prepare_large(struct sql_session *session, const struct migrate_options *options,
                           const struct schema_state *state, struct error *err)
{
    struct preparation prep = { .session = session, .options = options };
    enum size size;

    if (!read_size(session, &size, err)) {
        return false;
    }
    prep.old_names = size == LARGE_WITH_OLD_NAMES;
    return size == SMALL ||
           ((prep.old_names || for_each(state, "alter table public.job_queue",
                                        "add column if not exists", add_columns, &prep, err)) &&
            for_each(state, "create index if not exists ", " on public.job_queue ", build_index,
                     &prep, err) &&
            (prep.old_names || fill_columns(&prep, err)));
}

struct table_filling { /* of rows with the application's defaults, page by page */
    int64_t pages, began_us, told_us;
};

static bool begin_filling(struct sql_session *session, struct table_filling *filling,
                          struct error *err)
{
    struct blob value;

    filling->began_us = filling->told_us = clock_mono_us();
    if (!sql_query(session,
                   "select pg_relation_size('public.job_queue') / "
                   "current_setting('block_size')::bigint",
                   0, NULL, &value, err)) {
        return false;
    }
    filling->pages = value.size > 0 ? atoll((const char *)value.data) : 0;
    blob_free(&value);
    return true;
}

/* Tells every few seconds how much of the table is done, and how long the rest takes. */
static void tell_filled(struct table_filling *filling, const struct migrate_options *options,
                        int64_t page)
{
    int64_t now = clock_mono_us(), left = filling->pages - page;

    if (now - filling->told_us >= TELL_US && page > 0 && filling->pages > page) {
        migrate_tell(options, "job_queue: %d %% of the table is filled, %lld s left",
                     (int)(page * 100 / filling->pages),
                     (long long)((now - filling->began_us) * left / page / 1000000) + 1);
        filling->told_us = now;
    }
}

bool migrate_finish_large(struct sql_session *session, const struct migrate_options *options,
                          struct error *err)
{
    char page[NAME_BYTES] = "0";
    const char *params[] = { page };
    struct table_filling filling;
    enum size size;
    bool more = true;

    if (!read_size(session, &size, err)) {
        return false;
    }
    if (size != LARGE) {
        return true;
    }
    if (!begin_filling(session, &filling, err)) {
        return false;
    }
    while (more) {
        struct blob value;

        if (!sql_query(session, "migrate_fill_nulls", 1, params, &value, err)) {
            return false;
        }
        more = value.size > 0;
        if (more) {
            snprintf(page, sizeof page, "%s", (const char *)value.data);
            tell_filled(&filling, options, atoll(page));
        }
        blob_free(&value);
    }
    return true;
}
