/* settings_load.c - finds the value of each setting: environment, credential, file, default. */
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/file.h"
#include "settings/dotenv.h"
#include "settings/settings_state.h"

enum { FILES = 2, SECRET_FILE_BYTES = 16 * 1024, NAME_BYTES = 64 };

static const char *const file_names[FILES] = { ".env.local", ".env" };

struct settings_reader { /* used while settings are loaded */
    const struct settings_sources *from;
    struct dotenv files[FILES];
    int files_read;
};

__attribute__((format(printf, 3, 4))) static void
set_source(struct setting_state *state, enum setting_origin origin, const char *fmt, ...)
{
    va_list list;

    state->origin = origin;
    va_start(list, fmt);
    vsnprintf(state->source, sizeof state->source, fmt, list);
    va_end(list);
}

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
            set_source(state, ORIGIN_PROCESS, "environment %s", name);
            return true;
        }
        snprintf(file, sizeof file, "%s_FILE", name);
        text = is_private(row) ? environment_of(from, file) : NULL;
        if (text && *text && parse_file(state, row, text)) {
            set_source(state, ORIGIN_PROCESS, "file %.200s (%s)", text, file);
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
            set_source(state, ORIGIN_PROCESS, "credential %s", file);
            return true;
        }
    }
    return false;
}

/* A value that a file of the current folder must not set: its author would decide what this process
 * trusts. A variable that other programs share is ignored, as they ignore it too. */
static bool refuse_value(struct setting_state *state, const struct setting *row, const char *name)
{
    if (strncmp(name, "DARKROOM_", 9) != 0) {
        return false;
    }
    state->error = xcalloc(1, sizeof *state->error);
    error_set(state->error, ERROR_INPUT, "a file of the current folder must not set '%s'",
              row->name);
    return !error_hint(state->error, "Set %s in the environment, or use the flag --%s.", name,
                       row->name);
}

/* An address with the value of a variable would carry it to the server that the file chooses. */
static bool refuse_borrowed(struct setting_state *state, const struct setting *row,
                            const char *name)
{
    state->error = xcalloc(1, sizeof *state->error);
    error_set(state->error, ERROR_INPUT,
              "a file of the current folder must not put variables from elsewhere into '%s'",
              row->name);
    return !error_hint(state->error, "Write the address out, or set %s in the environment.", name);
}

static bool take_entry(struct setting_state *state, const struct setting *row,
                       const struct dotenv_entry *entry)
{
    return row->not_in_files            ? refuse_value(state, row, entry->name)
           : row->key && entry->borrows ? refuse_borrowed(state, row, entry->name)
                                        : parse_into(state, row, entry->value);
}

static bool from_files(struct setting_state *state, const struct setting *row,
                       const struct settings_reader *reader)
{
    char name[NAME_BYTES];

    for (int file = 0; file < reader->files_read; file++) {
        for (int i = 0; setting_variable(row, reader->from->command, i, name, sizeof name); i++) {
            const struct dotenv_entry *entry = dotenv_entry_find(&reader->files[file], name);

            if (entry && entry->value && *entry->value && take_entry(state, row, entry)) {
                state->file = file;
                set_source(state, ORIGIN_FOLDER, "file %s (%s)", file_names[file], name);
                return true;
            }
        }
    }
    return false;
}

/* Notes which files contain the secret themselves: their authors know it already. A file that only
 * mentions a variable does not contain its value. */
static void find_in_files(struct setting_state *state, const struct setting *row,
                          const struct settings_reader *reader)
{
    char name[NAME_BYTES];

    for (int file = 0; file < reader->files_read && state->value.secret; file++) {
        for (int i = 0; setting_variable(row, reader->from->command, i, name, sizeof name); i++) {
            const struct dotenv_entry *entry = dotenv_entry_find(&reader->files[file], name);
            struct setting_value same = { 0 };
            struct error ignored;

            if (entry && entry->literal &&
                setting_value_read(row, entry->literal, &same, &ignored) &&
                secret_equal(state->value.secret, same.secret)) {
                state->also_in |= 1u << file;
            }
            setting_value_free(&same);
        }
    }
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
            set_source(state, ORIGIN_PROCESS, "environment %s", known[i].variable);
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
    set_source(state, ORIGIN_DEFAULT, "default");
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
        find_in_files(state, row, &reader);
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
