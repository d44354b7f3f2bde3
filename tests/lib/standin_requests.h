/* standin_requests.h - sends requests to a stand-in and checks the responses. */
#ifndef TESTS_LIB_STANDIN_REQUESTS_H
#define TESTS_LIB_STANDIN_REQUESTS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "image/image.h"
#include "standin/standin.h"

#define MODEL_KEY "Authorization: Bearer sk-test"
#define JWT "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2ln"

struct got {
    char *body;
    size_t size;
    long status;
    CURLcode code;
    char headers[4096];
};

static inline size_t on_body(char *data, size_t one, size_t count, void *context)
{
    struct got *got = context;

    got->body = realloc(got->body, got->size + count * one + 1);
    memcpy(got->body + got->size, data, count * one);
    got->size += count * one;
    got->body[got->size] = '\0';
    return count * one;
}

static inline size_t on_header(char *data, size_t one, size_t count, void *context)
{
    struct got *got = context;

    strncat(got->headers, data,
            sizeof got->headers - strlen(got->headers) - 1 < one * count ? 0 : one * count);
    return count * one;
}

struct ask {
    const char *method, *path, *type, *extra; /* extra: an additional header */
    const void *body;
    size_t size;     /* 0: strlen(body) */
    const char *key; /* a header; NULL: a valid key for the path */
    curl_mime *form;
    CURL *curl; /* required with a form, which belongs to it */
    long timeout_ms;
};

static inline struct got ask(struct standin *standin, struct ask what)
{
    CURL *curl = what.curl ? what.curl : curl_easy_init();
    struct curl_slist *headers = NULL;
    struct got got = { 0 };
    const char *key = what.key ? what.key : strstr(what.path, "/storage/") ? JWT : MODEL_KEY;
    char url[600], type[200];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", standin_port(standin), what.path);
    snprintf(type, sizeof type, "Content-Type: %s", what.type ? what.type : "application/json");
    if (!what.form) {
        headers = curl_slist_append(headers, type);
    }
    headers = curl_slist_append(headers, key);
    headers = curl_slist_append(headers, what.extra ? what.extra : "X-Unused: 1");
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

static inline struct got post(struct standin *standin, const char *path, const char *body)
{
    return ask(standin, (struct ask){ .method = "POST", .path = path, .body = body });
}

static inline struct standin *start(struct standin_config config)
{
    struct standin *standin = NULL;
    struct error err = { 0 };

    if (!standin_start(&config, &standin, &err)) {
        fail_msg("%s", err.text);
    }
    return standin;
}

static inline const char *peek(const cJSON *at, const char *a, const char *b)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(at, a), b));
}

/* Frees the body. */
static inline void assert_refused(struct got got, long status, const char *code)
{
    cJSON *tree = cJSON_Parse(got.body);

    assert_int_equal(got.status, status);
    assert_true(tree && (!code || strcmp(peek(tree, "error", "code"), code) == 0));
    assert_non_null(strcasestr(got.headers, "x-request-id: req_"));
    cJSON_Delete(tree);
    free(got.body);
}

/* Decodes the image in data[index] of the body. `image` may be NULL. */
static inline void picture_of(const struct got *got, int index, struct image *image,
                              struct blob *file)
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

static inline struct got jug(struct standin *standin)
{
    return post(standin, "/v1/images/generations",
                "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"a jug\",\"size\":\"1040x640\"}");
}
#endif
