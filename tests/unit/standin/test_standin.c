/* The stand-in over real sockets: what it refuses, makes, keeps, and how it fails as told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "image/image.h"
#include "standin/standin.h"

#define JWT "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2ln"

struct got {
    char *body;
    size_t size;
    long status;
    CURLcode code;
    char headers[4096];
};

static size_t on_body(char *data, size_t one, size_t count, void *context)
{
    struct got *got = context;

    got->body = realloc(got->body, got->size + count * one + 1);
    memcpy(got->body + got->size, data, count * one);
    got->size += count * one;
    got->body[got->size] = '\0';
    return count * one;
}

static size_t on_header(char *data, size_t one, size_t count, void *context)
{
    struct got *got = context;

    strncat(got->headers, data,
            sizeof got->headers - strlen(got->headers) - 1 < one * count ? 0 : one * count);
    return count * one;
}

struct ask {
    const char *method, *path, *type, *extra; /* extra: one more header */
    const void *body;
    size_t size;     /* 0: strlen(body) */
    const char *key; /* a header; NULL: a good key for the path */
    curl_mime *form;
    CURL *curl; /* made with the form */
    long timeout_ms;
};

static struct got ask(struct standin *standin, struct ask what)
{
    CURL *curl = what.curl ? what.curl : curl_easy_init();
    struct curl_slist *headers = NULL;
    struct got got = { 0 };
    char url[600], type[200];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", standin_port(standin), what.path);
    snprintf(type, sizeof type, "Content-Type: %s", what.type ? what.type : "application/json");
    if (!what.form) {
        headers = curl_slist_append(headers, type);
    }
    headers = curl_slist_append(headers, what.key                         ? what.key
                                         : strstr(what.path, "/storage/") ? JWT
                                                                          : "Authorization: "
                                                                            "Bearer sk-test");
    headers = curl_slist_append(headers, what.extra ? what.extra : "X-Nothing: 1");
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &got);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &got);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, what.timeout_ms ? what.timeout_ms : 30000L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, what.method);
    if (strcmp(what.method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    }
    if (what.form) {
        curl_easy_setopt(curl, CURLOPT_MIMEPOST, what.form);
    } else if (what.body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE,
                         (long)(what.size ? what.size : strlen(what.body)));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, what.body);
    }
    got.code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &got.status);
    curl_slist_free_all(headers);
    curl_mime_free(what.form);
    curl_easy_cleanup(curl);
    return got;
}

static struct got post(struct standin *standin, const char *path, const char *body)
{
    return ask(standin, (struct ask){ .method = "POST", .path = path, .body = body });
}

static struct standin *start(struct standin_config config)
{
    struct standin *standin = NULL;
    struct error err = { 0 };

    if (!standin_start(&config, &standin, &err)) {
        fail_msg("%s", err.text);
    }
    return standin;
}

static const char *peek(const cJSON *at, const char *a, const char *b)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(at, a), b));
}

/* Frees the answer. */
static void assert_refused(struct got got, long status, const char *code)
{
    cJSON *tree = cJSON_Parse(got.body);

    assert_int_equal(got.status, status);
    assert_non_null(tree);
    if (code) {
        assert_string_equal(peek(tree, "error", "code"), code);
    }
    assert_non_null(strcasestr(got.headers, "x-request-id: req_"));
    cJSON_Delete(tree);
    free(got.body);
}

/* The picture in the answer's data[index]. */
static void picture_of(const struct got *got, int index, struct image *image, struct blob *file)
{
    struct image_bounds bounds = { 0 };
    cJSON *tree = cJSON_ParseWithLength(got->body, got->size);
    const cJSON *item = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "data"), index);
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(item, "b64_json"));
    struct error err = { 0 };

    assert_non_null(text);
    assert_true(blob_new(file, base64_decoded_max(strlen(text)), &err));
    assert_true(base64_decode(text, strlen(text), file->data, &file->size));
    if (image && !image_decode(file, &bounds, image, NULL, &err)) {
        fail_msg("%s", err.text);
    }
    cJSON_Delete(tree);
}

