/* doctor_network.c - checks of keys, addresses, certificate authorities and proxies, without
 * sending anything. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/provider_endpoint.h"
#include "base/memory.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "io/http/http_ca.h"
#include "io/http/http_proxy.h"

enum { LIST_BYTES = 380 };

static bool is_key(const struct setting *row)
{
    return row->type == SETTING_SECRET;
}

static bool is_address(const struct setting *row)
{
    return row->type == SETTING_ADDRESS || row->type == SETTING_URL;
}

static bool is_authority(const struct setting *row)
{
    const char *const names[] = { NETWORK_SETTINGS, NULL };

    return setting_list_has(names, row->name);
}

/* False, with the finding set, if the value of a setting of this kind cannot be used. */
static bool all_usable(const struct doctor *doctor, bool (*kind)(const struct setting *),
                       struct doctor_finding *out)
{
    for (const struct setting *row = setting_table; row->name; row++) {
        const char *const names[] = { row->name, "provider", "text-provider", "store", NULL };
        struct error err;

        if (kind(row) && !settings_check(doctor->settings, names, &err)) {
            doctor_finding_from_error(out, &err);
            return false;
        }
    }
    return true;
}

static void check_keys(struct doctor *doctor, struct doctor_finding *out)
{
    struct text list;

    if (!all_usable(doctor, is_key, out)) {
        return;
    }
    text_begin(&list, LIST_BYTES);
    for (const struct setting *row = setting_table; row->name; row++) {
        if (is_key(row) && secret_is_set(setting_secret(doctor->settings, row->name))) {
            text_printf(&list, "%s%s from %s", list.size ? ", " : "", row->name,
                        setting_source(doctor->settings, row->name));
        }
    }
    doctor_finding_set(out, DOCTOR_OK, "%s", list.size ? list.data : "no key is set");
    text_end(&list);
}

static void check_addresses(struct doctor *doctor, struct doctor_finding *out)
{
    struct text list;

    if (!all_usable(doctor, is_address, out)) {
        return;
    }
    text_begin(&list, LIST_BYTES);
    for (const struct setting *row = setting_table; row->name; row++) {
        const char *value = setting_text(doctor->settings, row->name);

        if (row->type == SETTING_ADDRESS && value) {
            text_printf(&list, "%s%s %s from %s", list.size ? ", " : "", row->name, value,
                        setting_source(doctor->settings, row->name));
        }
    }
    doctor_finding_set(out, DOCTOR_OK, "%s",
                       list.size ? list.data : "providers are reached at their own addresses");
    text_end(&list);
}

/* Appends a file of authorities. False, with the finding set, if it cannot be used. */
static bool describe_file(const struct doctor *doctor, const char *name, const char *what,
                          struct text *list, struct doctor_finding *out)
{
    const char *path = setting_text(doctor->settings, name);
    struct error err;
    int count;

    if (!path) {
        return true;
    }
    if (!http_ca_count(path, &count, &err)) {
        doctor_finding_set(out, DOCTOR_FAIL, "%s (from %s)", err.text,
                           setting_source(doctor->settings, name));
        doctor_finding_hint(out, "It must be a readable PEM file of certificate authorities.");
        return false;
    }
    text_printf(list, "%s%s '%s' (%d, from %s)", list->size ? ", " : "", what, path, count,
                setting_source(doctor->settings, name));
    return true;
}

static bool is_folder(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* True if one of the folders of the list, which colons separate, exists. */
static bool has_folder(const char *list)
{
    char *copy = xstrdup(list), *saved = NULL;
    bool found = false;

    for (char *path = strtok_r(copy, ":", &saved); path && !found;
         path = strtok_r(NULL, ":", &saved)) {
        found = is_folder(path);
    }
    free(copy);
    return found;
}

static void check_certificates(struct doctor *doctor, struct doctor_finding *out)
{
    const char *file = setting_text(doctor->settings, "ca-file");
    bool in_folder = file && is_folder(file); /* REQUESTS_CA_BUNDLE may be one */
    const char *folder = in_folder ? file : setting_text(doctor->settings, "ca-dir");
    struct text list;

    if (!all_usable(doctor, is_authority, out)) {
        return;
    }
    text_begin(&list, LIST_BYTES);
    if (!file) {
        text_printf(&list, "authorities of the system, '%s'", http_ca_default());
    }
    if (folder) {
        text_printf(&list, "%sfolder '%s'", list.size ? ", " : "", folder);
    }
    if ((in_folder || describe_file(doctor, "ca-file", "file", &list, out)) &&
        describe_file(doctor, "extra-ca-file", "and file", &list, out)) {
        doctor_finding_set(out, DOCTOR_OK, "%s", list.data);
        if (folder && !has_folder(folder)) {
            doctor_finding_set(out, DOCTOR_WARN, "'%s' is not a folder (from %s)", folder,
                               setting_source(doctor->settings, "ca-dir"));
            doctor_finding_hint(out, "It must be a folder of certificates, as openssl rehash makes "
                                     "it.");
        }
    }
    text_end(&list);
}

/* Appends the proxy of a URL, once per variable. False, with the finding set, if it cannot be
 * reached. */
static bool describe_proxy(const char *url, const char **last, struct text *list,
                           struct doctor_finding *out)
{
    const char *variable, *proxy = url ? http_proxy_of(url, &variable) : NULL;
    struct error err;
    char shown[120];

    if (!proxy || (*last && strcmp(*last, variable) == 0)) {
        return true;
    }
    if (!http_proxy_probe(proxy, &err)) {
        doctor_finding_set(out, DOCTOR_FAIL, "%s", err.text);
        doctor_finding_hint(out, "Correct %s, or list the servers in NO_PROXY.", variable);
        return false;
    }
    http_proxy_describe(proxy, shown, sizeof shown);
    text_printf(list, "%s'%s' of %s", list->size ? ", " : "", shown, variable);
    *last = variable;
    return true;
}

static void check_proxy(struct doctor *doctor, struct doctor_finding *out)
{
    const struct provider *provider = provider_find(setting_text(doctor->settings, "provider"));
    const char *last = NULL, *direct = getenv("no_proxy"), *address = NULL;
    struct endpoint at = { 0 };
    struct text list;

    direct = direct && *direct ? direct : getenv("NO_PROXY");
    if (provider && !provider->local) {
        provider_endpoint(doctor->settings, provider, &at);
        address = at.base_url ? at.base_url : "https://";
    }
    text_begin(&list, LIST_BYTES);
    if (describe_proxy(address, &last, &list, out) &&
        describe_proxy(setting_text(doctor->settings, "supabase-url"), &last, &list, out)) {
        if (list.size > 0 && direct && *direct) {
            text_printf(&list, ", except for %s", direct);
        }
        doctor_finding_set(out, DOCTOR_OK, "%s", list.size ? list.data : "no proxy is used");
    }
    text_end(&list);
}

const struct doctor_check doctor_network_checks[] = {
    { "keys", check_keys },
    { "addresses", check_addresses },
    { "tls", check_certificates },
    { "proxy", check_proxy },
    { NULL, NULL },
};
