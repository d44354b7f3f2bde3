/* settings.c - where each setting's value comes from: flag, environment, file, default. */
#include "settings/settings.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/file.h"
#include "settings/dotenv.h"
#include "settings/settings_value.h"

enum { FILES = 2, SECRET_FILE_BYTES = 16 * 1024, NAME_BYTES = 64 };

static const char *const file_names[FILES] = { ".env.local", ".env" };

struct held { /* one row's value */
    struct setting_value value;
    char source[300];
    struct error *trouble; /* the text that was there did not fit */
};

struct settings {
    struct held *held; /* as many as the table has rows */
    int count;
};

struct reading { /* while settings are loaded */
    const struct settings_sources *from;
    struct dotenv files[FILES];
    int files_read;
};

static const char *environment_of(const struct settings_sources *from, const char *name)
{
    size_t size = strlen(name);

    for (int i = 0; from->environment && from->environment[i]; i++) {
        if (strncmp(from->environment[i], name, size) == 0 && from->environment[i][size] == '=') {
            return from->environment[i] + size + 1;
        }
    }
    return NULL;
}

/* For a .env file what came before it is environment: the shell's, then .env.local's. */
static const char *lookup(const char *name, void *context)
{
    struct reading *reading = context;
    const char *value = environment_of(reading->from, name);

    for (int i = 0; !value && i < reading->files_read; i++) {
        value = dotenv_find(&reading->files[i], name);
    }
    return value;
}

static bool read_files(struct reading *reading, struct error *err)
{
    for (int i = 0; reading->from->folder && i < FILES; i++) {
        char path[4096];
        struct blob content;
        struct error why;
        bool missing = false, good;

        snprintf(path, sizeof path, "%s/%s", reading->from->folder, file_names[i]);
        if (!file_read(path, DOTENV_BYTES, &content, &missing, &why)) {
            return error_set(err, ERROR_CONFIG, "cannot read '%s': %s", file_names[i], why.text);
        }
        if (missing) {
            reading->files_read = i + 1;
            continue;
        }
        good = dotenv_read((const char *)content.data, content.size, lookup, reading,
                           &reading->files[i], &why);
        blob_free(&content);
        if (!good) {
            return error_set(err, ERROR_CONFIG, "cannot read '%s': %s", file_names[i], why.text);
        }
        reading->files_read = i + 1;
    }
    return true;
}

/* Takes a text for a row; false where it is empty, so that the next place is looked at. */
static bool take(struct held *held, const struct setting *row, const char *text)
{
    struct error why = { .kind = ERROR_NONE };

    if (!setting_value_read(row, text, &held->value, &why)) {
        held->trouble = malloc(sizeof *held->trouble);
        if (held->trouble) {
            *held->trouble = why;
        }
        return true;
    }
    return held->value.text || held->value.secret;
}

static bool take_file(struct held *held, const struct setting *row, const char *path)
{
    struct blob content;
    struct error why;
    char *text;
    bool taken;

    if (!file_read(path, SECRET_FILE_BYTES, &content, NULL, &why)) {
        held->trouble = malloc(sizeof *held->trouble);
        if (held->trouble) {
            *held->trouble = why;
        }
        return true;
    }
    text = strndup((const char *)content.data, content.size);
    explicit_bzero(content.data, content.size);
    blob_free(&content);
    taken = text && take(held, row, text);
    if (text) {
        explicit_bzero(text, strlen(text));
        free(text);
    }
    return taken;
}

static bool is_private(const struct setting *row)
{
    return row->type == SETTING_SECRET || row->type == SETTING_URL;
}

static bool from_environment(struct held *held, const struct setting *row,
                             const struct settings_sources *from)
{
    char name[NAME_BYTES], file[NAME_BYTES + 8];

    for (int i = 0; setting_variable(row, i, name, sizeof name); i++) {
        const char *text = environment_of(from, name);

        if (text && take(held, row, text)) {
            snprintf(held->source, sizeof held->source, "environment %s", name);
            return true;
        }
        snprintf(file, sizeof file, "%s_FILE", name);
        text = is_private(row) ? environment_of(from, file) : NULL;
        if (text && *text && take_file(held, row, text)) {
            snprintf(held->source, sizeof held->source, "file %.200s (%s)", text, file);
            return true;
        }
    }
    return false;
}

/* systemd's LoadCredential: a file named like the variable, or like the setting. */
static bool from_credentials(struct held *held, const struct setting *row,
                             const struct settings_sources *from)
{
    const char *folder = environment_of(from, "CREDENTIALS_DIRECTORY");
    char name[NAME_BYTES], path[4096];

    if (!folder || !*folder || !is_private(row)) {
        return false;
    }
    for (int i = -1; i < 0 || setting_variable(row, i, name, sizeof name); i++) {
        const char *file = i < 0 ? row->name : name;

        snprintf(path, sizeof path, "%s/%s", folder, file);
        if (access(path, F_OK) == 0 && take_file(held, row, path)) {
            snprintf(held->source, sizeof held->source, "credential %s", file);
            return true;
        }
    }
    return false;
}

static bool from_files(struct held *held, const struct setting *row, const struct reading *reading)
{
    char name[NAME_BYTES];

    for (int file = 0; file < reading->files_read; file++) {
        for (int i = 0; setting_variable(row, i, name, sizeof name); i++) {
            const char *text =
                reading->files[file].entries ? dotenv_find(&reading->files[file], name) : NULL;

            if (text && take(held, row, text)) {
                snprintf(held->source, sizeof held->source, "file %s (%s)", file_names[file], name);
                return true;
            }
        }
    }
    return false;
}

