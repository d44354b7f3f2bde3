/* test_origin.c - keys, the addresses they are sent to, and where both come from. */
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

static struct settings *load(const char *const *environment, const char *dotenv)
{
    struct settings_sources from = { .environment = environment, .folder = folder };
    struct settings *settings;
    struct error err;

    put(".env", dotenv);
    if (!settings_load(&from, &settings, &err)) {
        fail_msg("%s", err.text);
    }
    drop(".env");
    return settings;
}

#define ENVIRONMENT(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *const work[] = { "provider",       "text-provider",
                                    "store",          "supabase-url",
                                    "supabase-key",   PROVIDER_SETTINGS,
                                    NETWORK_SETTINGS, NULL };

static bool allowed(const char *const *environment, const char *dotenv, struct error *err)
{
    struct settings *settings = load(environment, dotenv);
    bool good = settings_check(settings, work, err);

    settings_free(settings);
    return good;
}

/* -- keys and addresses ------------------------------------------------------------------------ */

static void file_of_the_folder_cannot_redirect_a_key_of_the_environment(void **state)
{
    static const char *const cases[][3] = {
        { "OPENAI_API_KEY=sk-0123456789", "OPENAI_BASE_URL=https://evil.example/v1",
          "OPENAI_BASE_URL" },
        { "SUPABASE_SERVICE_ROLE_KEY=sb_secret_0123456789", "SUPABASE_URL=https://evil.example",
          "SUPABASE_URL" },
        { "SUPABASE_SECRET_KEY=sb_secret_0123456789",
          "NEXT_PUBLIC_SUPABASE_URL=https://evil.example", "SUPABASE_URL" },
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(allowed(ENVIRONMENT(cases[i][0]), cases[i][1], &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.text, "environment "));
        assert_non_null(strstr(err.text, "file .env"));
        assert_non_null(strstr(err.hint, cases[i][2]));
        assert_non_null(strstr(err.hint, "--trust-dotenv"));
        assert_null(strstr(err.text, "0123456789"));
    }
    /* a preset is an address too */
    assert_false(allowed(ENVIRONMENT("DARKROOM_PROVIDER=openai-compatible",
                                     "DARKROOM_COMPATIBLE_KEY=abcdefgh0123"),
                         "DARKROOM_COMPATIBLE_PRESET=xai", &err));
    assert_false(allowed(ENVIRONMENT("DARKROOM_TEXT_PROVIDER=openai-compatible",
                                     "DARKROOM_COMPATIBLE_KEY=abcdefgh0123"),
                         "DARKROOM_COMPATIBLE_BASE_URL=https://evil.example/v1", &err));
}

static void key_and_address_of_trusted_sources_are_accepted(void **state)
{
    static const char key[] = "OPENAI_API_KEY=sk-0123456789",
                      url[] = "OPENAI_BASE_URL=https://proxy.example/v1";
    char both[200];
    struct error err;

    (void)state;
    snprintf(both, sizeof both, "%s\n%s\n", key, url);
    assert_true(allowed(ENVIRONMENT(key), "", &err)); /* the default address */
    assert_true(allowed(ENVIRONMENT("A=b"), key, &err));
    assert_true(allowed(ENVIRONMENT(key, url), "", &err)); /* both of the environment */
    assert_true(allowed(ENVIRONMENT("A=b"), both, &err));  /* both of the folder */
    assert_true(allowed(ENVIRONMENT(url), key, &err));     /* the environment decides */
    assert_true(allowed(ENVIRONMENT(key, url), "OPENAI_BASE_URL=https://evil.example", &err));
    assert_true(allowed(ENVIRONMENT(key, "DARKROOM_TRUST_DOTENV=yes"), url, &err));
    put(".env.local", key); /* .env.local and .env are both of the folder */
    assert_true(allowed(ENVIRONMENT("A=b"), url, &err));
    drop(".env.local");
}

/* A flag is as trustworthy as the environment. */
static void flag_confirms_the_address(void **state)
{
    struct settings *settings = load(ENVIRONMENT("OPENAI_API_KEY=sk-0123456789"),
                                     "OPENAI_BASE_URL=https://proxy.example/v1");
    struct error err;

    (void)state;
    assert_false(settings_check(settings, work, &err));
    assert_true(
        settings_set(settings, setting_row("openai-base-url"), "https://proxy.example/v1", &err));
    assert_true(settings_check(settings, work, &err));
    assert_true(secret_is_set(setting_secret(settings, "openai-key")));
    settings_free(settings);
}

/* A command that does not use the key is not refused, and still cannot send it. */
static void redirected_key_reads_as_unset(void **state)
{
    struct settings *settings =
        load(ENVIRONMENT("OPENAI_API_KEY=sk-0123456789", "DARKROOM_PROVIDER=offline"),
             "OPENAI_BASE_URL=https://evil.example/v1");
    struct error err;

    (void)state;
    assert_true(settings_check(settings, work, &err));
    assert_false(secret_is_set(setting_secret(settings, "openai-key")));
    assert_true(settings_set(settings, setting_row("trust-dotenv"), "yes", &err));
    assert_true(secret_is_set(setting_secret(settings, "openai-key")));
    settings_free(settings);
}

