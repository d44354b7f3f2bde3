/* test_batches.c - /v1/files and /v1/batches: accepted inputs, progress, results. */
#include "lib/standin_requests.h"

#include <unistd.h>

enum { ID = 64 };

static struct response upload(struct standin *standin, const char *purpose, const char *filename,
                              const char *content)
{
    CURL *curl = curl_easy_init();
    curl_mime *form = curl_mime_init(curl);
    curl_mimepart *part = curl_mime_addpart(form);

    if (purpose) {
        curl_mime_name(part, "purpose");
        curl_mime_data(part, purpose, CURL_ZERO_TERMINATED);
        part = curl_mime_addpart(form);
    }
    curl_mime_name(part, "file");
    curl_mime_filename(part, filename);
    curl_mime_type(part, "application/jsonl");
    curl_mime_data(part, content, CURL_ZERO_TERMINATED);
    return send_to(standin, (struct request){ "POST", "/v1/files", .form = form, .curl = curl });
}

static void copy_member(const struct response *response, const char *name, char *out)
{
    cJSON *tree = cJSON_Parse(response->body);
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(tree, name));

    snprintf(out, ID, "%s", text ? text : "");
    cJSON_Delete(tree);
}

static struct response get(struct standin *standin, const char *fmt, const char *id)
{
    char path[200];

    snprintf(path, sizeof path, fmt, id);
    return send_to(standin, (struct request){ .method = "GET", .path = path });
}

static void upload_input(struct standin *standin, const char *content, char *id)
{
    struct response response = upload(standin, "batch", "input.jsonl", content);

    assert_int_equal(response.status, 200);
    copy_member(&response, "id", id);
    assert_non_null(strstr(response.body, "\"purpose\":\"batch\""));
    free(response.body);
}

static struct response post_batch(struct standin *standin, const char *file, const char *endpoint)
{
    char body[400];

    snprintf(body, sizeof body,
             "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"completion_window\":\"24h\","
             "\"metadata\":{\"darkroom_chunk\":\"c1\"}}",
             file, endpoint);
    return post(standin, "/v1/batches", body);
}

static void create_batch(struct standin *standin, const char *content, char *id)
{
    char file[ID];
    struct response response;

    upload_input(standin, content, file);
    response = post_batch(standin, file, "/v1/images/generations");
    assert_int_equal(response.status, 200);
    copy_member(&response, "id", id);
    assert_non_null(strstr(response.body, "\"darkroom_chunk\":\"c1\""));
    free(response.body);
}

/* Polls until the batch has this status. The caller deletes the batch. */
static cJSON *wait_for(struct standin *standin, const char *id, const char *status)
{
    for (int i = 0; i < 3000; i++) {
        struct response response = get(standin, "/v1/batches/%s", id);
        cJSON *tree = cJSON_Parse(response.body);
        const char *now = cJSON_GetStringValue(cJSON_GetObjectItem(tree, "status"));

        free(response.body);
        if (now && strcmp(now, status) == 0) {
            return tree;
        }
        cJSON_Delete(tree);
        usleep(10000);
    }
    fail_msg("batch %s did not become %s", id, status);
    return NULL;
}

static double count_of(const cJSON *batch, const char *name)
{
    return cJSON_GetNumberValue(
        cJSON_GetObjectItem(cJSON_GetObjectItem(batch, "request_counts"), name));
}

/* Returns the content of a result file, or "" if the batch has none. */
static char *results_of(struct standin *standin, const cJSON *batch, const char *name)
{
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(batch, name));
    struct response response;

    if (!id) {
        return strdup("");
    }
    response = get(standin, "/v1/files/%s/content", id);
    assert_int_equal(response.status, 200);
    return response.body;
}

/* Counts a part of a result and frees the result. */
static int count_in(char *text, const char *part)
{
    int count = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at++) {
        count++;
    }
    free(text);
    return count;
}

static void add_line(char *to, const char *custom_id, const char *prompt)
{
    sprintf(to + strlen(to),
            "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/images/generations\","
            "\"body\":{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"%s\",\"quality\":\"low\","
            "\"size\":\"1040x640\"}}\n",
            custom_id, prompt);
}

static void batch_completes_with_an_image_per_line(void **state)
{
    struct standin *standin = start((struct standin_config){ .latency = "constant:60000,"
                                                                        "batches=constant:100" });
    char input[4000] = "", id[ID], *output;
    cJSON *batch, *line;
    struct response response = { 0 };
    struct image image;
    struct blob file;

    (void)state;
    add_line(input, "one", "a jug");
    add_line(input, "two \\\"quoted\\\"", "a bowl");
    create_batch(standin, input, id);
    batch = wait_for(standin, id, "completed");
    assert_true(count_of(batch, "total") == 2 && count_of(batch, "completed") == 2);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(batch, "error_file_id")));
    output = results_of(standin, batch, "output_file_id");
    line = cJSON_Parse(strchr(output, '\n') + 1);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(line, "custom_id")),
                        "two \"quoted\"");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(line, "error")));
    response.body =
        cJSON_PrintUnformatted(cJSON_GetObjectItem(cJSON_GetObjectItem(line, "response"), "body"));
    response.size = strlen(response.body);
    decode_image_of(&response, 0, &image, &file);
    assert_int_equal(image.width, 1040);
    image_free(&image);
    blob_free(&file);
    free(response.body);
    cJSON_Delete(line);
    free(output);
    cJSON_Delete(batch);
    standin_stop(standin);
}