/* libpq's own variables say which database, where no URL does. libpq reads the rest of them. */
static bool from_libpq(struct held *held, const struct setting *row,
                       const struct settings_sources *from)
{
    static const struct {
        const char *variable, *keyword;
    } known[] = { { "PGSERVICE", "service" }, { "PGDATABASE", "dbname" }, { "PGHOST", "host" } };

    for (size_t i = 0; i < 3 && row->type == SETTING_URL; i++) {
        const char *value = environment_of(from, known[i].variable);
        char text[512];

        if (value && *value && !strpbrk(value, " \t'\\")) {
            snprintf(text, sizeof text, "%s=%s", known[i].keyword, value);
            snprintf(held->source, sizeof held->source, "environment %s", known[i].variable);
            return take(held, row, text);
        }
    }
    return false;
}

static void default_spool(const struct settings_sources *from, char *out, size_t size)
{
    const char *state = environment_of(from, "STATE_DIRECTORY");
    const char *xdg = environment_of(from, "XDG_STATE_HOME");
    const char *home = environment_of(from, "HOME");
    const struct passwd *user = home && *home ? NULL : getpwuid(getuid());

    if (state && *state) { /* systemd may name several, with ':' between */
        snprintf(out, size, "%.*s/spool", (int)strcspn(state, ":"), state);
    } else if (xdg && *xdg) {
        snprintf(out, size, "%s/darkroom/spool", xdg);
    } else if (user || (home && *home)) {
        snprintf(out, size, "%s/.local/state/darkroom/spool", user ? user->pw_dir : home);
    } else {
        snprintf(out, size, "darkroom-spool");
    }
}

static void from_default(struct held *held, const struct setting *row,
                         const struct settings_sources *from)
{
    char spool[4096];
    const char *text = row->default_value;

    if (strcmp(row->name, "spool") == 0) {
        default_spool(from, spool, sizeof spool);
        text = spool;
    }
    snprintf(held->source, sizeof held->source, "default");
    if (text && !take(held, row, text)) {
        held->source[0] = '\0';
    }
}

bool settings_load(const struct settings_sources *from, struct settings **out, struct error *err)
{
    struct reading reading = { .from = from };
    struct settings *settings = calloc(1, sizeof *settings);
    bool good;

    *out = settings;
    while (setting_table[settings->count].name) {
        settings->count++;
    }
    settings->held = calloc((size_t)settings->count, sizeof *settings->held);
    good = read_files(&reading, err);
    for (int i = 0; good && i < settings->count; i++) {
        struct held *held = &settings->held[i];
        const struct setting *row = &setting_table[i];

        if (!from_environment(held, row, from) && !from_credentials(held, row, from) &&
            !from_files(held, row, &reading) && !from_libpq(held, row, from)) {
            from_default(held, row, from);
        }
    }
    for (int i = 0; i < FILES; i++) {
        dotenv_free(&reading.files[i]);
    }
    if (!good) {
        settings_free(settings);
        *out = NULL;
    }
    return good;
}

static void held_clear(struct held *held)
{
    setting_value_free(&held->value);
    free(held->trouble);
    *held = (struct held){ 0 };
}

void settings_free(struct settings *settings)
{
    for (int i = 0; settings && i < settings->count; i++) {
        held_clear(&settings->held[i]);
    }
    if (settings) {
        free(settings->held);
        free(settings);
    }
}

bool settings_set(struct settings *settings, const struct setting *row, const char *value,
                  struct error *err)
{
    struct setting_value read;
    struct held *held = &settings->held[row - setting_table];

    if (row->type == SETTING_SECRET) {
        return error_set(err, ERROR_INPUT, "'--%s' is no flag: a command line is public",
                         row->name);
    }
    if (!setting_value_read(row, value, &read, err)) {
        return false;
    }
    if (row->type == SETTING_LIST && strcmp(held->source, "flag") == 0 && held->value.text &&
        read.text) {
        char *both = NULL;

        if (asprintf(&both, "%s\n%s", held->value.text, read.text) < 0) {
            abort();
        }
        free(read.text);
        read.text = both;
    }
    held_clear(held); /* an empty flag unsets */
    held->value = read;
    snprintf(held->source, sizeof held->source, "flag");
    return true;
}

static const struct held *held_of(const struct settings *settings, const char *name)
{
    const struct setting *row = setting_row(name);

    if (!row) {
        fprintf(stderr, "darkroom: there is no setting '%s'\n", name);
        abort(); /* a name that is not in the table is a bug of ours */
    }
    return &settings->held[row - setting_table];
}

bool settings_check(const struct settings *settings, const char *const *names, struct error *err)
{
    struct setting_list list = { .names = names };
    const struct setting *row;

    while ((row = setting_list_next(&list))) {
        const struct held *held = held_of(settings, row->name);

        if (held->trouble) {
            error_set(err, ERROR_CONFIG, "%s (from %.80s)", held->trouble->text, held->source);
            return error_hint(err, "%s", held->trouble->hint);
        }
    }
    return true;
}

const struct error *setting_error(const struct settings *settings, const char *name)
{
    return held_of(settings, name)->trouble;
}

const char *setting_text(const struct settings *settings, const char *name)
{
    return held_of(settings, name)->value.text;
}

int64_t setting_int(const struct settings *settings, const char *name)
{
    return held_of(settings, name)->value.integer;
}

double setting_number(const struct settings *settings, const char *name)
{
    return held_of(settings, name)->value.number;
}

bool setting_flag(const struct settings *settings, const char *name)
{
    return held_of(settings, name)->value.yes;
}

const struct secret *setting_secret(const struct settings *settings, const char *name)
{
    const struct setting *row = setting_row(name);

    return row && row->type == SETTING_SECRET ? held_of(settings, name)->value.secret : NULL;
}

const char *setting_source(const struct settings *settings, const char *name)
{
    return held_of(settings, name)->source;
}
