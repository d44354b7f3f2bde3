/* test_responses.c - every response in tests/responses is read as its file says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/text.h"
#include "lib/response_case.h"
#include "providers/provider_batch.h"

enum { FILES_MIN = 60 };

static struct catalog *catalog;

static int setup(void **state)
{
    struct error err;

    (void)state;
    return catalog_load((const char *)embed_find("assets/models.json")->data, &catalog, &err) ? 0
                                                                                              : -1;
}

static int teardown(void **state)
{
    (void)state;
    catalog_free(catalog);
    return 0;
}

/* The text of a file of tests/responses; the caller frees it. */
static char *text_of(const char *name, size_t *size)
{
    const char *source = getenv("DARKROOM_SOURCE");
    char path[500], *text;
    long length;
    FILE *file;

    assert_non_null(source);
    snprintf(path, sizeof path, "%s/tests/responses/%s", source, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    length = ftell(file);
    rewind(file);
    text = malloc((size_t)length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)length, file), length);
    text[length] = '\0';
    *size = (size_t)length;
    fclose(file);
    return text;
}

static void assert_content(const char *name, const char *expected, const struct blob *content)
{
    uint8_t bytes[200];
    size_t size = 0;

    if (strncmp(expected, "hex:", 4) != 0) {
        size = strlen(expected);
        if (content->size != size || memcmp(content->data, expected, size) != 0) {
            fail_msg("%s: the content is '%.*s'", name, (int)content->size,
                     (const char *)content->data);
        }
        return;
    }
    for (const char *at = expected + 4; *at && size < sizeof bytes; at += 2) {
        unsigned byte = 0;

        assert_int_equal(sscanf(at, "%2x", &byte), 1);
        bytes[size++] = (uint8_t)byte;
    }
    if (content->size != size || memcmp(content->data, bytes, size) != 0) {
        fail_msg("%s: %zu other bytes", name, content->size);
    }
}

static void assert_usage(const char *name, const struct usage *expected, const struct usage *read)
{
    if (memcmp(expected, read, sizeof *read) != 0) {
        fail_msg("%s: usage %ld,%ld,%ld,%ld,%ld,%ld, cost %ld", name, (long)read->text_in,
                 (long)read->text_cached, (long)read->image_in, (long)read->image_cached,
                 (long)read->text_out, (long)read->image_out, (long)read->cost_microusd);
    }
}

struct reading {
    struct op op;
    struct model_result result;
    struct error err;
    enum read_result how;
};

static void read_case(const struct response_case *given, struct arena *arena, struct reading *out)
{
    const struct provider *provider = provider_find("openai");
    struct endpoint at = { .provider = provider };
    struct model_request request = {
        .task = given->task,
        .at = &at,
        .model = catalog_default(catalog, "openai", given->task == TASK_TEXT ? "features" : "edit"),
        .prompt = "A cup",
        .arena = arena,
    };
    struct blob record = blob_view(given->body, given->body_size);
    char id[40];
    int status;

    *out = (struct reading){ .result = { .usage = USAGE_UNKNOWN } };
    if (given->record) {
        out->how =
            provider->batch->read_record(&request, &record, id, &status, &out->result, &out->err);
        return;
    }
    out->op.http_response.status = given->status;
    snprintf(out->op.http_response.content_type, sizeof out->op.http_response.content_type, "%s",
             given->type);
    assert_true(blob_copy(&out->op.http_response.body, record.data, record.size, &out->err));
    out->how = provider->read_response(&request, &out->op, &out->result, &out->err);
}

static void check_reading(const char *name, const struct response_case *given,
                          const struct reading *reading)
{
    if (strcmp(given->reading, "done") == 0) {
        if (reading->how != READ_DONE) {
            fail_msg("%s: %s", name, reading->err.text);
        }
        assert_content(name, given->content, &reading->result.content);
        assert_true(utf8_length(reading->result.request_id) !=
                    SIZE_MAX); /* it gets into Postgres */
        assert_usage(name, &given->usage, &reading->result.usage);
    } else if (strcmp(given->reading, "download") == 0) {
        if (reading->how != READ_POLL_AGAIN) {
            fail_msg("%s: %s", name, reading->err.text);
        }
        assert_string_equal(reading->op.http.url, given->content);
        assert_true(reading->op.http.untrusted_url);
        assert_int_equal(reading->op.http.header_count, 0); /* no key is sent there */
    } else {
        const char *kind = reading->err.cause == ERROR_CAUSE_MODEL_GONE
                               ? "model"
                               : error_rule(reading->err.kind)->name;

        if (reading->how != READ_FAILED || strcmp(kind, given->reading) != 0 ||
            !strstr(reading->err.text, given->message)) {
            fail_msg("%s: result %d, kind %s, '%s'", name, reading->how, kind, reading->err.text);
        }
        assert_null(reading->result.content.data);
    }
}

static void responses_are_read_as_their_files_say(void **state)
{
    const char *source = getenv("DARKROOM_SOURCE");
    char path[400];
    struct dirent *entry;
    int count = 0;
    DIR *folder;

    (void)state;
    snprintf(path, sizeof path, "%s/tests/responses", source ? source : ".");
    folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        struct response_case given;
        struct reading reading;
        struct arena *arena;
        size_t size;
        char *text;

        if (entry->d_name[0] == '.') {
            continue;
        }
        text = text_of(entry->d_name, &size);
        arena = arena_new();
        if (!response_case_read(text, size, &given)) {
            fail_msg("%s is not a case", entry->d_name);
        }
        read_case(&given, arena, &reading);
        check_reading(entry->d_name, &given, &reading);
        blob_free(&reading.result.content);
        op_clear(&reading.op);
        arena_free(arena);
        free(text);
        count++;
    }
    closedir(folder);
    assert_true(count >= FILES_MIN);
}

/* 66 MB of zeros are rejected after the first part of them, so that neither time nor memory grows
 * with the body. */
static void huge_response_of_small_values_is_rejected_early(void **state)
{
    enum { SIZE = 66 << 20 };
    struct response_case given = { .task = TASK_IMAGE, .status = 200, .body_size = SIZE };
    struct arena *arena = arena_new();
    char *zeros = malloc(SIZE);
    struct reading reading;
    int64_t began_us;

    (void)state;
    assert_non_null(zeros);
    for (size_t i = 0; i < SIZE; i++) {
        zeros[i] = i % 2 ? ',' : '0';
    }
    zeros[0] = '[';
    zeros[SIZE - 1] = ']';
    given.body = zeros;
    strcpy(given.type, "application/json");
    for (int task = 0; task < 2; task++) {
        given.task = task ? TASK_TEXT : TASK_IMAGE;
        began_us = clock_thread_cpu_us();
        read_case(&given, arena, &reading);
        assert_int_equal(reading.how, READ_FAILED);
        assert_int_equal(reading.err.kind, ERROR_FORMAT);
        assert_non_null(strstr(reading.err.text, "more than 200000 values"));
        /* the copy into the response is included; parsing everything takes 20 s */
        assert_true(clock_thread_cpu_us() - began_us < 2000000);
        op_clear(&reading.op);
    }
    arena_free(arena);
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(responses_are_read_as_their_files_say),
        cmocka_unit_test(huge_response_of_small_values_is_rejected_early),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
