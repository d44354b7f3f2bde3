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

struct response {
    char *body;
    size_t size;
    long status;
    CURLcode code;
    char headers[4096];
};

static inline size_t append_body(char *data, size_t one, size_t count, void *context)
{
    struct response *response = context;

    response->body = realloc(response->body, response->size + count * one + 1);
    memcpy(response->body + response->size, data, count * one);
    response->size += count * one;
    response->body[response->size] = '\0';
    return count * one;
}

static inline size_t append_header(char *data, size_t one, size_t count, void *context)
{
    struct response *response = context;
    size_t size = one * count, left = sizeof response->headers - strlen(response->headers) - 1;

    strncat(response->headers, data, size > left ? 0 : size);
    return size;
}

struct request {
    const char *method, *path, *type, *extra; /* extra: an additional header */
    const void *body;
    size_t size;     /* 0: strlen(body) */
    const char *key; /* a header; NULL: a valid key for the path */
    curl_mime *form;
    CURL *curl; /* required with a form, which belongs to it */
    long timeout_ms;
};

static inline struct response send_to(struct standin *standin, struct request call)
{
    CURL *curl = call.curl ? call.curl : curl_easy_init();
    struct curl_slist *headers = NULL;
    struct response response = { 0 };
    const char *key = strstr(call.path, "/storage/") ? JWT : MODEL_KEY;
    char url[600], type[200];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", standin_port(standin), call.path);
    snprintf(type, sizeof type, "Content-Type: %s", call.type ? call.type : "application/json");
    if (!call.form) {
        headers = curl_slist_append(headers, type);
    }
    headers = curl_slist_append(headers, call.key ? call.key : key);
    headers = curl_slist_append(headers, call.extra ? call.extra : "X-Unused: 1");
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, append_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &response);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, call.timeout_ms ? call.timeout_ms : 120000L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method);
    if (strcmp(call.method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    }
    if (call.form) {
        curl_easy_setopt(curl, CURLOPT_MIMEPOST, call.form);
    } else if (call.body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE,
                         (long)(call.size ? call.size : strlen(call.body)));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body);
    }
    response.code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response.status);
    curl_slist_free_all(headers);
    curl_mime_free(call.form);
    curl_easy_cleanup(curl);
    return response;
}

static inline struct response post(struct standin *standin, const char *path, const char *body)
{
    return send_to(standin, (struct request){ .method = "POST", .path = path, .body = body });
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

static inline const char *nested_text(const cJSON *at, const char *a, const char *b)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(at, a), b));
}

/* Frees the body. */
static inline void assert_refused(struct response response, long status, const char *code)
{
    cJSON *tree = cJSON_Parse(response.body);

    assert_int_equal(response.status, status);
    assert_true(tree && (!code || strcmp(nested_text(tree, "error", "code"), code) == 0));
    assert_non_null(strcasestr(response.headers, "x-request-id: req_"));
    cJSON_Delete(tree);
    free(response.body);
}

/* Decodes the image in data[index] of the body. `image` may be NULL. */
static inline void decode_image_of(const struct response *response, int index, struct image *image,
                                   struct blob *file)
{
    struct image_bounds bounds = { 0 };
    cJSON *tree = cJSON_ParseWithLength(response->body, response->size);
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

static inline struct response request_image(struct standin *standin)
{
    return post(standin, "/v1/images/generations",
                "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"a jug\",\"size\":\"1040x640\"}");
}
#endif
