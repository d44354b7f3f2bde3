/* settings.c - finds the value of each setting: flag, environment, file, default. */
#include "settings/settings.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/file.h"
#include "settings/dotenv.h"
#include "settings/settings_value.h"

enum { FILES = 2, SECRET_FILE_BYTES = 16 * 1024, NAME_BYTES = 64 };

static const char *const file_names[FILES] = { ".env.local", ".env" };

struct setting_state { /* of one row */
    struct setting_value value;
    char source[300];
    struct error *error; /* why the value is invalid, or NULL */
};

struct settings {
    struct setting_state *state; /* one per row of the table */
    int count;
};

struct settings_reader { /* used while settings are loaded */
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

/* Looks up a variable for a .env file: the environment, then the files read before it. */
static const char *lookup(const char *name, void *context)
{
    struct settings_reader *reader = context;
    const char *value = environment_of(reader->from, name);

    for (int i = 0; !value && i < reader->files_read; i++) {
        value = dotenv_find(&reader->files[i], name);
    }
    return value;
}

static bool read_files(struct settings_reader *reader, struct error *err)
{
    for (int i = 0; reader->from->folder && i < FILES; i++) {
        char path[4096];
        struct blob content;
        struct error why;
        bool missing = false, good;

        snprintf(path, sizeof path, "%s/%s", reader->from->folder, file_names[i]);
        if (!file_read(path, DOTENV_BYTES, &content, &missing, &why)) {
            return error_set(err, ERROR_CONFIG, "cannot read '%s': %s", file_names[i], why.text);
        }
        if (missing) {
            reader->files_read = i + 1;
            continue;
        }
        good = dotenv_read((const char *)content.data, content.size, lookup, reader,
                           &reader->files[i], &why);
        blob_free(&content);
        if (!good) {
            return error_set(err, ERROR_CONFIG, "cannot read '%s': %s", file_names[i], why.text);
        }
        reader->files_read = i + 1;
    }
    return true;
}

/* Parses a text as the value of a row. False if it is empty: then the next source applies. An
 * invalid text is stored as an error and ends the search. */
static bool parse_into(struct setting_state *state, const struct setting *row, const char *text)
{
    struct error why = { .kind = ERROR_NONE };

    if (!setting_value_read(row, text, &state->value, &why)) {
        state->error = xcalloc(1, sizeof *state->error);
        *state->error = why;
        return true;
    }
    return state->value.text || state->value.secret;
}

static bool parse_file(struct setting_state *state, const struct setting *row, const char *path)
{
    struct blob content;
    struct error why;
    char *text;
    bool is_set;

    if (!file_read(path, SECRET_FILE_BYTES, &content, NULL, &why)) {
        state->error = xcalloc(1, sizeof *state->error);
        *state->error = why;
        return true;
    }
    text = xstrndup((const char *)content.data, content.size);
    explicit_bzero(content.data, content.size);
    blob_free(&content);
    is_set = parse_into(state, row, text);
    explicit_bzero(text, strlen(text));
    free(text);
    return is_set;
}

static bool is_private(const struct setting *row)
{
    return row->type == SETTING_SECRET || row->type == SETTING_URL;
}

static bool from_environment(struct setting_state *state, const struct setting *row,
                             const struct settings_sources *from)
{
    char name[NAME_BYTES], file[NAME_BYTES + 8];

    for (int i = 0; setting_variable(row, from->command, i, name, sizeof name); i++) {
        const char *text = environment_of(from, name);

        if (text && parse_into(state, row, text)) {
            snprintf(state->source, sizeof state->source, "environment %s", name);
            return true;
        }
        snprintf(file, sizeof file, "%s_FILE", name);
        text = is_private(row) ? environment_of(from, file) : NULL;
        if (text && *text && parse_file(state, row, text)) {
            snprintf(state->source, sizeof state->source, "file %.200s (%s)", text, file);
            return true;
        }
    }
    return false;
}

/* Reads a secret from systemd's LoadCredential: a file named after the variable or the setting. */
static bool from_credentials(struct setting_state *state, const struct setting *row,
                             const struct settings_sources *from)
{
    const char *folder = environment_of(from, "CREDENTIALS_DIRECTORY");
    char name[NAME_BYTES], path[4096];

    if (!folder || !*folder || !is_private(row)) {
        return false;
    }
    for (int i = -1; i < 0 || setting_variable(row, from->command, i, name, sizeof name); i++) {
        const char *file = i < 0 ? row->name : name;

        snprintf(path, sizeof path, "%s/%s", folder, file);
        if (access(path, F_OK) == 0 && parse_file(state, row, path)) {
            snprintf(state->source, sizeof state->source, "credential %s", file);
            return true;
        }
    }
    return false;
}

static bool from_files(struct setting_state *state, const struct setting *row,
                       const struct settings_reader *reader)
{
    char name[NAME_BYTES];

    for (int file = 0; file < reader->files_read; file++) {
        for (int i = 0; setting_variable(row, reader->from->command, i, name, sizeof name); i++) {
            const char *text =
                reader->files[file].entries ? dotenv_find(&reader->files[file], name) : NULL;

            if (text && parse_into(state, row, text)) {
                snprintf(state->source, sizeof state->source, "file %s (%s)", file_names[file],
                         name);
                return true;
            }
        }
    }
    return false;
}

/* Without a URL, libpq's variables select the database. libpq itself reads the rest of them. */
static bool from_libpq(struct setting_state *state, const struct setting *row,
                       const struct settings_sources *from)
{
    static const struct {
        const char *variable, *keyword;
    } known[] = { { "PGSERVICE", "service" }, { "PGDATABASE", "dbname" }, { "PGHOST", "host" } };

    char name[NAME_BYTES];
    bool reads =
        row->type == SETTING_URL && setting_variable(row, from->command, 0, name, sizeof name);

    for (size_t i = 0; reads && i < 3; i++) {
        const char *value = environment_of(from, known[i].variable);
        char text[512];

        if (value && *value && !strpbrk(value, " \t'\\")) {
            snprintf(text, sizeof text, "%s=%s", known[i].keyword, value);
            snprintf(state->source, sizeof state->source, "environment %s", known[i].variable);
            return parse_into(state, row, text);
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

    if (state && *state) { /* systemd separates several folders by ':' */
        snprintf(out, size, "%.*s/spool", (int)strcspn(state, ":"), state);
    } else if (xdg && *xdg) {
        snprintf(out, size, "%s/darkroom/spool", xdg);
    } else if (user || (home && *home)) {
        snprintf(out, size, "%s/.local/state/darkroom/spool", user ? user->pw_dir : home);
    } else {
        snprintf(out, size, "darkroom-spool");
    }
}

static void from_default(struct setting_state *state, const struct setting *row,
                         const struct settings_sources *from)
{
    char spool[4096];
    const char *text = setting_default(row, from->command);

    if (strcmp(row->name, "spool") == 0) {
        default_spool(from, spool, sizeof spool);
        text = spool;
    }
    snprintf(state->source, sizeof state->source, "default");
    if (text && !parse_into(state, row, text)) {
        state->source[0] = '\0';
    }
}

bool settings_load(const struct settings_sources *from, struct settings **out, struct error *err)
{
    struct settings_reader reader = { .from = from };
    struct settings *settings = xcalloc(1, sizeof *settings);
    bool good;

    *out = settings;
    while (setting_table[settings->count].name) {
        settings->count++;
    }
    settings->state = xcalloc((size_t)settings->count, sizeof *settings->state);
    good = read_files(&reader, err);
    for (int i = 0; good && i < settings->count; i++) {
        struct setting_state *state = &settings->state[i];
        const struct setting *row = &setting_table[i];

        if (!from_environment(state, row, from) && !from_credentials(state, row, from) &&
            !from_files(state, row, &reader) && !from_libpq(state, row, from)) {
            from_default(state, row, from);
        }
    }
    for (int i = 0; i < FILES; i++) {
        dotenv_free(&reader.files[i]);
    }
    if (!good) {
        settings_free(settings);
        *out = NULL;
    }
    return good;
}

static void state_clear(struct setting_state *state)
{
    setting_value_free(&state->value);
    free(state->error);
    *state = (struct setting_state){ 0 };
}

void settings_free(struct settings *settings)
{
    for (int i = 0; settings && i < settings->count; i++) {
        state_clear(&settings->state[i]);
    }
    if (settings) {
        free(settings->state);
        free(settings);
    }
}

bool settings_set(struct settings *settings, const struct setting *row, const char *value,
                  struct error *err)
{
    struct setting_value read;
    struct setting_state *state = &settings->state[row - setting_table];

    if (row->type == SETTING_SECRET) {
        return error_set(err, ERROR_INPUT,
                         "'--%s' is not a flag: other users can read a command line", row->name);
    }
    if (!setting_value_read(row, value, &read, err)) {
        return false;
    }
    if (row->type == SETTING_LIST && strcmp(state->source, "flag") == 0 && state->value.text &&
        read.text) {
        char *both = NULL;

        if (asprintf(&both, "%s\n%s", state->value.text, read.text) < 0) {
            FATAL("out of memory");
        }
        free(read.text);
        read.text = both;
    }
    state_clear(state); /* an empty value unsets it */
    state->value = read;
    snprintf(state->source, sizeof state->source, "flag");
    return true;
}

static const struct setting_state *state_of(const struct settings *settings, const char *name)
{
    const struct setting *row = setting_row(name);

    if (!row) {
        FATAL("unknown setting '%s'", name);
    }
    return &settings->state[row - setting_table];
}

bool settings_check(const struct settings *settings, const char *const *names, struct error *err)
{
    struct setting_list list = { .names = names };
    const struct setting *row;

    while ((row = setting_list_next(&list))) {
        const struct setting_state *state = state_of(settings, row->name);

        if (state->error) {
            error_set(err, ERROR_CONFIG, "%s (from %.80s)", state->error->text, state->source);
            return error_hint(err, "%s", state->error->hint);
        }
    }
    return true;
}

const struct error *setting_error(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->error;
}

const char *setting_text(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->value.text;
}

int64_t setting_int(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->value.integer;
}

double setting_number(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->value.number;
}

bool setting_flag(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->value.yes;
}

const struct secret *setting_secret(const struct settings *settings, const char *name)
{
    const struct setting *row = setting_row(name);

    return row && row->type == SETTING_SECRET ? state_of(settings, name)->value.secret : NULL;
}

const char *setting_source(const struct settings *settings, const char *name)
{
    return state_of(settings, name)->source;
}
