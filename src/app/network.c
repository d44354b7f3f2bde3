/* network.c - certificate authorities of HTTPS, from the settings. */
#include "app/network.h"

#include <sys/stat.h>

#include "io/http/http_ca.h"

static bool is_folder(const char *path)
{
    struct stat found;

    return path && stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* The file that a setting names, checked. Sets *out to NULL if the setting has no value. */
static bool authorities_of(const struct settings *settings, const char *name, const char **out,
                           struct error *err)
{
    const char *path = setting_text(settings, name);
    struct error why;
    int count;

    *out = path;
    if (path && !http_ca_count(path, &count, &why)) {
        error_set(err, ERROR_CONFIG, "%s (from %.80s)", why.text, setting_source(settings, name));
        return error_hint(err, "It must be a readable PEM file of certificate authorities.");
    }
    return true;
}

bool network_config(const struct settings *settings, struct http_config *out, struct error *err)
{
    const char *folder = setting_text(settings, "ca-dir");

    out->user_agent = "darkroom/" DARKROOM_VERSION;
    if (is_folder(setting_text(settings, "ca-file"))) { /* REQUESTS_CA_BUNDLE may be one */
        out->ca_dir = setting_text(settings, "ca-file");
        return authorities_of(settings, "extra-ca-file", &out->extra_ca_file, err);
    }
    out->ca_dir = folder;
    return authorities_of(settings, "ca-file", &out->ca_file, err) &&
           authorities_of(settings, "extra-ca-file", &out->extra_ca_file, err);
}