static void makes_real_pictures(void **state)
{
    struct standin *standin = start((struct standin_config){ .seed = 1 });
    struct got got = post(standin, "/v1/images/generations",
                          "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"a jug\",\"size\":"
                          "\"1040x640\",\"n\":2,\"quality\":\"low\"}");
    struct image one, two;
    struct blob first, second;
    cJSON *tree;

    (void)state;
    assert_int_equal(got.status, 200);
    picture_of(&got, 0, &one, &first);
    picture_of(&got, 1, &two, &second);
    assert_int_equal(one.width, 1040);
    assert_int_equal(one.height, 640);
    assert_false(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
    tree = cJSON_ParseWithLength(got.body, got.size);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "size")), "1040x640");
    assert_true(
        cJSON_GetObjectItem(cJSON_GetObjectItem(tree, "usage"), "output_tokens")->valuedouble > 0);
    cJSON_Delete(tree);
    image_free(&one);
    image_free(&two);
    blob_free(&first);
    blob_free(&second);
    free(got.body);
    standin_stop(standin);
}

static void refuses_what_is_wrong(void **state)
{
    static const struct {
        const char *fields, *code;
        int status;
    } rows[] = {
        { "\"model\":\"gpt-image-2\",\"response_format\":\"b64_json\"", "unknown_parameter", 400 },
        { "\"model\":\"gpt-image-2\",\"colour\":\"red\"", "unknown_parameter", 400 },
        { "\"model\":\"gpt-image-2\",\"size\":\"1000x1000\"", "invalid_value", 400 },
        { "\"model\":\"gpt-image-2\",\"size\":\"512x512\"", "invalid_value", 400 },
        { "\"model\":\"gpt-image-2\",\"size\":\"3840x1200\"", "invalid_value", 400 },
        { "\"model\":\"gpt-image-2\",\"size\":\"3840x3840\"", "invalid_value", 400 },
        { "\"model\":\"gpt-image-2\",\"quality\":\"hd\"", "invalid_value", 400 },
        { "\"model\":\"gpt-image-2\",\"n\":11", "integer_above_max_value", 400 },
        { "\"model\":\"gpt-image-2\",\"n\":0", "integer_below_min_value", 400 },
        { "\"model\":\"gpt-image-2\",\"background\":\"transparent\",\"output_format\":\"jpeg\"",
          "invalid_value", 400 },
        { "\"model\":\"dall-e-3\"", "model_not_found", 404 },
        { "\"model\":\"no-such\"", "model_not_found", 404 },
    };
    struct standin *standin = start((struct standin_config){ .latency = "constant:60000" });
    char body[400];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(body, sizeof body, "{\"prompt\":\"a jug\",%s}", rows[i].fields);
        assert_refused(post(standin, "/v1/images/generations", body), rows[i].status, rows[i].code);
    }
    assert_refused(post(standin, "/v1/images/generations", "{\"model\":\"gpt-image-2\"}"), 400,
                   "missing_required_parameter");
    assert_refused(post(standin, "/v1/images/edits", "{\"prompt\":\"a\"}"), 400,
                   "missing_required_parameter");
    assert_refused(post(standin, "/v1/images/generations", "{"), 400, NULL);
    assert_refused(ask(standin, (struct ask){ .method = "POST",
                                              .path = "/v1/responses",
                                              .body = "{}",
                                              .key = "Authorization: Bearer wrong" }),
                   401, "invalid_api_key");
    assert_refused(post(standin, "/v1/chat/completions",
                        "{\"model\":\"gpt-6-luna\",\"messages\":[{\"role\":\"user\",\"content\":"
                        "\"hi\"}],\"max_tokens\":5}"),
                   400, "unsupported_parameter");
    standin_stop(standin);
}

