/* test_status_view.c - the screen of `darkroom status` fits its terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/jobs/status_view.h"
#include "term/term.h"

enum { ROWS = 12 };

static cJSON *add_rows(cJSON *status, const char *key, const char *row)
{
    cJSON *list = cJSON_AddArrayToObject(status, key);

    for (int i = 0; i < ROWS; i++) {
        cJSON_AddItemToArray(list, cJSON_Parse(row));
    }
    return list;
}

/* An installation in trouble: every list is long, and names are hostile. */
static cJSON *busy_status(void)
{
    cJSON *status = cJSON_Parse(
        "{\"at\":\"2026-11-23T12:01:07Z\",\"database\":\"app\\u001b[2J\",\"queue\":["
        "{\"type\":\"generate-image\",\"ready\":12,\"later\":3,\"running\":4,\"open\":0,"
        "\"completed\":3100,\"failed\":17,\"oldestSeconds\":200},"
        "{\"type\":\"generate-complete-pack\",\"ready\":1,\"later\":0,\"running\":1,\"open\":5,"
        "\"completed\":500,\"failed\":2,\"oldestSeconds\":null}],"
        "\"rates\":[{\"minutes\":10,\"completed\":120,\"failed\":3},"
        "{\"minutes\":60,\"completed\":700,\"failed\":9}],\"workerCount\":12,"
        "\"spentTodayUsd\":18.5,\"openPackCount\":40}");

    add_rows(status, "workers",
             "{\"id\":\"a-host-with-a-very-long-name.internal.example.com:12345:9f8e\",\"state\":"
             "\"ok\",\"heartbeatSeconds\":3.2,\"upSeconds\":7300,\"running\":4}");
    add_rows(status, "services",
             "{\"key\":\"openai\",\"state\":\"rate limited\",\"seconds\":130,\"reason\":\"too many "
             "requests\",\"probeSeconds\":8,\"waiting\":12}");
    add_rows(status, "openPacks",
             "{\"id\":\"0b5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11\",\"product\":\"\\u68ee\\u68ee\\u68ee"
             "\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee\\u68ee"
             "\\u68ee\",\"message\":\"3 of 6 images are ready.\",\"seconds\":75}");
    add_rows(status, "openBatches",
             "{\"id\":\"b7-3f2a\",\"state\":\"paused\",\"done\":120,\"items\":500,\"failed\":3,"
             "\"spentUsd\":1.2,\"maxUsd\":5,\"reason\":\"by hand\"}");
    add_rows(status, "failures",
             "{\"id\":\"1c5e7a52-8c0e-4d53-9d6c-0f6f3a1d2e11\",\"type\":\"generate-image\","
             "\"image\":\"LIFESTYLE\",\"seconds\":200,\"message\":\"The photo shows no "
             "product.\\u202e\"}");
    return status;
}

/* Returns the screen; the caller frees it. */
static char *print(const cJSON *status, double budget, int height)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    status_view_print(to, status, budget, height);
    fclose(to);
    return text;
}

static int lines_of(const char *text)
{
    int lines = 0;
    char line[2000];

    for (; *text; lines++) {
        size_t size = strcspn(text, "\n");

        snprintf(line, sizeof line, "%.*s", (int)size, text);
        if (term_columns(line) > 80) {
            fail_msg("%d columns: %s", term_columns(line), line);
        }
        text += size + (text[size] == '\n');
    }
    return lines;
}

static void busy_installation_fits_the_screen(void **state)
{
    cJSON *status = busy_status();

    (void)state;
    for (int height = 14; height < 80; height++) {
        char *text = print(status, 20, height);

        if (lines_of(text) > height) {
            fail_msg("%d lines of %d:\n%s", lines_of(text), height, text);
        }
        assert_null(strchr(text, '\033'));
        free(text);
    }
    cJSON_Delete(status);
}

static void each_list_is_shown_and_says_what_it_leaves_out(void **state)
{
    cJSON *status = busy_status();
    char *text = print(status, 20, 23);

    (void)state;
    assert_non_null(strstr(text, "18.50 of 20.00 USD (92 %)"));
    assert_non_null(strstr(text, "services in trouble: 12, "));
    assert_non_null(strstr(text, "Next probe in 8 s."));
    assert_non_null(strstr(text, "workers: 12, "));
    assert_non_null(strstr(text, "heartbeat 3 s ago, up 2 h"));
    assert_non_null(strstr(text, "open packs: 40, "));
    assert_non_null(strstr(text, "b7-3f2a  paused: 120 of 500 done, 3 failed, 1.20 of 5.00 USD"));
    assert_non_null(strstr(text, "1c5e7a52  3 min ago"));
    assert_non_null(strstr(text, "3 min\n")); /* the oldest that waits */
    free(text);
    cJSON_Delete(status);
}

static void empty_installation_says_what_to_do(void **state)
{
    cJSON *status =
        cJSON_Parse("{\"at\":\"2026-11-23T12:01:07Z\",\"database\":\"app\",\"queue\":[],"
                    "\"rates\":[{},{}],\"workers\":[],\"services\":[]}");
    char *text = print(status, 0, 23);

    (void)state;
    assert_non_null(strstr(text, "no worker is running: `darkroom work` starts one"));
    assert_non_null(strstr(text, "all services work"));
    assert_non_null(strstr(text, "no budget"));
    free(text);
    cJSON_Delete(status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(busy_installation_fits_the_screen),
        cmocka_unit_test(each_list_is_shown_and_says_what_it_leaves_out),
        cmocka_unit_test(empty_installation_says_what_to_do),
    };

    term_setup("never");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