static void file_of_the_folder_cannot_extend_trust(void **state)
{
    static const char *const lines[] = { "DARKROOM_TRUST_DOTENV=yes",
                                         "DARKROOM_ALLOW_LOOPBACK_FETCH=yes",
                                         "DARKROOM_CA_FILE=/tmp/ca.pem" };
    static const char *const names[] = { NETWORK_SETTINGS, "allow-loopback-fetch", NULL };
    struct settings *settings;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        settings = load(ENVIRONMENT("A=b"), lines[i]);
        assert_false(settings_check(settings, names, &err));
        assert_non_null(strstr(err.text, "file .env"));
        settings_free(settings);
    }
    /* shared with other programs, which do not read it from this file either */
    settings =
        load(ENVIRONMENT("A=b"), "NODE_EXTRA_CA_CERTS=/tmp/ca.pem\nSSL_CERT_FILE=/tmp/x.pem");
    assert_true(settings_check(settings, names, &err));
    assert_null(setting_text(settings, "extra-ca-file"));
    assert_null(setting_text(settings, "ca-file"));
    settings_free(settings);
    settings = load(ENVIRONMENT("REQUESTS_CA_BUNDLE=/b.pem"), "");
    assert_string_equal(setting_text(settings, "ca-file"), "/b.pem");
    settings_free(settings);
}

/* -- values ------------------------------------------------------------------------------------ */

static void expect_key(const char *value)
{
    struct settings *settings;
    struct error err;
    char line[300];

    snprintf(line, sizeof line, "OPENAI_API_KEY=%s", value);
    settings = load(ENVIRONMENT(line), "");
    if (!settings_check(settings, work, &err)) {
        fail_msg("'%s': %s", value, err.text);
    }
    assert_true(secret_starts_with(setting_secret(settings, "openai-key"), "sk-Abc0123456789"));
    settings_free(settings);
}

static void keys_are_unwrapped(void **state)
{
    (void)state;
    expect_key("sk-Abc0123456789");
    expect_key("\"sk-Abc0123456789\"");
    expect_key("'sk-Abc0123456789'\r\n");
    expect_key("  \" sk-Abc0123456789 \"  ");
    expect_key("\xef\xbb\xbfsk-Abc0123456789");
    expect_key("\xef\xbb\xbf\"sk-Abc0123456789\"");
    expect_key("sk-Abc0123456789\"");
    expect_key("'sk-Abc0123456789");
    expect_key("Bearer sk-Abc0123456789");
    expect_key("\"bearer  sk-Abc0123456789\"");
    expect_key("\xc2\xa0sk-Abc0123456789\xe2\x80\x8b");
    expect_key("\xe2\x80\x9csk-Abc0123456789\xe2\x80\x9d");
    expect_key("sk-Abc0123456789\xef\xbb\xbf\n");
    expect_key("\xe2\x80\x89sk-Abc0123456789\xc2\xad"); /* a thin space, a soft hyphen */
}

static void expect_no_key(const char *value, const char *reason)
{
    struct settings *settings;
    struct error err;
    char line[300];

    snprintf(line, sizeof line, "OPENAI_API_KEY=%s", value);
    settings = load(ENVIRONMENT(line), "");
    if (settings_check(settings, work, &err)) {
        fail_msg("'%s' was accepted", value);
    }
    if (!strstr(err.text, reason)) {
        fail_msg("'%s': %s", value, err.text);
    }
    assert_non_null(strstr(err.text, "'openai-key'"));
    assert_non_null(strstr(err.text, "environment OPENAI_API_KEY"));
    assert_null(strstr(err.text, "0123456789"));
    settings_free(settings);
}

static void texts_that_cannot_be_keys_are_named_without_their_value(void **state)
{
    (void)state;
    expect_no_key("sk-0123456789 abc", "space");
    expect_no_key("sk-0123456789\nx", "line break");
    expect_no_key("sk-0123456789\x01", "control character");
    expect_no_key("sk-0123456789\xc3\xa9", "outside ASCII");
    expect_no_key("sk-01234\xe2\x80\x8b"
                  "56789",
                  "outside ASCII");
    expect_no_key("https://api.openai.com/0123456789", "URL");
    expect_no_key("OPENAI_API_KEY=sk-0123456789", "name of its variable");
    expect_no_key("your-api-key", "placeholder");
    expect_no_key("sk-...", "placeholder");
    expect_no_key("<key>", "placeholder");
    expect_no_key("${OPENAI_KEY}", "placeholder");
    expect_no_key("undefined", "placeholder");
    expect_no_key("sk-xxxxxxxxxxxxxxxx", "placeholder");
    expect_no_key("sk-proj-***0123456789", "placeholder");
    expect_no_key("sk-0123456789,", "separator");
    expect_no_key("sk-0123456789\\n", "separator");
}

