/* name_service.c - a library for LD_PRELOAD that resolves host names as a test says.
 *
 * The variable NAME_SERVICE names a file with lines "HOST ADDRESS". It is read at each call. Names
 * that end in ".test" and are not in the file do not exist; all other names are resolved as usual.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef int (*getaddrinfo_fn)(const char *, const char *, const struct addrinfo *,
                              struct addrinfo **);

/* Returns whether the file has an address for the name. */
static int find(const char *name, char address[64])
{
    const char *path = getenv("NAME_SERVICE");
    FILE *file = path ? fopen(path, "re") : NULL;
    char host[256];
    int found = 0;

    while (file && !found && fscanf(file, "%255s %63s", host, address) == 2) {
        found = strcasecmp(host, name) == 0;
    }
    if (file) {
        fclose(file);
    }
    return found;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    getaddrinfo_fn resolve = (getaddrinfo_fn)dlsym(RTLD_NEXT, "getaddrinfo");
    size_t size = name ? strlen(name) : 0;
    char address[64];

    if (size > 5 && strcasecmp(name + size - 5, ".test") == 0) {
        return find(name, address) ? resolve(address, service, hints, out) : EAI_NONAME;
    }
    return resolve(name, service, hints, out);
}
