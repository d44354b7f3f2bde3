/* cmd_config.c - darkroom config: every setting's value, and where it came from. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"
#include "io/postgres/database_url.h"
#include "term/term.h"

/* What may be shown of a value: no password, no key. */
static void show(const struct settings *settings, const struct setting *row, char *out, size_t size)
{
    const struct error *trouble = setting_error(settings, row->name);
    const char *text = setting_text(settings, row->name);
    struct database_url url;
    struct error ignored;

    out[0] = '\0';
    if (trouble) {
        snprintf(out, size, "unfit: %s", trouble->text);
    } else if (row->type == SETTING_SECRET) {
        snprintf(out, size, "%s", secret_is_set(setting_secret(settings, row->name)) ? "set" : "");
    } else if (text && row->type == SETTING_URL) {
        if (database_url_read(text, &url, &ignored)) {
            snprintf(out, size, "%s", url.shown);
            database_url_free(&url);
        }
    } else if (row->type == SETTING_FLAG) {
        snprintf(out, size, "%s", setting_flag(settings, row->name) ? "yes" : "no");
    } else if (text) {
        snprintf(out, size, "%s", text);
    }
    secret_scrub(out);
}

static const char *source_of(const struct settings *settings, const struct setting *row,
                             const char *value)
{
    const char *source = setting_source(settings, row->name);

    return value[0] == '\0' ? "not set" : source[0] ? source : "default";
}

static void tell_json(const struct setting *row, const char *value, const char *source, bool fits)
{
    cJSON *object = cJSON_CreateObject();
    char *line;

    cJSON_AddStringToObject(object, "name", row->name);
    if (value[0]) {
        cJSON_AddStringToObject(object, "value", value);
    } else {
        cJSON_AddNullToObject(object, "value");
    }
    cJSON_AddStringToObject(object, "source", source);
    cJSON_AddBoolToObject(object, "fits", fits);
    line = cJSON_PrintUnformatted(object);
    printf("%s\n", line ? line : "null");
    free(line);
    cJSON_Delete(object);
}

static void tell_line(const struct setting *row, const char *value, const char *source, bool fits)
{
    char fitted[1200];

    term_fit(value, 44, true, fitted, sizeof fitted);
    printf("%-21s %s%s%s  %s%s%s\n", row->name,
           term_style_code(stdout, fits ? STYLE_BOLD : STYLE_BAD),
           term_columns(value) > 44 ? value : fitted, term_style_code(stdout, STYLE_NORMAL),
           term_style_code(stdout, STYLE_DIM), source, term_style_code(stdout, STYLE_NORMAL));
}

static int tell_markdown(void)
{
    struct text out;

    text_begin(&out, 64 * 1024);
    help_markdown(&out);
    fputs(out.data, stdout);
    text_end(&out);
    return 0;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    bool json = setting_flag(settings, "json"), all_fit = true;

    (void)argc;
    (void)argv;
    if (setting_flag(settings, "markdown")) {
        return tell_markdown();
    }
    for (const struct setting *row = setting_table; row->name; row++) {
        bool fits = !setting_error(settings, row->name);
        char value[600];
        const char *source;

        if (row->variables && row->variables[0] == '\0') {
            continue; /* one command's own */
        }
        show(settings, row, value, sizeof value);
        source = source_of(settings, row, value);
        all_fit = all_fit && fits;
        if (json) {
            tell_json(row, value, source, fits);
        } else {
            tell_line(row, value, source, fits);
        }
    }
    if (!all_fit) {
        error_set(err, ERROR_CONFIG, "a setting does not fit");
    }
    return 0;
}

static const char *const settings_taken[] = { "json", "markdown", NULL };

const struct command command_config = {
    .name = "config",
    .arguments = "",
    .summary = "show every setting, and where its value comes from",
    .examples = "  darkroom config\n"
                "  darkroom config --json\n"
                "  darkroom config --markdown           # the table of settings, for a document\n",
    .settings = settings_taken,
    .run = run,
};
