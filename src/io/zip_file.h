/* zip_file.h - writes a ZIP file. The same entries give the same bytes: all have the same time, and
 * none is compressed, since images do not become smaller. Blocking; for commands. */
#ifndef IO_ZIP_FILE_H
#define IO_ZIP_FILE_H
#include "base/blob.h"

struct zip_file;

/* Creates the file under another name in the same folder, and missing folders. Returns NULL with
 * *err set on failure. */
struct zip_file *zip_file_create(const char *path, struct error *err) MUST_CHECK;
/* Adds a file. ERROR_INTERNAL if the name is not safe: it must consist of letters, digits, '-',
 * '_', '.' and '/', lead into no other folder, and be used once. */
bool zip_file_add(struct zip_file *zip, const char *name, const struct blob *content,
                  struct error *err) MUST_CHECK;
/* Completes the file and gives it its name. Without `replace`, ERROR_INPUT if a file has that name.
 * Frees `zip`, also on failure, which leaves no file. */
bool zip_file_finish(struct zip_file *zip, bool replace, struct error *err) MUST_CHECK;
/* Removes what was written, and frees `zip`; NULL is harmless. */
void zip_file_abandon(struct zip_file *zip);
#endif
