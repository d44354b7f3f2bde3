/* test_streams.c - streamed images: partial images at equal parts of the latency, then the last. */
#include <dirent.h>
#include <poll.h>

#include "lib/standin_requests.h"

enum { EVENTS = 8, STREAMS = 300 };

struct stream { /* one streaming request */
    CURL *easy;
    struct curl_slist *headers;
    char *text;
    size_t size, searched;
    int events;                           /* whose first byte arrived */
    int64_t began_us, arrived_us[EVENTS]; /* arrival of each, from began_us on */
    long status;
    CURLcode code;
};

static size_t take(char *data, size_t one, size_t count, void *context)
{
    struct stream *stream = context;
    char *found;

    stream->text = realloc(stream->text, stream->size + count * one + 1);
    memcpy(stream->text + stream->size, data, count * one);
    stream->size += count * one;
    stream->text[stream->size] = '\0';
    while ((found = strstr(stream->text + stream->searched, "event: ")) != NULL) {
        if (stream->events < EVENTS) {
            stream->arrived_us[stream->events++] = clock_mono_us() - stream->began_us;
        }
        stream->searched = (size_t)(found - stream->text) + 7;
    }
    if (stream->size > stream->searched + 6) {
        stream->searched = stream->size - 6;
    }
    return count * one;
}

static struct stream *begin(struct standin *standin, const char *fields)
{
    struct stream *stream = calloc(1, sizeof *stream);
    char url[100], body[400];

    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1/images/generations", standin_port(standin));
    snprintf(body, sizeof body,
             "{\"model\":\"gpt-image-2.5-flare\",\"prompt\":\"a jug\",\"size\":\"1040x640\",%s}",
             fields);
    stream->easy = curl_easy_init();
    stream->headers = curl_slist_append(NULL, MODEL_KEY);
    stream->headers = curl_slist_append(stream->headers, "Content-Type: application/json");
    curl_easy_setopt(stream->easy, CURLOPT_URL, url);
    curl_easy_setopt(stream->easy, CURLOPT_HTTPHEADER, stream->headers);
    curl_easy_setopt(stream->easy, CURLOPT_COPYPOSTFIELDS, body);
    curl_easy_setopt(stream->easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(stream->easy, CURLOPT_WRITEDATA, stream);
    curl_easy_setopt(stream->easy, CURLOPT_BUFFERSIZE, 1024L);
    stream->began_us = clock_mono_us();
    return stream;
}

static struct stream *run_stream(struct standin *standin, const char *fields)
{
    struct stream *stream = begin(standin, fields);

    stream->code = curl_easy_perform(stream->easy);
    curl_easy_getinfo(stream->easy, CURLINFO_RESPONSE_CODE, &stream->status);
    return stream;
}

static void end(struct stream *stream)
{
    curl_easy_cleanup(stream->easy);
    curl_slist_free_all(stream->headers);
    free(stream->text);
    free(stream);
}

/* Returns the parsed data of event `index`, which must have this name. */
static cJSON *data_of(const struct stream *stream, int index, const char *name)
{
    const char *at = stream->text;
    char line[100];
    cJSON *tree;

    for (int i = 0; i <= index; i++) {
        at = strstr(i ? at + 7 : at, "event: ");
        assert_non_null(at);
    }
    snprintf(line, sizeof line, "event: %s\ndata: ", name);
    assert_memory_equal(at, line, strlen(line));
    tree = cJSON_ParseWithOpts(at + strlen(line), &at, false);
    assert_non_null(tree);
    assert_memory_equal(at, "\n\n", 2);
    return tree;
}

static void assert_image(const cJSON *data, const char *type)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(data, "b64_json"));
    struct image image;
    struct blob file;
    struct error err = { 0 };

    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(data, "type")), type);
    assert_true(blob_new(&file, base64_decoded_max(strlen(text)), &err));
    assert_true(base64_decode(text, strlen(text), file.data, &file.size));
    assert_true(image_decode(&file, &(struct image_bounds){ 0 }, &image, NULL, &err));
    assert_int_equal(image.width, 1040);
    image_free(&image);
    blob_free(&file);
}

static int output_tokens(const struct stream *stream, int partials)
{
    cJSON *data = data_of(stream, partials, "image_generation.completed");
    int tokens = cJSON_GetObjectItem(cJSON_GetObjectItem(data, "usage"), "output_tokens")->valueint;

    cJSON_Delete(data);
    return tokens;
}

/* Checks a stream with three partial images. Returns true if its first event arrived much earlier
 * than its last. */
