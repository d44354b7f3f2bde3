/* foreign.c - magic numbers. */
#include "image/inspect/foreign.h"

#include <string.h>
#include <strings.h>

#include "image/inspect/tiff.h"

const char *foreign_name(enum foreign_format format)
{
    static const char *const names[] = {
#define FOREIGN(id, what, advice) [FOREIGN_##id] = (what),
#include "image/inspect/foreign_formats.inc"
#undef FOREIGN
    };

    return names[format];
}

/* -- fixed bytes ------------------------------------------------------------------------------- */

static const struct {
    enum foreign_format format;
    size_t at, size;
    const char *bytes;
} magics[] = {
    { FOREIGN_cr2, 4, 8, "\x10\0\0\0CR\x02\0" },
    { FOREIGN_crw, 6, 8, "HEAPCCDR" },
    { FOREIGN_orf, 0, 4, "IIRO" },
    { FOREIGN_orf, 0, 4, "IIRS" },
    { FOREIGN_orf, 0, 4, "MMOR" },
    { FOREIGN_rw2, 0, 4, "IIU\0" },
    { FOREIGN_raf, 0, 15, "FUJIFILMCCD-RAW" },
    { FOREIGN_x3f, 0, 4, "FOVb" },
    { FOREIGN_avi, 8, 4, "AVI " },
    { FOREIGN_sound, 8, 4, "WAVE" },
    { FOREIGN_sound, 0, 3, "ID3" },
    { FOREIGN_sound, 0, 4, "OggS" },
    { FOREIGN_webm, 0, 4, "\x1a\x45\xdf\xa3" },
    { FOREIGN_mov, 4, 4, "moov" },
    { FOREIGN_mov, 4, 4, "mdat" },
    { FOREIGN_mov, 4, 4, "wide" },
    { FOREIGN_pdf, 0, 4, "%PDF" },
    { FOREIGN_eps, 0, 4, "%!PS" },
    { FOREIGN_eps, 0, 4, "\xc5\xd0\xd3\xc6" },
    { FOREIGN_psd, 0, 4, "8BPS" },
    { FOREIGN_xcf, 0, 8, "gimp xcf" },
    { FOREIGN_ico, 0, 4, "\0\0\1\0" },
    { FOREIGN_ico, 0, 4, "\0\0\2\0" },
    { FOREIGN_jxl, 0, 12, "\0\0\0\x0cJXL \r\n\x87\n" },
    { FOREIGN_jxl, 0, 2, "\xff\x0a" },
    { FOREIGN_jp2, 0, 12, "\0\0\0\x0cjP  \r\n\x87\n" },
    { FOREIGN_jp2, 0, 4, "\xff\x4f\xff\x51" },
    { FOREIGN_exr, 0, 4, "\x76\x2f\x31\x01" },
    { FOREIGN_hdr, 0, 10, "#?RADIANCE" },
    { FOREIGN_office, 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" },
    { FOREIGN_office, 30, 19, "[Content_Types].xml" },
    { FOREIGN_zip, 0, 4, "PK\x03\x04" },
    { FOREIGN_rar, 0, 4, "Rar!" },
    { FOREIGN_seven_zip, 0, 6, "7z\xbc\xaf\x27\x1c" },
    { FOREIGN_gzip, 0, 2, "\x1f\x8b" },
};

static enum foreign_format find_magic(const struct blob *file)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (file->size >= magics[i].at + magics[i].size &&
            memcmp(file->data + magics[i].at, magics[i].bytes, magics[i].size) == 0) {
            return magics[i].format;
        }
    }
    return FOREIGN_UNKNOWN;
}

/* -- brands of ISO media files ----------------------------------------------------------------- */

