/* data_files.c - loads the catalog, the rules and the rules of exports. */
#include "app/data_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/memory.h"
#include "io/file.h"

enum { FILE_BYTES = 4 << 20 };

/* Returns the content of the file that the setting names, or of the built-in one. The caller frees.
 */
static char *data_file(const struct settings *settings, const char *setting, const char *built_in,
                       struct error *err)
{
    const char *path = setting_text(settings, setting);
    const struct embedded *file = embed_find(built_in);
    struct blob content;
    char *text;

    if (!path) {
        return xstrdup((const char *)file->data);
    }
    if (!file_read(path, FILE_BYTES, &content, NULL, err)) {
        err->kind = ERROR_CONFIG;
        return NULL;
    }
    text = xstrndup((const char *)content.data, content.size);
    blob_free(&content);
    return text;
}

bool catalog_from_settings(const struct settings *settings, struct catalog **out, struct error *err)
{
    char *text = data_file(settings, "models", "assets/models.json", err);
    bool good = text && catalog_load(text, out, err);

    free(text);
    return good;
}

bool rules_from_settings(const struct settings *settings, struct rules **out, struct error *err)
{
    char *text = data_file(settings, "rules", "assets/rules.json", err);
    bool good = text && rules_load(text, out, err);

    free(text);
    return good;
}

bool export_rules_from_settings(const struct settings *settings, struct export_rules **out,
                                struct error *err)
{
    char *text = data_file(settings, "export-rules", "assets/exports.json", err);
    bool good = text && export_rules_load(text, out, err);

    free(text);
    return good;
}