/* A red square on white. */
static struct blob photo(void)
{
    struct image image;
    struct blob file;
    struct error err;

    assert_true(image_new(320, 240, 3, &image, &err));
    memset(image.pixels, 255, (size_t)320 * 240 * 3);
    for (int y = 60; y < 180; y++) {
        for (int x = 100; x < 220; x++) {
            memcpy(image.pixels + ((size_t)y * 320 + (size_t)x) * 3, "\xc8\x1e\x1e", 3);
        }
    }
    assert_true(image_encode_png(&image, false, &file, &err));
    image_free(&image);
    return file;
}

static void add_photo(curl_mime *form, const char *name, const struct blob *file, const char *type)
{
    curl_mimepart *part = curl_mime_addpart(form);

    curl_mime_name(part, name);
    curl_mime_data(part, (const char *)file->data, file->size);
    curl_mime_filename(part, "photo.png");
    curl_mime_type(part, type);
}

static struct got edit(struct standin *standin, const char *name, const char *type, int photos,
                       const char *background)
{
    static const char *const fields[][2] = { { "model", "gpt-image-2.5-flare" },
                                             { "prompt", "the product alone" },
                                             { "size", "1024x1024" },
                                             { "n", "1" } };
    struct blob file = photo();
    CURL *curl = curl_easy_init();
    curl_mime *form = curl_mime_init(curl);
    curl_mimepart *part;
    struct got got;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        part = curl_mime_addpart(form);
        curl_mime_name(part, fields[i][0]);
        curl_mime_data(part, fields[i][1], CURL_ZERO_TERMINATED);
    }
    part = curl_mime_addpart(form);
    curl_mime_name(part, "background");
    curl_mime_data(part, background, CURL_ZERO_TERMINATED);
    for (int i = 0; i < photos; i++) {
        add_photo(form, name, &file, type);
    }
    got = ask(standin,
              (struct ask){
                  .method = "POST", .path = "/v1/images/edits", .form = form, .curl = curl });
    blob_free(&file);
    return got;
}

static void edits_use_the_photo(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    struct got got = edit(standin, "image[]", "image/png", 2, "transparent");
    struct image image;
    struct blob file;
    const uint8_t *middle;

    (void)state;
    assert_int_equal(got.status, 200);
    picture_of(&got, 0, &image, &file);
    assert_int_equal(image.channels, 4);
    middle = image.pixels + ((size_t)512 * 1024 + 512) * 4;
    assert_int_equal(middle[0], 0xc8);
    assert_int_equal(middle[3], 255);
    assert_int_equal(image.pixels[3], 0);
    image_free(&image);
    blob_free(&file);
    free(got.body);

    got = edit(standin, "image", "image/png", 1, "opaque");
    assert_int_equal(got.status, 200);
    picture_of(&got, 0, &image, &file);
    assert_int_equal(image.channels, 3);
    image_free(&image);
    blob_free(&file);
    free(got.body);

    assert_refused(edit(standin, "image", "image/png", 2, "opaque"), 400, "duplicate_parameter");
    assert_refused(edit(standin, "image", "application/octet-stream", 1, "opaque"), 400,
                   "unsupported_file_mimetype");
    assert_refused(edit(standin, "image", "image/png", 0, "opaque"), 400,
                   "missing_required_parameter");
    standin_stop(standin);
}

#define SCHEMA                                                                                     \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\",\"note\"],"       \
    "\"properties\":{\"items\":{\"type\":\"array\",\"minItems\":4,\"maxItems\":4,\"items\":"       \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"headline\",\"kind\","     \
    "\"priority\"],\"properties\":{\"headline\":{\"type\":\"string\"},\"kind\":{\"type\":"         \
    "\"string\",\"enum\":[\"a\",\"b\"]},\"priority\":{\"type\":\"integer\",\"minimum\":1,"         \
    "\"maximum\":10}}}},\"note\":{\"type\":[\"string\",\"null\"],\"minLength\":50}}}"

