/* store.c - the table of stores, and the paths of objects. */
#include "store/store.h"

#include <ctype.h>
#include <string.h>

#define STORE(name) extern const struct store store_##name;
#include "store/stores.inc"
#undef STORE

const struct store *const stores[] = {
#define STORE(name) &store_##name,
#include "store/stores.inc"
#undef STORE
    NULL,
};

const struct store *store_find(const char *name)
{
    for (int i = 0; stores[i]; i++) {
        if (strcmp(stores[i]->name, name) == 0) {
            return stores[i];
        }
    }
    return NULL;
}

enum { SLUG_MAX = 32, ID_MAX = 128 };

/* Letters, digits, '-' and '_' are the part of S3's usual set that needs no escape anywhere. */
static bool id_is_safe(const char *id)
{
    size_t size = strlen(id);

    if (size == 0 || size > ID_MAX) {
        return false;
    }
    for (const char *at = id; *at; at++) {
        if (!isalnum((unsigned char)*at) && *at != '-' && *at != '_') {
            return false;
        }
    }
    return true;
}

static const char *slug(const char *style, struct arena *arena)
{
    char *out = arena_alloc(arena, SLUG_MAX + 2), *to = out;

    for (; *style && to - out < SLUG_MAX; style++) {
        unsigned char c = (unsigned char)*style;

        if (c < 0x80 && isalnum(c)) {
            *to++ = (char)tolower(c);
        } else if (to > out && to[-1] != '-') {
            *to++ = '-';
        }
    }
    while (to > out && to[-1] == '-') {
        to--;
    }
    *to = '\0';
    return out;
}

static bool path_of(const char *user_id, const char *project_id, const char *kind,
                    const char *style, int64_t created_ms, const char *mark, const char *job_id,
                    const char *extension, struct arena *arena, const char **out, struct error *err)
{
    const char *word = slug(style ? style : "", arena);

    if (!id_is_safe(user_id) || !id_is_safe(project_id)) {
        return error_set(err, ERROR_INPUT,
                         "the id of the user or project has characters that a file name must not "
                         "have");
    }
    *out = arena_printf(arena, "%s/%s/%s%s%s-%lld-%s%.8s.%s", user_id, project_id, kind,
                        word[0] ? "-" : "", word, (long long)created_ms, mark, job_id, extension);
    return true;
}

bool object_path(const char *user_id, const char *project_id, const char *kind, const char *style,
                 int64_t created_ms, const char *job_id, const char *extension, struct arena *arena,
                 const char **out, struct error *err)
{
    return path_of(user_id, project_id, kind, style, created_ms, "", job_id, extension, arena, out,
                   err);
}

bool plate_path(const char *user_id, const char *project_id, const char *kind, const char *style,
                int64_t created_ms, const char *job_id, const char *extension, struct arena *arena,
                const char **out, struct error *err)
{
    return path_of(user_id, project_id, kind, style, created_ms, "plate-", job_id, extension, arena,
                   out, err);
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

/* Reads one character of a path in a URL and advances *at. Returns 0 if it must not occur: an
 * escape of a character that separates or names folders, or a character that needs an escape. */
static unsigned char next_character(const char **at)
{
    const char *from = *at;
    unsigned char c = (unsigned char)*from;

    if (c == '%') {
        int high = hex_digit(from[1]), low = high < 0 ? -1 : hex_digit(from[2]);

        c = (unsigned char)(high * 16 + low);
        *at += 3;
        return high < 0 || low < 0 || c < ' ' || c == 0x7f || strchr("/\\.%", c) ? 0 : c;
    }
    *at += 1;
    return c > ' ' && c < 0x7f && !strchr("\\\"#?<>^`{|}", c) ? c : 0;
}

bool object_path_is_safe(const char *path)
{
    const char *part = path;

    for (const char *at = path;;) {
        size_t size = (size_t)(at - part);

        if (*at == '/' || *at == '\0') {
            if (size == 0 || (size <= 2 && strncmp(part, "..", size) == 0)) {
                return false;
            }
            if (*at == '\0') {
                return true;
            }
            part = ++at;
        } else if (next_character(&at) == 0) {
            return false;
        }
    }
}

/* Returns what follows the origin in the URL, from its slash on, or NULL if it has another origin.
 */
static const char *after_origin(const char *url, const char *origin)
{
    size_t size = origin ? strlen(origin) : 0;

    return size > 0 && strncmp(url, origin, size) == 0 && url[size] == '/' ? url + size : NULL;
}

const char *store_reachable_url(const struct store_target *at, const char *url, struct arena *arena)
{
    const char *rest = after_origin(url, at->public_url);

    return rest && at->base_url ? arena_printf(arena, "%s%s", at->base_url, rest) : url;
}

bool object_of_url(const struct store_target *at, const char *url, struct arena *arena,
                   struct object *out)
{
    static const char middle[] = "/storage/v1/object/public/";
    const char *rest = after_origin(url, at->base_url), *slash;

    if (!rest) {
        rest = after_origin(url, at->public_url);
    }
    if (!rest || strncmp(rest, middle, sizeof middle - 1) != 0) {
        return false;
    }
    rest += sizeof middle - 1;
    slash = strchr(rest, '/');
    if (!slash || slash == rest) {
        return false;
    }
    out->bucket = arena_bytes(arena, rest, (size_t)(slash - rest));
    out->path = arena_text(arena, slash + 1);
    return object_path_is_safe(out->bucket) && object_path_is_safe(out->path);
}
