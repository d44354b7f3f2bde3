/* srgb_profile.h - the ICC profile of sRGB, which JPEG files of this program carry. */
#ifndef IMAGE_COLOUR_SRGB_PROFILE_H
#define IMAGE_COLOUR_SRGB_PROFILE_H
#include "base/blob.h"

/* Version 2, which every reader of profiles knows; below 1 KB. The bytes are always the same. JPEG
 * has no other mark for sRGB that viewers and marketplaces read: most of them ignore EXIF's. Made
 * by the first call, which takes a millisecond; the profile is kept. */
bool srgb_profile(const struct blob **out, struct error *err) MUST_CHECK;
/* Returns true if the profile has the same bytes: pixels with it need no conversion. */
bool srgb_profile_is(const struct blob *profile);
#endif
