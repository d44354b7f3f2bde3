/* xmp.c - the XMP packet in the framing of PNG and JPEG. Adobe XMP specification, part 3. */
#include "image/codec/xmp.h"

#include <string.h>

#include "image/codec/png_chunk.h"

const char xmp_ai_made[] =
    "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
    "<rdf:Description rdf:about=\"\" "
    "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\""
    " Iptc4xmpExt:DigitalSourceType="
    "\"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia\"/>"
    "</rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>";

const char xmp_jpeg_name[29] = "http://ns.adobe.com/xap/1.0/";

size_t xmp_png_chunk(uint8_t to[XMP_ROOM])
{
    static const char head[] =
        "XML:com.adobe.xmp\0\0\0\0"; /* includes the terminating zero of the array */
    size_t packet = strlen(xmp_ai_made);

    memcpy(to + 8, head, sizeof head);
    memcpy(to + 8 + sizeof head, xmp_ai_made, packet);
    return (size_t)(png_chunk_close(to, "iTXt", sizeof head + packet) - to);
}

size_t xmp_jpeg_segment(uint8_t to[XMP_ROOM])
{
    size_t packet = strlen(xmp_ai_made), size = 2 + sizeof xmp_jpeg_name + packet;

    to[0] = 0xff;
    to[1] = 0xe1;
    to[2] = (uint8_t)(size >> 8);
    to[3] = (uint8_t)size;
    memcpy(to + 4, xmp_jpeg_name, sizeof xmp_jpeg_name);
    memcpy(to + 4 + sizeof xmp_jpeg_name, xmp_ai_made, packet);
    return size + 2;
}