static double spent(struct standin *standin)
{
    struct response response =
        send_to(standin, (struct request){ .method = "GET", .path = "/_standin/stats" });
    cJSON *tree = cJSON_Parse(response.body);
    double usd = cJSON_GetNumberValue(cJSON_GetObjectItem(tree, "usd"));

    cJSON_Delete(tree);
    free(response.body);
    return usd;
}

static void batch_costs_half(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    char input[1000] = "", id[ID];
    struct response response;
    double half;

    (void)state;
    add_line(input, "one", "a jug");
    create_batch(standin, input, id);
    cJSON_Delete(wait_for(standin, id, "completed"));
    half = spent(standin);
    response = post(standin, "/v1/images/generations",
                    "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"a jug\",\"quality\":\"low\","
                    "\"size\":\"1040x640\"}");
    free(response.body);
    assert_true(half > 0);
    assert_true(spent(standin) - 3 * half < 1e-9 && spent(standin) - 3 * half > -1e-9);
    standin_stop(standin);
}

static void failed_lines_do_not_fail_the_batch(void **state)
{
    struct standin *standin =
        start((struct standin_config){ .faults = "match=blood,moderation\nmatch=limit,status=429\n"
                                                 "match=lost,drop\nmatch=torn,truncate" });
    char input[6000] = "", id[ID], *errors;
    cJSON *batch;

    (void)state;
    add_line(input, "a", "a jug");
    add_line(input, "b", "blood");
    add_line(input, "c", "limit");
    add_line(input, "d", "lost");
    add_line(input, "e", "torn");
    strcat(input,
           "{\"custom_id\":\"f\",\"method\":\"POST\",\"url\":\"/v1/images/generations\","
           "\"body\":{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"x\",\"size\":\"7x7\"}}\n"
           "{\"custom_id\":\"g\",\"method\":\"POST\",\"url\":\"/v1/images/generations\","
           "\"body\":{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"x\",\"stream\":true}}");
    create_batch(standin, input, id);
    batch = wait_for(standin, id, "completed");
    assert_true(count_of(batch, "total") == 7);
    errors = results_of(standin, batch, "error_file_id");
    assert_non_null(strstr(errors, "\"custom_id\":\"b\",\"response\":{\"status_code\":400"));
    assert_non_null(strstr(errors, "moderation_blocked"));
    assert_non_null(strstr(errors, "\"custom_id\":\"c\",\"response\":{\"status_code\":429"));
    assert_non_null(strstr(errors, "Invalid size '7x7'"));
    assert_non_null(strstr(errors, "Streaming is not supported"));
    assert_int_equal(count_in(errors, "\"custom_id\""), 4);
    assert_int_equal(count_in(results_of(standin, batch, "output_file_id"), "\"custom_id\""), 2);
    assert_int_equal(count_in(results_of(standin, batch, "output_file_id"), "\"error\":null}"), 1);
    cJSON_Delete(batch);
    standin_stop(standin);
}

static void expired_batch_keeps_completed_lines(void **state)
{
    struct standin *standin = start((struct standin_config){ .faults = "count=1,expire" });
    char input[6000] = "", id[ID], name[4] = "a";
    cJSON *batch;

    (void)state;
    for (; name[0] < 'g'; name[0]++) {
        add_line(input, name, "a jug");
    }
    create_batch(standin, input, id);
    batch = wait_for(standin, id, "expired");
    assert_true(count_of(batch, "completed") == 3 && count_of(batch, "failed") == 3);
    assert_int_equal(count_in(results_of(standin, batch, "error_file_id"), "batch_expired"), 3);
    cJSON_Delete(batch);
    create_batch(standin, input, id); /* only the first batch expires */
    cJSON_Delete(wait_for(standin, id, "completed"));
    standin_stop(standin);
}

static void cancelled_batch_keeps_completed_lines(void **state)
{
    struct standin *standin = start((struct standin_config){ .latency = "batches=constant:60000" });
    char input[60000] = "", id[ID], path[100], name[16];
    struct response response;
    cJSON *batch;
    int done;

    (void)state;
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "c%d", i);
        add_line(input, name, "a jug");
    }
    create_batch(standin, input, id);
    for (done = 0; done == 0; cJSON_Delete(batch)) {
        batch = wait_for(standin, id, "in_progress");
        done = (int)count_of(batch, "completed");
    }
    snprintf(path, sizeof path, "/v1/batches/%s/cancel", id);
    response = post(standin, path, "");
    assert_int_equal(response.status, 200);
    assert_non_null(strstr(response.body, "\"status\":\"cancelling\""));
    free(response.body);
    batch = wait_for(standin, id, "cancelled");
    done = (int)count_of(batch, "completed");
    assert_true(done > 0 && done < 200);
    assert_int_equal(count_in(results_of(standin, batch, "output_file_id"), "\"custom_id\""), done);
    cJSON_Delete(batch);
    assert_refused(post(standin, path, ""), 409, NULL);
    standin_stop(standin);
}