static void assert_fits_schema(const char *text)
{
    cJSON *tree = cJSON_Parse(text);
    const cJSON *items = cJSON_GetObjectItem(tree, "items"), *item;

    assert_int_equal(cJSON_GetArraySize(items), 4);
    cJSON_ArrayForEach(item, items)
    {
        const char *headline = cJSON_GetStringValue(cJSON_GetObjectItem(item, "headline"));
        double priority = cJSON_GetObjectItem(item, "priority")->valuedouble;

        assert_in_range(strlen(headline), 10, 50);
        assert_in_range((unsigned)priority, 1, 10);
        assert_int_equal(strlen(cJSON_GetStringValue(cJSON_GetObjectItem(item, "kind"))), 1);
    }
    assert_true(strlen(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "note"))) >= 50);
    cJSON_Delete(tree);
}

static void texts_fit_their_schema(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    struct got got =
        post(standin, "/v1/responses",
             "{\"model\":\"gpt-6-luna\",\"input\":[{\"role\":\"user\",\"content\":[{"
             "\"type\":\"input_text\",\"text\":\"x\"}]}],\"text\":{\"format\":{\"type\":"
             "\"json_schema\",\"name\":\"f\",\"strict\":true,\"schema\":" SCHEMA "}}}");
    cJSON *tree = cJSON_Parse(got.body), *part;

    (void)state;
    assert_int_equal(got.status, 200);
    part = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "output"), 1); /* after the reasoning */
    part = cJSON_GetArrayItem(cJSON_GetObjectItem(part, "content"), 0);
    assert_fits_schema(cJSON_GetStringValue(cJSON_GetObjectItem(part, "text")));
    cJSON_Delete(tree);
    free(got.body);

    got = post(standin, "/v1/chat/completions",
               "{\"model\":\"gpt-6-luna\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
               "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"f\","
               "\"strict\":true,\"schema\":" SCHEMA "}}}");
    tree = cJSON_Parse(got.body);
    part = cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "choices"), 0);
    assert_fits_schema(peek(part, "message", "content"));
    cJSON_Delete(tree);
    free(got.body);

    assert_refused(post(standin, "/v1/responses",
                        "{\"model\":\"gpt-6-luna\",\"input\":[{\"role\":\"user\",\"content\":[{"
                        "\"type\":\"text\",\"text\":\"x\"}]}]}"),
                   400, "invalid_value");
    standin_stop(standin);
}

static struct got jug(struct standin *standin)
{
    return post(standin, "/v1/images/generations",
                "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"a jug\",\"size\":\"1040x640\"}");
}

static void fails_as_told(void **state)
{
    struct standin *standin =
        start((struct standin_config){ .faults = "count=1,status=429,retry-after=7\n"
                                                 "count=1,quota;count=1,moderation;count=1,html;"
                                                 "count=1,drop;count=1,reset;count=1,truncate;"
                                                 "count=1,drip;count=1,garbage;count=1,hang;"
                                                 "count=1,corrupt;count=1,size;count=1,empty" });
    struct got got = jug(standin);
    struct error err = { 0 };
    struct image_facts facts;
    struct image image;
    struct blob file;

    (void)state;
    assert_non_null(strcasestr(got.headers, "retry-after: 7"));
    assert_refused(got, 429, "rate_limit_exceeded");
    assert_refused(jug(standin), 429, "credit_balance_exhausted");
    assert_refused(jug(standin), 400, "moderation_blocked");
    got = jug(standin);
    assert_int_equal(got.status, 502);
    assert_non_null(strstr(got.body, "<html>"));
    free(got.body);
    got = jug(standin); /* drop */
    assert_int_equal(got.code, CURLE_GOT_NOTHING);
    got = jug(standin); /* reset */
    assert_true(got.code == CURLE_RECV_ERROR || got.code == CURLE_GOT_NOTHING);
    got = jug(standin); /* truncate */
    assert_int_equal(got.code, CURLE_PARTIAL_FILE);
    free(got.body);
    got = jug(standin); /* drip */
    assert_int_equal(got.code, CURLE_OK);
    picture_of(&got, 0, &image, &file);
    image_free(&image);
    blob_free(&file);
    free(got.body);
    got = jug(standin); /* garbage */
    assert_int_equal(got.status, 200);
    assert_null(cJSON_Parse(got.body));
    free(got.body);
    got = ask(standin, (struct ask){ .method = "POST",
                                     .path = "/v1/images/generations",
                                     .body = "{\"prompt\":\"a jug\"}",
                                     .timeout_ms = 400 });
    assert_int_equal(got.code, CURLE_OPERATION_TIMEDOUT); /* hang */
    got = jug(standin);                                   /* corrupt */
    picture_of(&got, 0, NULL, &file);
    assert_false(image_inspect(&file, &(struct image_bounds){ 0 }, &facts, &err));
    blob_free(&file);
    free(got.body);
    got = jug(standin); /* size */
    picture_of(&got, 0, &image, &file);
    assert_int_equal(image.width, 520);
    image_free(&image);
    blob_free(&file);
    free(got.body);
    got = jug(standin); /* empty */
    assert_non_null(strstr(got.body, "\"data\":[]"));
    free(got.body);
    standin_stop(standin);
}