static const struct {
    char brand[5];
    enum foreign_format format;
} brands[] = {
    { "crx ", FOREIGN_cr3 },       { "avif", FOREIGN_avif },      { "avis", FOREIGN_avif },
    { "heic", FOREIGN_heic },      { "heix", FOREIGN_heic },      { "hevc", FOREIGN_heic },
    { "hevx", FOREIGN_heic },      { "heim", FOREIGN_heic },      { "heis", FOREIGN_heic },
    { "mif1", FOREIGN_heic },      { "msf1", FOREIGN_heic },      { "jxl ", FOREIGN_jxl },
    { "jp2 ", FOREIGN_jp2 },       { "qt  ", FOREIGN_mov },       { "3gp4", FOREIGN_video_3gp },
    { "3gp5", FOREIGN_video_3gp }, { "3g2a", FOREIGN_video_3gp }, { "M4A ", FOREIGN_sound },
};

/* The first brand decides. A file of an unknown brand is a video in all likelihood. */
static enum foreign_format find_brand(const struct blob *file)
{
    if (file->size < 12 || memcmp(file->data + 4, "ftyp", 4) != 0) {
        return FOREIGN_UNKNOWN;
    }
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++) {
        if (memcmp(file->data + 8, brands[i].brand, 4) == 0) {
            return brands[i].format;
        }
    }
    return FOREIGN_mp4;
}

/* -- TIFF, which most RAW formats are ---------------------------------------------------------- */

static const struct {
    const char *make; /* begins with this */
    enum foreign_format format;
} makers[] = {
    { "NIKON", FOREIGN_nef },   { "SONY", FOREIGN_arw },  { "PENTAX", FOREIGN_pef },
    { "RICOH", FOREIGN_pef },   { "Canon", FOREIGN_cr2 }, { "OLYMPUS", FOREIGN_orf },
    { "SAMSUNG", FOREIGN_raw },
};

static enum foreign_format find_tiff(const struct blob *file)
{
    struct tiff tiff;
    size_t first, subfiles;
    const char *make;

    if (!tiff_open(file->data, file->size, &tiff)) {
        return FOREIGN_UNKNOWN;
    }
    first = tiff_first_directory(&tiff);
    if (tiff_find(&tiff, first, TIFF_DNG_VERSION)) {
        return FOREIGN_dng;
    }
    /* A RAW file begins with its preview, and has the sensor's data in a subdirectory. */
    subfiles = tiff_find(&tiff, first, TIFF_SUB_DIRECTORIES);
    make = tiff_text(&tiff, first, TIFF_MAKE);
    for (size_t i = 0; subfiles && i < sizeof makers / sizeof *makers; i++) {
        if (strncasecmp(make, makers[i].make, strlen(makers[i].make)) == 0) {
            return makers[i].format;
        }
    }
    return FOREIGN_tiff;
}

/* -- text -------------------------------------------------------------------------------------- */

enum { TEXT_MAX = 1024 }; /* a declaration and comments stand before the first element */

static bool begins_with(const char *text, const char *word)
{
    return strncasecmp(text, word, strlen(word)) == 0;
}

static enum foreign_format find_text(const struct blob *file)
{
    char text[TEXT_MAX + 1] = "";
    const char *at = text;

    memcpy(text, file->data, file->size < TEXT_MAX ? file->size : TEXT_MAX);
    at += strncmp(at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    at += strspn(at, " \t\r\n");
    if (begins_with(at, "<svg") || (begins_with(at, "<?xml") && strcasestr(at, "<svg"))) {
        return FOREIGN_svg;
    }
    if (begins_with(at, "<!doctype html") || begins_with(at, "<html") ||
        (*at == '<' && strcasestr(at, "<html"))) {
        return FOREIGN_html;
    }
    return *at == '<' && (begins_with(at, "<?xml") || begins_with(at, "<Error")) ? FOREIGN_xml
           : *at == '{'                                                          ? FOREIGN_json
                                                                                 : FOREIGN_UNKNOWN;
}

typedef enum foreign_format (*find_fn)(const struct blob *file);

enum foreign_format foreign_find(const struct blob *file)
{
    static const find_fn all[] = { find_magic, find_brand, find_tiff, find_text };
    enum foreign_format format = file->size == 0 ? FOREIGN_empty : FOREIGN_UNKNOWN;

    for (size_t i = 0; format == FOREIGN_UNKNOWN && i < sizeof all / sizeof *all; i++) {
        format = all[i](file);
    }
    return format;
}
