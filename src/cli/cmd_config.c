/* cmd_config.c - darkroom config: the value of every setting and its source. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/documents/reference.h"
#include "io/postgres/database_url.h"
#include "term/term.h"

/* Formats a value without passwords and keys. */
static void format_value(const struct settings *settings, const struct setting *row, char *out,
                         size_t size)
{
    const struct error *trouble = setting_error(settings, row->name);
    bool redirected = row->type == SETTING_SECRET && setting_redirected(settings, row);
    const char *text = setting_text(settings, row->name);
    struct database_url url;
    struct error ignored;

    out[0] = '\0';
    if (trouble) {
        snprintf(out, size, "invalid: %s", trouble->text);
    } else if (redirected) {
        snprintf(out, size, "set, but not used: a .env file sets its address");
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
        secret_copy(out, size, text);
    }
    secret_scrub(out);
}

static const char *source_of(const struct settings *settings, const struct setting *row,
                             const char *value)
{
    const char *source = setting_source(settings, row->name);

    return value[0] == '\0' ? "not set" : source[0] ? source : "default";
}

static void print_json(const struct setting *row, const char *value, const char *source, bool valid)
{
    cJSON *object = cJSON_CreateObject();
    char *line;

    cJSON_AddStringToObject(object, "event", "setting");
    cJSON_AddStringToObject(object, "name", row->name);
    if (value[0]) {
        cJSON_AddStringToObject(object, "value", value);
    } else {
        cJSON_AddNullToObject(object, "value");
    }
    cJSON_AddStringToObject(object, "source", source);
    cJSON_AddBoolToObject(object, "valid", valid);
    line = cJSON_PrintUnformatted(object);
    term_json(stdout, line);
    free(line);
    cJSON_Delete(object);
}

static void print_row(const struct setting *row, const char *value, const char *source, bool valid)
{
    char fitted[1200];

    term_fit(value, 44, true, fitted, sizeof fitted);
    printf("%-21s %s%s%s  %s%s%s\n", row->name,
           term_style_code(stdout, valid ? STYLE_BOLD : STYLE_BAD),
           term_columns(value) > 44 ? term_text(value, false) : fitted,
           term_style_code(stdout, STYLE_NORMAL), term_style_code(stdout, STYLE_DIM), source,
           term_style_code(stdout, STYLE_NORMAL));
}

static int print_markdown(void)
{
    struct text out;

    text_begin(&out, 64 * 1024);
    reference_markdown(&out);
    fputs(out.data, stdout);
    text_end(&out);
    return 0;
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    bool json = setting_flag(settings, "json"), all_valid = true;

    (void)argc;
    (void)argv;
    if (setting_flag(settings, "markdown")) {
        if (json) {
            error_set(err, ERROR_INPUT, "--markdown and --json exclude each other");
            return 0;
        }
        return print_markdown();
    }
    for (const struct setting *row = setting_table; row->name; row++) {
        bool valid = !setting_error(settings, row->name) &&
                     !(row->type == SETTING_SECRET && setting_redirected(settings, row));
        char value[600];
        const char *source;

        if (row->variables && row->variables[0] == '\0') {
            continue; /* only a flag sets it */
        }
        format_value(settings, row, value, sizeof value);
        source = source_of(settings, row, value);
        all_valid = all_valid && valid;
        if (json) {
            print_json(row, value, source, valid);
        } else {
            print_row(row, value, source, valid);
        }
    }
    if (!all_valid) {
        error_set(err, ERROR_CONFIG, "a setting is invalid");
    }
    return 0;
}

static const char *const settings_taken[] = { "json", "markdown", NULL };

const struct command command_config = {
    .name = "config",
    .arguments = "",
    .summary = "show every setting and the source of its value",
    .examples = "  darkroom config\n"
                "  darkroom config --json\n"
                "  darkroom config --markdown            # the configuration reference\n",
    .settings = settings_taken,
    .output = output_config,
    .run = run,
};