static void waits_and_limits(void **state)
{
    struct standin *standin = start(
        (struct standin_config){ .latency = "images=constant:300,constant:1", .limit_rpm = 60 });
    int64_t before = clock_mono_us();
    struct got got = jug(standin);
    int limited = 0;

    (void)state;
    assert_int_equal(got.status, 200);
    assert_true(clock_mono_us() - before >= 300000);
    assert_non_null(strcasestr(got.headers, "x-ratelimit-limit-requests: 60"));
    assert_non_null(strcasestr(got.headers, "openai-processing-ms: "));
    free(got.body);
    for (int i = 0; i < 12; i++) {
        got = post(standin, "/v1/responses", "{\"model\":\"gpt-6-luna\",\"input\":\"x\"}");
        if (got.status == 429) {
            assert_non_null(strcasestr(got.headers, "retry-after: "));
            limited++;
        }
        free(got.body);
    }
    assert_in_range(limited, 4, 8);
    standin_stop(standin);
}

static void journal_counts_what_is_billed(void **state)
{
    struct standin *standin = start((struct standin_config){ .faults = "count=1,drop" });
    struct got got;
    cJSON *tree;

    (void)state;
    free(jug(standin).body); /* dropped, and billed all the same */
    free(jug(standin).body);
    got = ask(standin, (struct ask){ .method = "GET", .path = "/_standin/stats" });
    tree = cJSON_Parse(got.body);
    assert_int_equal(cJSON_GetObjectItem(tree, "images")->valueint, 2);
    assert_int_equal(cJSON_GetObjectItem(tree, "requests")->valueint, 2);
    assert_true(cJSON_GetObjectItem(tree, "usd")->valuedouble > 0.05);
    assert_int_equal(cJSON_GetObjectItem(tree, "in_flight")->valueint, 0);
    cJSON_Delete(tree);
    free(got.body);
    got = ask(standin, (struct ask){ .method = "GET", .path = "/_standin/journal?after=1" });
    tree = cJSON_Parse(got.body);
    assert_int_equal(cJSON_GetArraySize(tree), 1);
    assert_string_equal(cJSON_GetStringValue(
                            cJSON_GetObjectItem(cJSON_GetArrayItem(tree, 0), "prompt")),
                        "a jug");
    cJSON_Delete(tree);
    free(got.body);
    free(post(standin, "/_standin/faults", "status=503").body);
    assert_refused(jug(standin), 503, "server_is_overloaded");
    standin_stop(standin);
}

static void assert_storage(struct got got, const char *status_code, const char *code)
{
    cJSON *tree = cJSON_Parse(got.body);

    assert_int_equal(got.status, 400);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "statusCode")), status_code);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "code")), code);
    cJSON_Delete(tree);
    free(got.body);
}

