/* settings.c - one table; flags beat environment beats files beats defaults. */
#include "cli/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/settings_internal.h"

static const struct setting table[] = {
#define SETTING(n, t, a, e, d, lo, hi, h)                                                          \
    { .name = (n),                                                                                 \
      .type = SETTING_##t,                                                                         \
      .argument = (a),                                                                             \
      .environment = (e),                                                                          \
      .fallback = (d),                                                                             \
      .least = (lo),                                                                               \
      .most = (hi),                                                                                \
      .help = (h) },
#include "cli/settings.inc"
#undef SETTING
};

enum { COUNT = sizeof table / sizeof *table };

struct value {
    char *text;
    struct secret *secret;
    char source[120];
};

struct settings {
    struct value values[COUNT];
};

const struct setting *setting_at(int index)
{
    return index >= 0 && index < COUNT ? &table[index] : NULL;
}

const struct setting *setting_find(const char *name)
{
    for (int i = 0; i < COUNT; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

static bool is_wanted(const struct setting *setting, const char *const *taken)
{
    for (; *taken; taken++) {
        if (strcmp(*taken, setting->name) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_int(const struct setting *setting, const char *text, const char *source,
                      struct error *err)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < setting->least || value > setting->most) {
        return error_set(err, ERROR_INPUT,
                         "--%s takes a whole number from %lld to %lld, not '%.40s' (%s)",
                         setting->name, (long long)setting->least, (long long)setting->most, text,
                         source);
    }
    return true;
}

static bool set(struct settings *settings, const struct setting *setting, const char *text,
                const char *source, struct error *err)
{
    struct value *value = &settings->values[setting - table];
    char *joined;

    if (setting->type == SETTING_INT && !check_int(setting, text, source, err)) {
        return false;
    }
    snprintf(value->source, sizeof value->source, "%s", source);
    if (setting->type == SETTING_SECRET) {
        value->secret = secret_new(text);
        return true;
    }
    if (setting->type == SETTING_LIST && value->text) {
        if (asprintf(&joined, "%s\n%s", value->text, text) < 0) {
            abort();
        }
        free(value->text);
        value->text = joined;
        return true;
    }
    free(value->text);
    value->text = strdup(text);
    return true;
}

/* A value with the blanks around it gone; NULL where nothing is left: empty means unset. */
static char *trimmed(const char *text)
{
    size_t size;

    while (isspace((unsigned char)*text)) {
        text++;
    }
    size = strlen(text);
    while (size > 0 && isspace((unsigned char)text[size - 1])) {
        size--;
    }
    return size > 0 ? strndup(text, size) : NULL;
}

/* NAME_FILE and $CREDENTIALS_DIRECTORY/NAME: how secrets reach a service. */
static char *secret_file(const char *name, char *source, size_t size)
{
    char variable[80], path[1024], text[8192];
    const char *folder = getenv("CREDENTIALS_DIRECTORY"), *file;
    FILE *stream;
    size_t length;

    snprintf(variable, sizeof variable, "%s_FILE", name);
    file = getenv(variable);
    if (file) {
        snprintf(path, sizeof path, "%s", file);
    } else if (folder) {
        snprintf(path, sizeof path, "%s/%s", folder, name);
    } else {
        return NULL;
    }
    stream = fopen(path, "r");
    if (!stream) {
        return NULL;
    }
    length = fread(text, 1, sizeof text - 1, stream);
    fclose(stream);
    text[length] = '\0';
    snprintf(source, size, "file %.100s", path);
    return trimmed(text);
}

static char *from_environment(const struct setting *setting, const struct dotenv *files,
                              char *source, size_t size)
{
    char names[256], *saved = NULL;

    snprintf(names, sizeof names, "%s", setting->environment);
    for (char *name = strtok_r(names, " ", &saved); name; name = strtok_r(NULL, " ", &saved)) {
        const char *text = getenv(name), *file = NULL;
        char *value = text ? trimmed(text) : NULL;

        if (value) {
            snprintf(source, size, "environment %s", name);
            return value;
        }
        value = setting->type == SETTING_SECRET ? secret_file(name, source, size) : NULL;
        if (value) {
            return value;
        }
        text = dotenv_find(files, name, &file);
        value = text ? trimmed(text) : NULL;
        if (value) {
            snprintf(source, size, "%s in %.60s", name, file);
            return value;
        }
    }
    return NULL;
}

static char *spool_default(void)
{
    static const struct {
        const char *variable, *rest;
    } places[] = { { "STATE_DIRECTORY", "/spool" },
                   { "XDG_STATE_HOME", "/darkroom/spool" },
                   { "HOME", "/.local/state/darkroom/spool" } };
    char *path;

    for (int i = 0; i < 3; i++) {
        const char *base = getenv(places[i].variable);

        if (base && base[0] == '/' && asprintf(&path, "%s%s", base, places[i].rest) > 0) {
            return path;
        }
    }
    return strdup("/var/tmp/darkroom-spool");
}

static bool fill_rest(struct settings *settings, const char *const *taken,
                      const struct dotenv *files, struct error *err)
{
    for (int i = 0; i < COUNT; i++) {
        struct value *value = &settings->values[i];
        char source[120] = "default", *text;
        bool good;

        if (value->text || value->secret || !is_wanted(&table[i], taken)) {
            continue;
        }
        text = from_environment(&table[i], files, source, sizeof source);
        if (!text && table[i].fallback) {
            text = strdup(table[i].fallback);
        }
        if (!text && strcmp(table[i].name, "spool") == 0) {
            text = spool_default();
        }
        if (!text) {
            continue;
        }
        good = set(settings, &table[i], text, source, err);
        explicit_bzero(text, strlen(text));
        free(text);
        if (!good) {
            return false;
        }
    }
    return true;
}

/* One flag at argv[*at]; moves *at over its value. */
static bool take_flag(struct settings *settings, const char *const *taken, int argc, char **argv,
                      int *at, struct error *err)
{
    char name[64];
    const char *word = argv[*at] + 2, *equals = strchr(word, '=');
    const struct setting *setting;

    snprintf(name, sizeof name, "%.*s", (int)(equals ? equals - word : (long)strlen(word)), word);
    setting = setting_find(name);
    if (!setting || !is_wanted(setting, taken)) {
        error_set(err, ERROR_INPUT, "there is no flag --%.40s here", name);
        return error_hint(err, "--help lists those that there are.");
    }
    if (setting->type == SETTING_SECRET) {
        error_set(err, ERROR_INPUT, "--%s is a secret, and command lines are public", name);
        return error_hint(err, "Set it in the environment: %s.", setting->environment);
    }
    if (setting->type == SETTING_FLAG) {
        const char *no = equals ? equals + 1 : "true";

        return set(settings, setting, no, "flag", err);
    }
    if (!equals && ++*at >= argc) {
        return error_set(err, ERROR_INPUT, "--%s needs a value (%s)", name, setting->argument);
    }
    return set(settings, setting, equals ? equals + 1 : argv[*at], "flag", err);
}

bool settings_read(const char *const *taken, int *argc, char **argv, struct settings **out,
                   struct error *err)
{
    struct settings *settings = calloc(1, sizeof *settings);
    struct dotenv *files = dotenv_read();
    int kept = 0;
    bool good = true, flags_over = false;

    for (int i = 0; good && i < *argc; i++) {
        if (!flags_over && strcmp(argv[i], "--") == 0) {
            flags_over = true;
        } else if (!flags_over && strncmp(argv[i], "--", 2) == 0) {
            good = take_flag(settings, taken, *argc, argv, &i, err);
        } else if (!flags_over && argv[i][0] == '-' && argv[i][1]) {
            good = error_set(err, ERROR_INPUT, "there is no flag %.20s", argv[i]);
        } else {
            argv[kept++] = argv[i];
        }
    }
    *argc = kept;
    good = good && fill_rest(settings, taken, files, err);
    dotenv_free(files);
    if (!good) {
        settings_free(settings);
        settings = NULL;
    }
    *out = settings;
    return good;
}

void settings_free(struct settings *settings)
{
    for (int i = 0; settings && i < COUNT; i++) {
        free(settings->values[i].text);
        secret_free(settings->values[i].secret);
    }
    free(settings);
}

static const struct value *value_of(const struct settings *settings, const char *name)
{
    const struct setting *setting = setting_find(name);

    if (!setting) {
        abort(); /* a name that is in no table: a bug, found by the first run */
    }
    return &settings->values[setting - table];
}

const char *setting_text(const struct settings *settings, const char *name)
{
    return value_of(settings, name)->text;
}

int64_t setting_int(const struct settings *settings, const char *name)
{
    const char *text = setting_text(settings, name);

    return text ? strtoll(text, NULL, 10) : 0;
}

double setting_number(const struct settings *settings, const char *name)
{
    const char *text = setting_text(settings, name);

    return text ? strtod(text, NULL) : 0;
}

bool setting_flag(const struct settings *settings, const char *name)
{
    const char *text = setting_text(settings, name);

    return text && strcmp(text, "0") != 0 && strcmp(text, "false") != 0 && strcmp(text, "no") != 0;
}

const struct secret *setting_secret(const struct settings *settings, const char *name)
{
    return value_of(settings, name)->secret;
}

const char *setting_source(const struct settings *settings, const char *name)
{
    const struct value *value = value_of(settings, name);

    return value->source[0] ? value->source : "not set";
}