static void expect_address(const char *name, const char *value, const char *expected)
{
    struct settings *settings;
    struct error err;
    char line[300];

    snprintf(line, sizeof line, "%s=%s", name, value);
    settings = load(ENVIRONMENT(line), "");
    if (!settings_check(settings, work, &err)) {
        fail_msg("'%s': %s", value, err.text);
    }
    assert_string_equal(setting_text(settings, strcmp(name, "SUPABASE_URL") == 0
                                                   ? "supabase-url"
                                                   : "openai-base-url"),
                        expected);
    settings_free(settings);
}

static void addresses_are_normalized(void **state)
{
    static const char *const same[] = {
        "https://api.example.com/v1",           "https://api.example.com/v1/",
        "https://api.example.com/v1//",         "HTTPS://API.Example.com/v1",
        "  https://api.example.com/v1  ",       "\"https://api.example.com/v1\"",
        "'https://api.example.com/v1/'",        "\xef\xbb\xbfhttps://api.example.com/v1",
        "https://api.example.com:443/v1",       "https://api.example.com/v1/images/generations",
        "https://api.example.com/v1/responses",
    };

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        expect_address("OPENAI_BASE_URL", same[i], "https://api.example.com/v1");
    }
    expect_address("OPENAI_BASE_URL", "http://127.0.0.1:8080/", "http://127.0.0.1:8080");
    expect_address("OPENAI_BASE_URL", "http://[::1]:80/v1", "http://[::1]/v1");
    expect_address("OPENAI_BASE_URL", "https://a.example/openai/v1/?api-version=2025-04-01",
                   "https://a.example/openai/v1?api-version=2025-04-01");
    expect_address("OPENAI_BASE_URL", "https://u:p%40ss@a.example/v1",
                   "https://u:p%40ss@a.example/v1");
    expect_address("SUPABASE_URL", "https://Ref.supabase.co/", "https://ref.supabase.co");
    expect_address("SUPABASE_URL", "https://ref.supabase.co/storage/v1/",
                   "https://ref.supabase.co");
    expect_address("SUPABASE_URL", "https://ref.supabase.co/rest/v1", "https://ref.supabase.co");
    expect_address("SUPABASE_URL", "http://localhost:54321", "http://localhost:54321");
}

static void texts_that_are_no_address_are_refused_by_name(void **state)
{
    static const char *const bad[][2] = {
        { "OPENAI_BASE_URL=api.openai.com/v1", "no scheme" },
        { "OPENAI_BASE_URL=localhost:8080", "no scheme" },
        { "OPENAI_BASE_URL=ftp://a.example", "not an http" },
        { "OPENAI_BASE_URL=file:///etc/passwd", "not an http" },
        { "OPENAI_BASE_URL=https://a b.example", "space" },
        { "OPENAI_BASE_URL=https://", "not a valid URL" },
        { "OPENAI_BASE_URL=https://a.example/v1#x", "'#'" },
        { "OPENAI_BASE_URL=https://\xc3\xa9.example", "cannot have" },
        { "SUPABASE_URL=ref.supabase.co", "no scheme" },
        { "SUPABASE_URL=postgresql://u@h/d", "not an http" },
        { "SUPABASE_URL=https://ref.supabase.co?x=1", "address of a project" },
        { "SUPABASE_URL=https://supabase.com/dashboard/project/ref", "address of a project" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct settings *settings = load(ENVIRONMENT(bad[i][0]), "");
        struct error err;
        char variable[40];

        if (settings_check(settings, work, &err)) {
            fail_msg("'%s' was accepted", bad[i][0]);
        }
        if (!strstr(err.text, bad[i][1])) {
            fail_msg("'%s': %s", bad[i][0], err.text);
        }
        snprintf(variable, sizeof variable, "environment %.*s", (int)strcspn(bad[i][0], "="),
                 bad[i][0]);
        assert_non_null(strstr(err.text, variable));
        settings_free(settings);
    }
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
        cmocka_unit_test(file_of_the_folder_cannot_redirect_a_key_of_the_environment),
        cmocka_unit_test(key_and_address_of_trusted_sources_are_accepted),
        cmocka_unit_test(flag_confirms_the_address),
        cmocka_unit_test(redirected_key_reads_as_unset),
        cmocka_unit_test(file_of_the_folder_cannot_extend_trust),
        cmocka_unit_test(keys_are_unwrapped),
        cmocka_unit_test(texts_that_cannot_be_keys_are_named_without_their_value),
        cmocka_unit_test(addresses_are_normalized),
        cmocka_unit_test(texts_that_are_no_address_are_refused_by_name),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
