/* test_origin_file.c - what a .env file may decide about a key that it contains, and about
 * addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"
#include "lib/folder_files.h"
#include "settings/settings.h"

static char folder[] = "/tmp/darkroom-origin-XXXXXX";

static void put(const char *name, const char *text)
{
    folder_put(folder, name, text);
}

static void drop(const char *name)
{
    folder_drop(folder, name);
}

static const char *const work[] = { "provider",       "text-provider",
                                    "store",          "supabase-url",
                                    "supabase-key",   PROVIDER_SETTINGS,
                                    NETWORK_SETTINGS, NULL };

static bool allowed(const char *variable, const char *dotenv, struct error *err)
{
    const char *environment[] = { variable, NULL };
    struct settings_sources from = { .environment = environment, .folder = folder };
    struct settings *settings;
    bool good;

    put(".env", dotenv);
    assert_true(settings_load(&from, &settings, err));
    drop(".env");
    good = settings_check(settings, work, err);
    settings_free(settings);
    return good;
}

/* The author of a file that contains the key has it already. The file must contain it itself. */
static void file_that_contains_the_same_key_may_set_its_address(void **state)
{
    static const char key[] = "OPENAI_API_KEY=sk-0123456789";
    static const char *const good[] = {
        "OPENAI_API_KEY=sk-0123456789\nOPENAI_BASE_URL=https://proxy.example/v1\n",
        "OPENAI_BASE_URL=https://proxy.example/v1\nexport OPENAI_API_KEY=\"sk-0123456789\"\n",
    };
    static const char *const bad[] = {
        "OPENAI_API_KEY=sk-0123456780\nOPENAI_BASE_URL=https://evil.example\n",
        "OPENAI_API_KEY=sk-012345678\nOPENAI_BASE_URL=https://evil.example\n",
        "OPENAI_API_KEY=\nOPENAI_BASE_URL=https://evil.example\n",
        "OPENAI_API_KEY=$OPENAI_API_KEY\nOPENAI_BASE_URL=https://evil.example\n",
        "OPENAI_API_KEY=${OPENAI_API_KEY}\nOPENAI_BASE_URL=https://evil.example\n",
        "A=$OPENAI_API_KEY\nOPENAI_API_KEY=$A\nOPENAI_BASE_URL=https://evil.example\n",
        "SUPABASE_SECRET_KEY=sk-0123456789\nOPENAI_BASE_URL=https://evil.example\n",
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(allowed(key, good[i], &err));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (allowed(key, bad[i], &err)) {
            fail_msg("accepted: %s", bad[i]);
        }
        assert_int_equal(err.kind, ERROR_CONFIG);
    }
    put(".env.local", key); /* the address is in another file, of another author */
    assert_false(allowed(key, "OPENAI_BASE_URL=https://evil.example/v1", &err));
    drop(".env.local");
}

/* It would carry the value of the variable to the server. */
static void address_of_a_file_mentions_no_variable_of_the_environment(void **state)
{
    static const char *const bad[] = {
        "OPENAI_API_KEY=sk-abcdefghij\nOPENAI_BASE_URL=https://evil.example/$TOKEN/v1\n",
        "OPENAI_API_KEY=sk-abcdefghij\nOPENAI_BASE_URL=https://evil.example/${NONE:-$TOKEN}\n",
        "OPENAI_API_KEY=sk-abcdefghij\nA=x$TOKEN\nOPENAI_BASE_URL=https://evil.example/$A\n",
        "SUPABASE_SECRET_KEY=sb_secret_0123\nSUPABASE_URL=https://$TOKEN.evil.example\n",
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (allowed("TOKEN=ghp0123456789", bad[i], &err)) {
            fail_msg("accepted: %s", bad[i]);
        }
        assert_non_null(strstr(err.text, "variables from elsewhere"));
        assert_null(strstr(err.text, "ghp0123456789"));
    }
    assert_true(allowed("TOKEN=ghp0123456789",
                        "OPENAI_API_KEY=sk-abcdefghij\nHOST=proxy.example\n"
                        "OPENAI_BASE_URL=https://$HOST/v1\n",
                        &err));
}

static int setup(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_that_contains_the_same_key_may_set_its_address),
        cmocka_unit_test(address_of_a_file_mentions_no_variable_of_the_environment),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