static bool partial_images_are_spaced(struct standin *standin)
{
    struct stream *stream = run_stream(standin, "\"stream\":true,\"partial_images\":3");
    bool spaced;

    assert_int_equal(stream->status, 200);
    assert_int_equal(stream->events, 4);
    for (int i = 0; i < 3; i++) {
        cJSON *data = data_of(stream, i, "image_generation.partial_image");

        assert_image(data, "image_generation.partial_image");
        assert_int_equal(cJSON_GetObjectItem(data, "partial_image_index")->valueint, i);
        assert_null(cJSON_GetObjectItem(data, "usage"));
        assert_true(stream->arrived_us[i] >= (i + 1) * 100000); /* may be late, but not early */
        cJSON_Delete(data);
    }
    assert_true(stream->arrived_us[3] >= 400000);
    spaced = stream->arrived_us[0] < stream->arrived_us[3] - 100000;
    end(stream);
    return spaced;
}

static void partial_images_arrive_at_equal_parts_of_the_latency(void **state)
{
    struct standin *standin = start((struct standin_config){ .latency = "constant:400" });
    bool spaced = false;

    (void)state;
    /* On a loaded machine this process can be late for all events of one stream. */
    for (int i = 0; i < 20 && !spaced; i++) {
        spaced = partial_images_are_spaced(standin);
    }
    assert_true(spaced);
    standin_stop(standin);
}

static void partial_images_are_billed(void **state)
{
    struct standin *standin = start((struct standin_config){ .latency = "constant:400" });
    struct stream *stream = run_stream(standin, "\"stream\":true,\"partial_images\":3"),
                  *plain = run_stream(standin, "\"stream\":true");

    (void)state;
    assert_int_equal(plain->events, 1);
    assert_true(plain->arrived_us[0] >= 400000);
    assert_int_equal(output_tokens(stream, 3), output_tokens(plain, 0) + 300);
    end(stream);
    end(plain);
    standin_stop(standin);
}

static void images_of_a_stream_are_different_files(void **state)
{
    struct standin *standin = start((struct standin_config){ .seed = 1 });
    struct stream *stream = run_stream(standin, "\"stream\":true,\"partial_images\":1");
    cJSON *partial = data_of(stream, 0, "image_generation.partial_image"),
          *last = data_of(stream, 1, "image_generation.completed");

    (void)state;
    assert_image(last, "image_generation.completed");
    assert_string_not_equal(cJSON_GetStringValue(cJSON_GetObjectItem(partial, "b64_json")),
                            cJSON_GetStringValue(cJSON_GetObjectItem(last, "b64_json")));
    cJSON_Delete(partial);
    cJSON_Delete(last);
    end(stream);
    standin_stop(standin);
}

static void invalid_stream_parameters_are_refused(void **state)
{
    static const char *const wrong[][2] = {
        { "\"stream\":true,\"partial_images\":4", "integer_above_max_value" },
        { "\"stream\":true,\"partial_images\":-1", "integer_below_min_value" },
        { "\"stream\":true,\"partial_images\":1.5", "invalid_type" },
        { "\"stream\":\"yes\"", "invalid_type" },
    };
    struct standin *standin = start((struct standin_config){ .latency = "constant:60000" });
    struct stream *stream;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        stream = run_stream(standin, wrong[i][0]);
        assert_int_equal(stream->status, 400);
        assert_non_null(strstr(stream->text, wrong[i][1]));
        end(stream);
    }
    standin_stop(standin);
}

static void configured_faults_strike_streams(void **state)
{
    struct standin *standin =
        start((struct standin_config){ .faults = "count=1,empty;count=1,error_event,code=slow;"
                                                 "count=1,error_event;count=1,truncate;"
                                                 "count=1,drop;count=1,garbage;count=1,drip" });
    struct stream *stream = run_stream(standin, "\"stream\":true,\"partial_images\":2");
    cJSON *data;

    (void)state;
    assert_int_equal(stream->code,
                     CURLE_OK); /* ends without an error, and without the final image */
    assert_int_equal(stream->events, 2);
    end(stream);
    stream = run_stream(standin, "\"stream\":true,\"partial_images\":1");
    assert_int_equal(stream->status, 200);
    data = data_of(stream, 1, "error");
    assert_string_equal(nested_text(data, "error", "code"), "slow");
    assert_string_equal(nested_text(data, "error", "type"), "server_error");
    cJSON_Delete(data);
    end(stream);
    stream = run_stream(standin, "\"n\":1");
    assert_int_equal(stream->status, 200);
    assert_memory_equal(stream->text, "{\"error\":{", 10);
    end(stream);
    stream = run_stream(standin, "\"stream\":true"); /* truncate */
    assert_int_equal(stream->code, CURLE_PARTIAL_FILE);
    end(stream);
    stream = run_stream(standin, "\"stream\":true"); /* drop */
    assert_int_equal(stream->code, CURLE_GOT_NOTHING);
    end(stream);
    stream = run_stream(standin, "\"stream\":true,\"partial_images\":1"); /* garbage */
    assert_int_equal(stream->events, 0);
    end(stream);
    stream =
        run_stream(standin, "\"stream\":true,\"partial_images\":1"); /* drip: slow, but complete */
    assert_image(data = data_of(stream, 1, "image_generation.completed"),
                 "image_generation.completed");
    cJSON_Delete(data);
    end(stream);
    standin_stop(standin);
}