static void invalid_requests_are_refused(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    char file[ID];

    (void)state;
    assert_refused(upload(standin, NULL, "a.jsonl", "{}"), 400, NULL);
    assert_refused(upload(standin, "batches", "a.jsonl", "{}"), 400, NULL);
    assert_refused(upload(standin, "batch", "a.txt", "{}"), 400, NULL);
    assert_refused(upload(standin, "batch", "a.jsonl", ""), 400, NULL);
    assert_refused(get(standin, "/v1/files/%s", "file-none"), 404, NULL);
    assert_refused(get(standin, "/v1/files/%s/content", "file-none"), 404, NULL);
    assert_refused(get(standin, "/v1/batches/%s", "batch_none"), 404, NULL);
    upload_input(standin, "{}", file);
    assert_refused(post_batch(standin, "file-none", "/v1/images/edits"), 400, NULL);
    assert_refused(post_batch(standin, file, "/v1/images/variations"), 400, "invalid_value");
    assert_refused(post(standin, "/v1/batches", "{\"endpoint\":\"/v1/images/edits\"}"), 400,
                   "missing_required_parameter");
    assert_refused(post(standin, "/v1/batches", "{\"endpoints\":1}"), 400, "unknown_parameter");
    assert_refused(post(standin, "/v1/batches", "no"), 400, NULL);
    standin_stop(standin);
}

static void assert_invalid(struct standin *standin, const char *input, const char *code)
{
    char id[ID];
    cJSON *batch, *data;

    create_batch(standin, input, id);
    batch = wait_for(standin, id, "failed");
    data = cJSON_GetObjectItem(cJSON_GetObjectItem(batch, "errors"), "data");
    assert_string_equal(cJSON_GetStringValue(
                            cJSON_GetObjectItem(cJSON_GetArrayItem(data, 0), "code")),
                        code);
    cJSON_Delete(batch);
}

static void invalid_input_fails_the_batch(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    char input[3000] = "";

    (void)state;
    assert_invalid(standin, "{\"custom_id\":", "invalid_json_line");
    assert_invalid(standin, "\n", "empty_file");
    add_line(input, "same", "a jug");
    add_line(input, "same", "a jug");
    assert_invalid(standin, input, "duplicate_custom_id");
    assert_invalid(standin,
                   "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/images/edits\",\"body\":"
                   "{\"model\":\"gpt-image-2.5-flare\"}}",
                   "url_mismatch");
    assert_invalid(standin,
                   "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/images/generations\","
                   "\"body\":{\"model\":\"dall-e-3\"}}",
                   "model_not_found");
    input[0] = '\0';
    add_line(input, "a", "a jug");
    strcat(input, "{\"custom_id\":\"b\",\"method\":\"POST\",\"url\":\"/v1/images/generations\","
                  "\"body\":{\"model\":\"gpt-image-2\"}}");
    assert_invalid(standin, input, "model_mismatch");
    standin_stop(standin);
}

static void batches_are_listed_and_reset(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    char input[1000] = "", ids[3][ID], file[ID], path[100];
    struct response response;

    (void)state;
    add_line(input, "a", "a jug");
    for (int i = 0; i < 3; i++) {
        create_batch(standin, input, ids[i]);
    }
    response = get(standin, "/v1/batches?limit=2%s", "");
    assert_true(strstr(response.body, ids[2]) && !strstr(response.body, ids[0])); /* newest first */
    assert_non_null(strstr(response.body, "\"has_more\":true"));
    free(response.body);
    response = get(standin, "/v1/batches?after=%s", ids[1]);
    assert_true(strstr(response.body, ids[0]) && !strstr(response.body, ids[1]));
    assert_non_null(strstr(response.body, "\"has_more\":false"));
    free(response.body);
    upload_input(standin, input, file);
    snprintf(path, sizeof path, "/v1/files/%s", file);
    free(send_to(standin, (struct request){ .method = "DELETE", .path = path }).body);
    assert_refused(get(standin, "/v1/files/%s", file), 404, NULL);
    free(post(standin, "/_standin/reset", "").body);
    assert_refused(get(standin, "/v1/batches/%s", ids[0]), 404, NULL);
    standin_stop(standin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batch_completes_with_an_image_per_line),
        cmocka_unit_test(batch_costs_half),
        cmocka_unit_test(failed_lines_do_not_fail_the_batch),
        cmocka_unit_test(expired_batch_keeps_completed_lines),
        cmocka_unit_test(cancelled_batch_keeps_completed_lines),
        cmocka_unit_test(invalid_requests_are_refused),
        cmocka_unit_test(invalid_input_fails_the_batch),
        cmocka_unit_test(batches_are_listed_and_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