static void storage_keeps_and_refuses(void **state)
{
    static const char path[] = "/storage/v1/object/generated-images/u/p/a.png";
    struct standin *standin = start((struct standin_config){ 0 });
    struct ask put = { .method = "POST", .path = path, .type = "image/png", .body = "pixels" };
    struct got got = ask(standin, put);

    (void)state;
    assert_int_equal(got.status, 200);
    assert_non_null(strstr(got.body, "\"Key\":\"generated-images/u/p/a.png\""));
    free(got.body);
    assert_storage(ask(standin, put), "409", "KeyAlreadyExists");
    put.extra = "x-upsert: true";
    got = ask(standin, put);
    assert_int_equal(got.status, 200);
    free(got.body);
    put.method = "PUT";
    put.extra = "x-metadata: eyJqb2IiOiI3In0=";
    got = ask(standin, put);
    assert_int_equal(got.status, 200);
    free(got.body);
    got =
        ask(standin, (struct ask){ .method = "GET",
                                   .path = "/storage/v1/object/info/generated-images/u/p/a.png" });
    assert_non_null(strstr(got.body, "\"job\":\"7\""));
    free(got.body);
    got = ask(standin, (struct ask){ .method = "GET",
                                     .path = "/storage/v1/object/public/generated-images/u/p/a.png",
                                     .key = "X-Nobody: 1" });
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "pixels");
    free(got.body);
    put.type = "image/webp";
    assert_storage(ask(standin, put), "415", "InvalidMimeType");
    assert_storage(ask(standin, (struct ask){ .method = "GET",
                                              .path = "/storage/v1/object/generated-images/no" }),
                   "404", "NoSuchKey");
    assert_storage(ask(standin,
                       (struct ask){ .method = "GET", .path = "/storage/v1/object/nowhere/no" }),
                   "404", "NoSuchBucket");
    assert_storage(ask(standin, (struct ask){ .method = "GET", .path = path, .key = "X-No: 1" }),
                   "400", "InvalidRequest");
    put.type = "image/png";
    put.path = "/storage/v1/object/generated-images/a%23b.png";
    assert_storage(ask(standin, put), "400", "InvalidKey");
    put.path = "/storage/v1/object/generated-images/a/%2e%2e/%2e%2e/b.png";
    assert_storage(ask(standin, put), "400", "InvalidKey");
    got = ask(standin, (struct ask){ .method = "HEAD", .path = "/storage/v1/object/exports/no" });
    assert_int_equal(got.status, 400);
    assert_int_equal(got.size, 0);
    standin_stop(standin);
}

static void storage_signs_lists_removes(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    struct got got;
    cJSON *tree;
    char url[700];

    (void)state;
    got = ask(standin, (struct ask){ .method = "POST",
                                     .path = "/storage/v1/object/exports/u/p/a.txt",
                                     .type = "text/plain",
                                     .key = "apikey: sb_secret_abc",
                                     .body = "words" });
    assert_int_equal(got.status, 200);
    free(got.body);
    got = post(standin, "/storage/v1/object/sign/exports/u/p/a.txt", "{\"expiresIn\":60}");
    tree = cJSON_Parse(got.body);
    snprintf(url, sizeof url, "/storage/v1%s",
             cJSON_GetStringValue(cJSON_GetObjectItem(tree, "signedURL")));
    cJSON_Delete(tree);
    free(got.body);
    got = ask(standin, (struct ask){ .method = "GET", .path = url, .key = "X-Nobody: 1" });
    assert_string_equal(got.body, "words");
    free(got.body);
    got = post(standin, "/storage/v1/object/list/exports", "{\"prefix\":\"u/p\"}");
    assert_non_null(strstr(got.body, "\"name\":\"a.txt\""));
    free(got.body);
    got = ask(standin, (struct ask){ .method = "DELETE",
                                     .path = "/storage/v1/object/exports",
                                     .body = "{\"prefixes\":[\"u/p/a.txt\"]}" });
    assert_int_equal(got.status, 200);
    free(got.body);
    assert_storage(ask(standin, (struct ask){ .method = "GET", .path = url }), "404", "NoSuchKey");
    assert_storage(post(standin, "/storage/v1/bucket", "{\"name\":\"exports\"}"), "409",
                   "BucketAlreadyExists");
    got = ask(standin, (struct ask){ .method = "GET",
                                     .path = "/storage/v1/bucket",
                                     .key = "apikey: sb_secret_abc",
                                     .extra = "User-Agent: Mozilla/5.0 (X11)" });
    assert_int_equal(got.status, 401);
    free(got.body);
    standin_stop(standin);
}