static cJSON *journal(struct standin *standin)
{
    struct response response =
        send_to(standin, (struct request){ .method = "GET", .path = "/_standin/journal" });
    cJSON *tree = cJSON_Parse(response.body);

    assert_non_null(tree);
    free(response.body);
    return tree;
}

static double number(const cJSON *record, const char *name)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItem(record, name));
}

static void journal_records_duration_and_cost_of_a_stream(void **state)
{
    struct standin *standin = start(
        (struct standin_config){ .latency = "constant:300", .faults = "after=1,error_event" });
    struct stream *stream = run_stream(standin, "\"stream\":true,\"partial_images\":2");
    cJSON *tree, *record;
    double usd;

    (void)state;
    tree = journal(standin);
    record = cJSON_GetArrayItem(tree, 0);
    assert_true(number(record, "took_ms") >= 300);
    assert_int_equal((int)number(record, "status"), 200);
    assert_int_equal((int)number(record, "images"), 1);
    assert_int_equal((size_t)number(record, "bytes_out"), stream->size);
    usd = number(record, "usd");
    cJSON_Delete(tree);
    end(stream);
    end(run_stream(standin, "\"stream\":true,\"partial_images\":2"));
    tree = journal(standin);
    record = cJSON_GetArrayItem(tree, 1);
    assert_int_equal((int)number(record, "images"), 0); /* only the partial images are billed */
    assert_true(number(record, "usd") > 200 * 30e-6 && number(record, "usd") < usd);
    cJSON_Delete(tree);
    standin_stop(standin);
}

/* Runs the streams until `enough` have started or all have ended. Returns how many are running. */
static int run_until_started(CURLM *multi, struct stream *const *streams, int count, int enough)
{
    int64_t last = clock_mono_us() + 60000000;
    int running = count, begun = 0;

    while (begun < enough && running > 0) {
        assert_true(clock_mono_us() < last);
        curl_multi_poll(multi, NULL, 0, 20, NULL);
        curl_multi_perform(multi, &running);
        begun = 0;
        for (int i = 0; i < count; i++) {
            curl_easy_getinfo(streams[i]->easy, CURLINFO_RESPONSE_CODE, &streams[i]->status);
            begun += streams[i]->status == 200;
        }
    }
    return running;
}

static void journal_records_a_client_that_disconnects(void **state)
{
    struct standin *standin = start((struct standin_config){ .latency = "constant:60000" });
    struct stream *stream = begin(standin, "\"stream\":true,\"partial_images\":1");
    CURLM *multi = curl_multi_init();
    cJSON *tree, *record;

    (void)state;
    curl_multi_add_handle(multi, stream->easy);
    run_until_started(multi, &stream, 1, 1);
    curl_multi_remove_handle(multi, stream->easy);
    curl_multi_cleanup(multi); /* closes the connection */
    for (tree = journal(standin); cJSON_GetArraySize(tree) == 0; tree = journal(standin)) {
        cJSON_Delete(tree);
        poll(NULL, 0, 20);
    }
    record = cJSON_GetArrayItem(tree, 0);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(record, "left")));
    assert_int_equal((int)number(record, "status"), 200);
    assert_int_equal((int)number(record, "images"), 1); /* generated and billed */
    cJSON_Delete(tree);
    end(stream);
    standin_stop(standin);
}

static int threads(void)
{
    DIR *folder = opendir("/proc/self/task");
    int count = 0;

    while (readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count;
}

static void many_streams_need_no_threads(void **state)
{
    struct standin *standin = start((struct standin_config){ .latency = "constant:60000" });
    struct stream *streams[STREAMS];
    CURLM *multi = curl_multi_init();
    int before = threads();

    (void)state;
    for (int i = 0; i < STREAMS; i++) {
        streams[i] = begin(standin, "\"stream\":true");
        curl_multi_add_handle(multi, streams[i]->easy);
    }
    assert_int_equal(run_until_started(multi, streams, STREAMS, STREAMS),
                     STREAMS); /* all in flight */
    assert_int_equal(threads(), before);
    standin_stop(standin); /* all end without an image */
    assert_int_equal(run_until_started(multi, streams, STREAMS, STREAMS + 1), 0);
    for (int i = 0; i < STREAMS; i++) {
        assert_int_equal(streams[i]->events, 0);
        curl_multi_remove_handle(multi, streams[i]->easy);
        end(streams[i]);
    }
    curl_multi_cleanup(multi);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partial_images_arrive_at_equal_parts_of_the_latency),
        cmocka_unit_test(partial_images_are_billed),
        cmocka_unit_test(images_of_a_stream_are_different_files),
        cmocka_unit_test(invalid_stream_parameters_are_refused),
        cmocka_unit_test(configured_faults_strike_streams),
        cmocka_unit_test(journal_records_duration_and_cost_of_a_stream),
        cmocka_unit_test(journal_records_a_client_that_disconnects),
        cmocka_unit_test(many_streams_need_no_threads),
    };

    curl_global_init(CURL_GLOBAL_ALL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
