/* test_settings.c - precedence of sources, reported source, and rejected values. */
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

static char folder[] = "/tmp/darkroom-settings-XXXXXX";

static void put(const char *name, const char *text)
{
    folder_put(folder, name, text);
}

static void drop(const char *name)
{
    folder_drop(folder, name);
}

static struct settings *load(const char *const *environment, const char *files)
{
    struct settings_sources from = { .environment = environment, .folder = files };
    struct settings *settings;
    struct error err;

    if (!settings_load(&from, &settings, &err)) {
        fail_msg("%s", err.text);
    }
    return settings;
}

#define ENVIRONMENT(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define LOAD(...) load(ENVIRONMENT(__VA_ARGS__), NULL)

static void assert_value(const struct settings *settings, const char *name, const char *value,
                         const char *source)
{
    assert_string_equal(setting_text(settings, name), value);
    assert_string_equal(setting_source(settings, name), source);
}

static void unset_settings_have_their_default(void **state)
{
    struct settings *settings = LOAD("HOME=/people/x", "DARKROOM_STORE=  ");

    (void)state;
    assert_value(settings, "store", "supabase", "default"); /* empty is unset */
    assert_int_equal(setting_int(settings, "jobs"), 64);
    assert_int_equal(setting_int(settings, "grace"), 25);
    assert_false(setting_flag(settings, "drain"));
    assert_null(setting_text(settings, "folder"));
    assert_null(setting_secret(settings, "openai-key"));
    assert_value(settings, "spool", "/people/x/.local/state/darkroom/spool", "default");
    settings_free(settings);
    settings = LOAD("HOME=/h", "XDG_STATE_HOME=/state");
    assert_value(settings, "spool", "/state/darkroom/spool", "default");
    settings_free(settings);
    settings = LOAD("XDG_STATE_HOME=/state", "STATE_DIRECTORY=/var/lib/d:/other");
    assert_value(settings, "spool", "/var/lib/d/spool", "default");
    settings_free(settings);
}

static void flag_wins_over_environment_and_environment_over_files(void **state)
{
    struct settings *settings;
    struct error err;

    (void)state;
    put(".env", "DARKROOM_JOBS=1\nDARKROOM_POLL=2\nDARKROOM_LEASE=33\n");
    put(".env.local", "DARKROOM_JOBS=3\nDARKROOM_POLL=4\n");
    settings = load(ENVIRONMENT("DARKROOM_JOBS=5"), folder);
    assert_value(settings, "jobs", "5", "environment DARKROOM_JOBS");
    assert_value(settings, "poll", "4", "file .env.local (DARKROOM_POLL)");
    assert_value(settings, "lease", "33", "file .env (DARKROOM_LEASE)");
    assert_true(settings_set(settings, setting_row("jobs"), "6", &err));
    assert_value(settings, "jobs", "6", "flag");
    assert_int_equal(setting_int(settings, "jobs"), 6);
    settings_free(settings);
    drop(".env");
    drop(".env.local");
}

static void database_url_variables_have_a_precedence(void **state)
{
    struct settings *settings =
        LOAD("POSTGRES_URL=postgresql://h/5", "DATABASE_URL=postgresql://h/4",
             "POSTGRES_URL_NON_POOLING=postgresql://h/3", "DIRECT_URL=postgresql://h/2");

    (void)state;
    assert_value(settings, "database-url", "postgresql://h/2", "environment DIRECT_URL");
    settings_free(settings);
    settings = LOAD("POSTGRES_URL=postgresql://h/5", "DATABASE_URL=postgresql://h/4");
    assert_value(settings, "database-url", "postgresql://h/4", "environment DATABASE_URL");
    settings_free(settings);
    settings = LOAD("PGHOST=/run/pg", "PGDATABASE=shop");
    assert_value(settings, "database-url", "dbname=shop", "environment PGDATABASE");
    settings_free(settings);
    /* a variable of the shell wins over a preferred name in a file */
    put(".env", "DIRECT_URL=postgresql://file/1\n");
    settings = load(ENVIRONMENT("DATABASE_URL=postgresql://shell/1"), folder);
    assert_value(settings, "database-url", "postgresql://shell/1", "environment DATABASE_URL");
    settings_free(settings);
    drop(".env");
}

static void password_is_removed_from_output(void **state)
{
    struct settings *settings = LOAD("DATABASE_URL=postgresql://u:hunter2hunter2@h/d");
    char text[] = "cannot connect with hunter2hunter2";

    (void)state;
    secret_scrub(text);
    assert_null(strstr(text, "hunter2"));
    settings_free(settings);
}

static void secret_is_read_from_a_file(void **state)
{
    char variable[300], credentials[300];
    struct settings *settings;

    (void)state;
    put("key", "  sk-from-a-file\n");
    snprintf(variable, sizeof variable, "OPENAI_API_KEY_FILE=%s/key", folder);
    settings = LOAD(variable);
    assert_true(secret_starts_with(setting_secret(settings, "openai-key"), "sk-from-a-file"));
    assert_null(setting_text(settings, "openai-key"));
    settings_free(settings);
    put("OPENAI_API_KEY", "sk-credential");
    snprintf(credentials, sizeof credentials, "CREDENTIALS_DIRECTORY=%s", folder);
    settings = LOAD(credentials);
    assert_true(secret_starts_with(setting_secret(settings, "openai-key"), "sk-credential"));
    assert_string_equal(setting_source(settings, "openai-key"), "credential OPENAI_API_KEY");
    settings_free(settings);
    settings = LOAD("OPENAI_API_KEY_FILE=/does/not/exist");
    assert_non_null(setting_error(settings, "openai-key"));
    settings_free(settings);
    drop("key");
    drop("OPENAI_API_KEY");
}

