/* xmp.h - the mark that says: made by a trained model. IPTC's digital source type, in XMP, as
 * Google Merchant wants it; the packet is constant. */
#ifndef IMAGE_XMP_H
#define IMAGE_XMP_H

extern const char xmp_ai_made[];
#endif
