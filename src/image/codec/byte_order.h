/* byte_order.h - numbers in image files: big endian in PNG and JPEG, little endian in WebP and BMP.
 * The caller checks the bounds. */
#ifndef IMAGE_CODEC_BYTE_ORDER_H
#define IMAGE_CODEC_BYTE_ORDER_H
#include <stddef.h>
#include <stdint.h>

static inline uint32_t read_be32(const uint8_t *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static inline uint32_t read_le32(const uint8_t *from)
{
    return (uint32_t)from[3] << 24 | (uint32_t)from[2] << 16 | (uint32_t)from[1] << 8 | from[0];
}

static inline void write_be32(uint8_t *to, size_t value)
{
    to[0] = (uint8_t)(value >> 24);
    to[1] = (uint8_t)(value >> 16);
    to[2] = (uint8_t)(value >> 8);
    to[3] = (uint8_t)value;
}
#endif
