/* migrate_problems.c - refuses a migration that would fail half-way or damage the application. */
#include <string.h>

#include "base/json.h"
#include "queue/migrate_internal.h"

enum { COLUMNS_BYTES = 4000 };

/* Lists the columns that sql/install adds to job_queue, separated by commas. */
static void list_columns(struct text *out)
{
    static const char mark[] = "add column if not exists darkroom_";

    for (const struct embedded *file = NULL; (file = install_file_next(file));) {
        const char *at = (const char *)file->data;

        while ((at = strstr(at, mark))) {
            const char *name = at + strlen("add column if not exists ");
            size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

            if (out->size > 0) {
                text_add(out, ",");
            }
            text_add_bytes(out, name, size);
            at = name + size;
        }
    }
}

static bool report_problems(const cJSON *problems, const struct migrate_options *options,
                            struct error *err)
{
    const cJSON *problem;
    bool first = true;

    cJSON_ArrayForEach(problem, problems)
    {
        const char *text = json_peek_text(problem, "text"), *hint = json_peek_text(problem, "hint");

        if (first) {
            error_set(err, ERROR_CONFIG, "%s", text ? text : "the database does not fit");
            error_hint(err, "%s", hint ? hint : "");
        } else {
            migrate_tell(options, "also: %s", text ? text : "");
        }
        first = false;
    }
    return first;
}

bool migrate_find_problems(struct sql_session *session, const struct migrate_options *options,
                           bool removal, struct error *err)
{
    const char *params[1];
    struct text columns;
    struct blob value;
    cJSON *problems = NULL;
    bool good;

    text_begin(&columns, COLUMNS_BYTES);
    list_columns(&columns);
    params[0] = removal ? NULL : columns.data;
    good = sql_query(session, "migrate_problems", 1, params, &value, err);
    text_end(&columns);
    if (!good) {
        return false;
    }
    good = value.size == 0 ||
           json_parse_own(value.data, value.size, "the list of problems", &problems, err);
    blob_free(&value);
    good = good && report_problems(problems, options, err);
    cJSON_Delete(problems);
    return good;
}
