/* font_folder.h - the operator's fonts, for the families of brand kits. */
#ifndef APP_FONT_FOLDER_H
#define APP_FONT_FOLDER_H
#include "base/error.h"

/* Adds the fonts of a folder: files named .ttf, .otf or .ttc. Copies them, so that they may be
 * changed later. Call it before text is drawn. Fails with ERROR_CONFIG if the folder cannot be
 * read, has no font, or has a file that is none. */
bool font_folder_add(const char *folder, struct error *err) MUST_CHECK;
#endif
