/* test_images.c - the stand-in generates real images and refuses requests like the real API. */
#include "lib/standin_requests.h"

static void images_have_the_requested_size_and_differ(void **state)
{
    struct standin *standin = start((struct standin_config){ .seed = 1 });
    struct response response =
        post(standin, "/v1/images/generations",
             "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"a jug\",\"size\":"
             "\"1040x640\",\"n\":2,\"quality\":\"low\"}");
    struct image one, two;
    struct blob first, second;
    cJSON *tree;

    (void)state;
    assert_int_equal(response.status, 200);
    decode_image_of(&response, 0, &one, &first);
    decode_image_of(&response, 1, &two, &second);
    assert_int_equal(one.width, 1040);
    assert_int_equal(one.height, 640);
    assert_false(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
    tree = cJSON_ParseWithLength(response.body, response.size);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "size")), "1040x640");
    assert_true(
        cJSON_GetObjectItem(cJSON_GetObjectItem(tree, "usage"), "output_tokens")->valuedouble > 0);
    cJSON_Delete(tree);
    image_free(&one);
    image_free(&two);
    blob_free(&first);
    blob_free(&second);
    free(response.body);
    standin_stop(standin);
}

static void invalid_image_requests_are_refused(void **state)
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
    assert_refused(send_to(standin, (struct request){ .method = "POST",
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

/* Returns a PNG of a red square on white. */
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

static struct response edit(struct standin *standin, const char *name, const char *type, int photos,
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
    struct response response;

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
    response =
        send_to(standin,
                (struct request){
                    .method = "POST", .path = "/v1/images/edits", .form = form, .curl = curl });
    blob_free(&file);
    return response;
}

static void edits_show_the_product_of_the_photo(void **state)
{
    struct standin *standin = start((struct standin_config){ 0 });
    struct response response = edit(standin, "image[]", "image/png", 2, "transparent");
    struct image image;
    struct blob file;
    const uint8_t *middle;

    (void)state;
    assert_int_equal(response.status, 200);
    decode_image_of(&response, 0, &image, &file);
    assert_int_equal(image.channels, 4);
    middle = image.pixels + ((size_t)512 * 1024 + 512) * 4;
    assert_int_equal(middle[0], 0xc8);
    assert_int_equal(middle[3], 255);
    assert_int_equal(image.pixels[3], 0);
    image_free(&image);
    blob_free(&file);
    free(response.body);

    response = edit(standin, "image", "image/png", 1, "opaque");
    assert_int_equal(response.status, 200);
    decode_image_of(&response, 0, &image, &file);
    assert_int_equal(image.channels, 3);
    image_free(&image);
    blob_free(&file);
    free(response.body);

    assert_refused(edit(standin, "image", "image/png", 2, "opaque"), 400, "duplicate_parameter");
    assert_refused(edit(standin, "image", "application/octet-stream", 1, "opaque"), 400,
                   "unsupported_file_mimetype");
    assert_refused(edit(standin, "image", "image/png", 0, "opaque"), 400,
                   "missing_required_parameter");
    standin_stop(standin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_have_the_requested_size_and_differ),
        cmocka_unit_test(invalid_image_requests_are_refused),
        cmocka_unit_test(edits_show_the_product_of_the_photo),
    };

    curl_global_init(CURL_GLOBAL_ALL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