static void stops_with_requests_under_way(void **state)
{
    struct standin *standin = start((struct standin_config){ .latency = "constant:60000" });
    CURLM *multi = curl_multi_init();
    CURL *easy[20];
    char url[100];
    int running = 1;

    (void)state;
    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1/responses", standin_port(standin));
    for (int i = 0; i < 20; i++) {
        struct curl_slist *none = NULL;

        easy[i] = curl_easy_init();
        none = curl_slist_append(none, "Authorization: Bearer sk-test");
        curl_easy_setopt(easy[i], CURLOPT_URL, url);
        curl_easy_setopt(easy[i], CURLOPT_HTTPHEADER, none);
        curl_easy_setopt(easy[i], CURLOPT_PRIVATE, none);
        curl_easy_setopt(easy[i], CURLOPT_COPYPOSTFIELDS,
                         "{\"model\":\"gpt-6-luna\",\"input\":\"x\"}");
        curl_multi_add_handle(multi, easy[i]);
    }
    for (int i = 0; i < 20; i++) {
        curl_multi_perform(multi, &running);
        curl_multi_poll(multi, NULL, 0, 20, NULL);
    }
    assert_int_equal(running, 20);
    standin_stop(standin);
    for (int i = 0; i < 200 && running; i++) {
        curl_multi_perform(multi, &running);
        curl_multi_poll(multi, NULL, 0, 20, NULL);
    }
    assert_int_equal(running, 0);
    for (int i = 0; i < 20; i++) {
        struct curl_slist *list = NULL;

        curl_easy_getinfo(easy[i], CURLINFO_PRIVATE, (char **)&list);
        curl_multi_remove_handle(multi, easy[i]);
        curl_easy_cleanup(easy[i]);
        curl_slist_free_all(list);
    }
    curl_multi_cleanup(multi);
}

static void says_what_is_wrong_with_its_settings(void **state)
{
    static const struct standin_config wrong[] = { { .latency = "sometimes:3" },
                                                   { .latency = "lognormal:9:3" },
                                                   { .faults = "rate=2,drop" },
                                                   { .faults = "explode" },
                                                   { .faults = "rate=0.5" },
                                                   { .faults_file = "/nonexistent/faults" },
                                                   { .journal = "/nonexistent/journal" } };
    struct standin *standin = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error err = { 0 };

        assert_false(standin_start(&wrong[i], &standin, &err));
        assert_true(strlen(err.text) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_real_pictures),
        cmocka_unit_test(refuses_what_is_wrong),
        cmocka_unit_test(edits_use_the_photo),
        cmocka_unit_test(texts_fit_their_schema),
        cmocka_unit_test(fails_as_told),
        cmocka_unit_test(waits_and_limits),
        cmocka_unit_test(journal_counts_what_is_billed),
        cmocka_unit_test(storage_keeps_and_refuses),
        cmocka_unit_test(storage_signs_lists_removes),
        cmocka_unit_test(stops_with_requests_under_way),
        cmocka_unit_test(says_what_is_wrong_with_its_settings),
    };

    curl_global_init(CURL_GLOBAL_ALL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