static void secrets_have_no_flag(void **state)
{
    struct settings *settings = LOAD("A=1");
    struct error err;

    (void)state;
    assert_false(settings_set(settings, setting_row("openai-key"), "sk-123", &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_null(strstr(err.text, "sk-123"));
    settings_free(settings);
}

/* {"alg":"HS256"} . {"role":"..."} . x */
#define JWT_ANON "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmF0dXJl"
#define JWT_SERVICE "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJl"

static void public_supabase_key_is_rejected(void **state)
{
    static const char *const refused[] = { "SUPABASE_SERVICE_ROLE_KEY=" JWT_ANON,
                                           "SUPABASE_SECRET_KEY=sb_publishable_abcdefgh" };
    static const char *const taken[] = { "SUPABASE_SERVICE_ROLE_KEY=" JWT_SERVICE,
                                         "SUPABASE_SECRET_KEY=sb_secret_abcdefgh" };
    const char *const names[] = { "supabase-key", NULL };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct settings *settings = load(ENVIRONMENT(refused[i]), NULL);
        struct error err;

        assert_false(settings_check(settings, names, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_non_null(strstr(err.text, "public key"));
        assert_null(strstr(err.text, "eyJ"));
        settings_free(settings);
        settings = load(ENVIRONMENT(taken[i]), NULL);
        assert_true(settings_check(settings, names, &err));
        assert_true(secret_is_set(setting_secret(settings, "supabase-key")));
        settings_free(settings);
    }
}

static void invalid_value_is_reported_with_its_source(void **state)
{
    static const char *const texts[] = { "DARKROOM_JOBS=0", "DARKROOM_JOBS=4097",
                                         "DARKROOM_JOBS=12x",
                                         "DARKROOM_JOBS=99999999999999999999" };
    const char *const jobs[] = { "jobs", NULL }, *const others[] = { "poll", "store", NULL };
    struct error err;

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct settings *settings = load(ENVIRONMENT(texts[i]), NULL);

        assert_true(settings_check(settings, others, &err)); /* of a command without this setting */
        assert_false(settings_check(settings, jobs, &err));
        assert_non_null(strstr(err.text, "1 to 4096"));
        assert_non_null(strstr(err.text, "environment DARKROOM_JOBS"));
        settings_free(settings);
    }
}

static void values_are_parsed_by_type(void **state)
{
    struct settings *settings = LOAD("DARKROOM_STORE=FOLDER", "DARKROOM_ALLOW_LOOPBACK_FETCH=On");
    struct error err;

    (void)state;
    assert_string_equal(setting_text(settings, "store"), "folder");
    assert_true(setting_flag(settings, "allow-loopback-fetch"));
    assert_false(settings_set(settings, setting_row("store"), "attic", &err));
    assert_non_null(strstr(err.text, "supabase or folder"));
    assert_false(settings_set(settings, setting_row("store"), "fold", &err)); /* no abbreviations */
    assert_false(settings_set(settings, setting_row("drain"), "perhaps", &err));
    assert_true(settings_set(settings, setting_row("fault"), "rate=1", &err));
    assert_true(settings_set(settings, setting_row("fault"), "rate=2", &err));
    assert_string_equal(setting_text(settings, "fault"), "rate=1\nrate=2");
    settings_free(settings);
}

static void old_choice_is_read_as_its_new_name(void **state)
{
    struct settings *settings = LOAD("HOME=/h");
    struct error err;

    (void)state;
    assert_value(settings, "charge", "none", "default");
    assert_true(settings_set(settings, setting_row("charge"), "users", &err));
    assert_value(settings, "charge", "users", "flag");
    assert_true(settings_set(settings, setting_row("charge"), "Nobody", &err)); /* alias */
    assert_value(settings, "charge", "none", "flag");
    assert_false(settings_set(settings, setting_row("charge"), "nobo", &err));
    assert_null(strstr(err.text, "nobody")); /* the alias is not suggested */
    settings_free(settings);
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
        cmocka_unit_test(unset_settings_have_their_default),
        cmocka_unit_test(flag_wins_over_environment_and_environment_over_files),
        cmocka_unit_test(database_url_variables_have_a_precedence),
        cmocka_unit_test(password_is_removed_from_output),
        cmocka_unit_test(secret_is_read_from_a_file),
        cmocka_unit_test(secrets_have_no_flag),
        cmocka_unit_test(public_supabase_key_is_rejected),
        cmocka_unit_test(invalid_value_is_reported_with_its_source),
        cmocka_unit_test(values_are_parsed_by_type),
        cmocka_unit_test(old_choice_is_read_as_its_new_name),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
