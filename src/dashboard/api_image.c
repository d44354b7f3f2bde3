/* api_image.c - /image/PATH: images of a store in a folder, which browsers cannot open themselves.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dashboard/dashboard_internal.h"

enum { PATH_BYTES = 1000, IMAGE_BYTES = 64 << 20 };

/* True for USER/PROJECT/NAME.png and .jpg, the form of darkroom's own paths: it stays in the
 * folder.
 */
static bool is_image_path(const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    const char *at = path;

    for (int i = 0; i < 3; i++) {
        size_t size = strspn(at, plain);

        if (size == 0) {
            return false;
        }
        at += size;
        if (i < 2 && *at++ != '/') {
            return false;
        }
    }
    return strcmp(at, ".png") == 0 || strcmp(at, ".jpg") == 0 || strcmp(at, ".jpeg") == 0;
}

/* Returns -1 if there is no such regular file. */
static int open_image(const char *path, size_t *size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;

    if (file >= 0 && (fstat(file, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size == 0 ||
                      info.st_size > IMAGE_BYTES)) {
        close(file);
        return -1;
    }
    *size = file >= 0 ? (size_t)info.st_size : 0;
    return file;
}

void serve_image(struct dashboard_request *request, struct reply *reply)
{
    const char *folder = request->dashboard->config.folder;
    const char *path = request->path + strlen("/image/");
    char full[PATH_BYTES];
    size_t size;
    int file;

    if (!folder || !is_image_path(path) ||
        (size_t)snprintf(full, sizeof full, "%s/generated-images/%s", folder, path) >=
            sizeof full ||
        (file = open_image(full, &size)) < 0) {
        reply_error(reply, MHD_HTTP_NOT_FOUND, "There is no such image in the folder.");
        return;
    }
    reply->type = strstr(path, ".png") ? "image/png" : "image/jpeg";
    reply->stream = MHD_create_response_from_fd(size, file);
    if (!reply->stream) {
        close(file);
        reply_error(reply, MHD_HTTP_INTERNAL_SERVER_ERROR, "The image cannot be sent.");
    }
}
