/* test_standin.c - configured faults, latencies and limits, the journal, start and stop. */
#include "lib/standin_requests.h"

static void configured_faults_strike_in_order(void **state)
{
    struct standin *standin =
        start((struct standin_config){ .faults = "count=1,status=429,retry-after=7\n"
                                                 "count=1,quota;count=1,moderation;count=1,html;"
                                                 "count=1,drop;count=1,reset;count=1,truncate;"
                                                 "count=1,drip;count=1,garbage;count=1,hang;"
                                                 "count=1,corrupt;count=1,size;count=1,empty" });
    struct response response = request_image(standin);
    struct error err = { 0 };
    struct image_facts facts;
    struct image image;
    struct blob file;

    (void)state;
    assert_non_null(strcasestr(response.headers, "retry-after: 7"));
    assert_refused(response, 429, "rate_limit_exceeded");
    assert_refused(request_image(standin), 429, "credit_balance_exhausted");
    assert_refused(request_image(standin), 400, "moderation_blocked");
    response = request_image(standin);
    assert_int_equal(response.status, 502);
    assert_non_null(strstr(response.body, "<html>"));
    free(response.body);
    response = request_image(standin); /* drop */
    assert_int_equal(response.code, CURLE_GOT_NOTHING);
    response = request_image(standin); /* reset */
    assert_true(response.code == CURLE_RECV_ERROR || response.code == CURLE_GOT_NOTHING);
    response = request_image(standin); /* truncate */
    assert_int_equal(response.code, CURLE_PARTIAL_FILE);
    free(response.body);
    response = request_image(standin); /* drip: slow, but complete */
    decode_image_of(&response, 0, &image, &file);
    image_free(&image);
    blob_free(&file);
    free(response.body);
    response = request_image(standin); /* garbage */
    assert_int_equal(response.status, 200);
    assert_null(cJSON_Parse(response.body));
    free(response.body);
    response = send_to(standin, (struct request){ .method = "POST",
                                                  .path = "/v1/images/generations",
                                                  .body = "{\"prompt\":\"a jug\"}",
                                                  .timeout_ms = 2000 });
    assert_int_equal(response.code, CURLE_OPERATION_TIMEDOUT); /* hang */
    response = request_image(standin);                         /* corrupt */
    decode_image_of(&response, 0, NULL, &file);
    assert_false(image_inspect(&file, &(struct image_bounds){ 0 }, &facts, &err));
    blob_free(&file);
    free(response.body);
    response = request_image(standin); /* size */
    decode_image_of(&response, 0, &image, &file);
    assert_int_equal(image.width, 520);
    image_free(&image);
    blob_free(&file);
    free(response.body);
    response = request_image(standin); /* empty */
    assert_non_null(strstr(response.body, "\"data\":[]"));
    free(response.body);
    standin_stop(standin);
}

static void latency_and_rate_limit_apply(void **state)
{
    struct standin *standin = start(
        (struct standin_config){ .latency = "images=constant:300,constant:1", .limit_rpm = 60 });
    int64_t before = clock_mono_us();
    struct response response = request_image(standin);
    int limited = 0;

    (void)state;
    assert_int_equal(response.status, 200);
    assert_true(clock_mono_us() - before >= 300000);
    assert_non_null(strcasestr(response.headers, "x-ratelimit-limit-requests: 60"));
    assert_non_null(strcasestr(response.headers, "openai-processing-ms: "));
    free(response.body);
    for (int i = 0; i < 12; i++) {
        response = post(standin, "/v1/responses", "{\"model\":\"gpt-6-luna\",\"input\":\"x\"}");
        if (response.status == 429) {
            assert_non_null(strcasestr(response.headers, "retry-after: "));
            limited++;
        }
        free(response.body);
    }
    assert_in_range(limited, 4, 8);
    standin_stop(standin);
}

static void journal_counts_a_dropped_image_as_billed(void **state)
{
    struct standin *standin = start((struct standin_config){ .faults = "count=1,drop" });
    struct response response;
    cJSON *tree;

    (void)state;
    free(request_image(standin).body); /* dropped, but billed */
    free(request_image(standin).body);
    response = send_to(standin, (struct request){ .method = "GET", .path = "/_standin/stats" });
    tree = cJSON_Parse(response.body);
    assert_int_equal(cJSON_GetObjectItem(tree, "images")->valueint, 2);
    assert_int_equal(cJSON_GetObjectItem(tree, "requests")->valueint, 2);
    assert_true(cJSON_GetObjectItem(tree, "usd")->valuedouble > 0.05);
    assert_int_equal(cJSON_GetObjectItem(tree, "in_flight")->valueint, 0);
    cJSON_Delete(tree);
    free(response.body);
    response =
        send_to(standin, (struct request){ .method = "GET", .path = "/_standin/journal?after=1" });
    tree = cJSON_Parse(response.body);
    assert_int_equal(cJSON_GetArraySize(tree), 1);
    assert_string_equal(cJSON_GetStringValue(
                            cJSON_GetObjectItem(cJSON_GetArrayItem(tree, 0), "prompt")),
                        "a jug");
    cJSON_Delete(tree);
    free(response.body);
    free(post(standin, "/_standin/faults", "status=503").body);
    assert_refused(request_image(standin), 503, "server_is_overloaded");
    standin_stop(standin);
}

static void stop_ends_requests_in_flight(void **state)
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
    for (int64_t end = clock_mono_us() + 60000000; running && clock_mono_us() < end;) {
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

static void invalid_settings_are_rejected_with_a_reason(void **state)
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

static void second_stand_in_on_a_port_is_refused(void **state)
{
    struct standin *first = start((struct standin_config){ 0 }), *second = NULL;
    struct standin_config config = { .port = standin_port(first) };
    struct error err = { 0 };
    char named[30];

    (void)state;
    assert_false(standin_start(&config, &second, &err));
    snprintf(named, sizeof named, "127.0.0.1:%d", config.port);
    assert_non_null(strstr(err.text, named));
    assert_non_null(strstr(err.text, "in use"));
    standin_stop(first);
    assert_true(standin_start(&config, &second, &err)); /* at once: the port is free again */
    standin_stop(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(configured_faults_strike_in_order),
        cmocka_unit_test(latency_and_rate_limit_apply),
        cmocka_unit_test(journal_counts_a_dropped_image_as_billed),
        cmocka_unit_test(stop_ends_requests_in_flight),
        cmocka_unit_test(invalid_settings_are_rejected_with_a_reason),
        cmocka_unit_test(second_stand_in_on_a_port_is_refused),
    };

    curl_global_init(CURL_GLOBAL_ALL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
