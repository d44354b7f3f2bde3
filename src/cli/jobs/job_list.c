/* job_list.c - rows of `darkroom jobs`. */
#include "cli/jobs/job_list.h"

#include <string.h>

#include "model/kind.h"
#include "term/relative_time.h"
#include "term/short_id.h"
#include "term/state_style.h"
#include "term/table.h"

enum { TEXT_BYTES = 320 };

bool job_list_query(struct sql_session *session, const char *filter, int64_t count, cJSON **rows,
                    struct error *err)
{
    char limit[24];
    const char *params[] = { filter, limit };

    snprintf(limit, sizeof limit, "%lld", (long long)count);
    return database_query(session, "jobs_list", 2, params, rows, err);
}

const char *job_list_what(const char *type, const char *image)
{
    static const struct {
        const char *type, *what;
    } types[] = {
        { "generate-complete-pack", "pack" },
        { "generate-aplus", "A+ content" },
        { "batch-api", "Batch API chunk" },
    };

    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, type) == 0) {
            return types[i].what;
        }
    }
    return image ? kind_title(kind_find(image)) : type ? type : "";
}

/* "12.4 s", "12.4 s+" for a running job, "in 20 s" for one that is not due. */
static void duration_of(const cJSON *row, char *out, size_t size)
{
    double took = json_peek_number(row, "seconds", -1);
    double running = json_peek_number(row, "runningSeconds", -1);
    double waits = json_peek_number(row, "waitsSeconds", -1);
    double seconds = took >= 0 ? took : running;
    char age[24];

    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "paused"))) {
        snprintf(out, size, "paused");
    } else if (waits >= 0) {
        relative_time_age(waits, age, sizeof age);
        snprintf(out, size, "in %s", age);
    } else if (seconds < 0) {
        snprintf(out, size, "-");
    } else if (seconds < 100) {
        snprintf(out, size, "%.1f s%s", seconds, took < 0 ? "+" : "");
    } else {
        relative_time_age(seconds, age, sizeof age);
        snprintf(out, size, "%s%s", age, took < 0 ? "+" : "");
    }
}

static void add_texts(cJSON *row, int id_length, int64_t now_ms)
{
    const char *email = json_peek_text(row, "email"), *user = json_peek_text(row, "user");
    const char *product = json_peek_text(row, "product"), *error = json_peek_text(row, "message");
    const char *project = json_peek_text(row, "project"), *id = json_peek_text(row, "id");
    char text[TEXT_BYTES], short_text[TEXT_BYTES - 8];
    double age = relative_time_since(json_peek_text(row, "created"), now_ms);

    short_id(id ? id : "", id_length, short_text, sizeof short_text);
    snprintf(text, sizeof text, "%s%s", json_peek_text(row, "parent") ? "  " : "", short_text);
    cJSON_AddStringToObject(row, "shownId", text);
    cJSON_AddStringToObject(row, "what",
                            job_list_what(json_peek_text(row, "type"),
                                          json_peek_text(row, "image")));
    cJSON_AddStringToObject(row, "who", email ? email : user ? user : "-");
    cJSON_AddStringToObject(row, "shownProduct", product ? product : project ? project : "-");
    relative_time_age(age, text, sizeof text);
    cJSON_AddStringToObject(row, "age", age < 0 ? "-" : text);
    duration_of(row, text, sizeof text);
    cJSON_AddStringToObject(row, "time", text);
    cJSON_AddStringToObject(row, "message", error ? error : "");
}

void job_list_prepare(cJSON *rows, bool short_ids, int64_t now_ms)
{
    int length = short_ids ? short_id_length(rows, "id") : TEXT_BYTES - 8;
    cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        add_texts(row, length, now_ms);
    }
}

void job_list_print(FILE *to, const cJSON *rows)
{
    static const struct table_column columns[] = {
        { "shownId", "JOB", .max_width = 40 },
        { "status", "STATUS", .max_width = 10, .style = state_style },
        { "what", "MAKES", .max_width = 22, .min_width = 12, .link_key = "url" },
        { "shownProduct", "PRODUCT", .max_width = 28, .min_width = 12 },
        { "project", "PROJECT", .max_width = 30, .min_width = 8, .optional = true },
        { "who", "SELLER", .max_width = 24, .min_width = 10, .optional = true },
        { "retries", "RETRIES", .max_width = 7, .optional = true, .right = true },
        { "age", "AGE", .max_width = 8, .right = true },
        { "time", "TIME", .max_width = 8, .optional = true, .right = true },
        { "message", "MESSAGE", .max_width = 200 },
    };

    table_print_columns(to, rows, columns, sizeof columns / sizeof *columns);
}
