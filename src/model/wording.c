/* wording.c - lists of forbidden phrases, and matching of whole words. */
#include "model/wording.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *const forbidden[] = {
    /* prices and promotion */
    "price",
    "prices",
    "discount",
    "discounts",
    "discounted",
    "sale",
    "on sale",
    "coupon",
    "promo",
    "promotion",
    "bargain",
    "cheap",
    "cheapest",
    "affordable",
    "bonus",
    "free gift",
    "free shipping",
    "save money",
    "special offer",
    "limited time",
    "deal of",
    /* calls to buy */
    "buy now",
    "add to cart",
    "shop now",
    "shop with us",
    "order now",
    "order today",
    "get yours",
    "purchase now",
    "click here",
    /* shipping, guarantee */
    "shipping",
    "guarantee",
    "guaranteed",
    "guarantees",
    "warranty",
    "warranties",
    "refund",
    "money back",
    "money-back",
    "satisfaction guaranteed",
    /* time-bound */
    "latest",
    "brand new",
    "brand-new",
    "newest",
    "just launched",
    "black friday",
    "cyber monday",
    "christmas",
    "valentine's day",
    "mother's day",
    "father's day",
    /* reviews and ranks */
    "review",
    "reviews",
    "testimonial",
    "testimonials",
    "5 star",
    "5-star",
    "five star",
    "five-star",
    "star rating",
    "customers say",
    "customers love",
    "best seller",
    "best-seller",
    "bestseller",
    "best selling",
    "best-selling",
    "top rated",
    "top-rated",
    "number one",
    "#1",
    "no. 1",
    "award winning",
    "award-winning",
    "world's best",
    /* claims that need proof */
    "eco-friendly",
    "eco friendly",
    "biodegradable",
    "compostable",
    "carbon neutral",
    "cures",
    "heals",
    "clinically proven",
    "fda approved",
    "fda-approved",
    "antibacterial",
    "anti-bacterial",
    "non-toxic",
    /* contact and sellers */
    "www.",
    "http://",
    "https://",
    "e-mail",
    "phone number",
    "call us",
    "contact us",
    "qr code",
    "authorized seller",
    "authorised seller",
    "authorized reseller",
    "authorised reseller",
    "amazon",
    "prime day",
    "alexa",
    "kindle",
    /* more of each kind, from the marketplace's published reasons */
    "clearance",
    "sold out",
    "while supplies last",
    "pre-order",
    "best price",
    "low price",
    "return policy",
    "easy returns",
    "free returns",
    "fast delivery",
    "same-day delivery",
    "next-day delivery",
    "new",
    "now",
    "today only",
    "just released",
    "easter",
    "halloween",
    "thanksgiving",
    "hanukkah",
    "new year",
    "holiday season",
    "customer rating",
    "customer ratings",
    "ratings",
    "number 1",
    "best in class",
    "unbeatable",
    "environmentally friendly",
    "planet-friendly",
    "chemical-free",
    "miracle",
    "whatsapp",
    "instagram",
    "facebook",
};

static const char *const comparing[] = {
    "other brands",     "other brand",   "competitor",     "competitors",
    "competing brands", "leading brand", "leading brands", "unlike others",
};

/* Claims about products that the seller has not described. */
static const char *const others[] = {
    "ordinary",
    "conventional",
    "generic",
    "unlike",
    "others",
    "other products",
    "other brands",
    "most products",
    "traditional ones",
    "regular ones",
    "standard ones",
    "typical ones",
    "usual ones",
    "cheap ones",
    "inferior",
    "than any other",
    "compared to",
    "compared with",
    "rivals",
    "the rest",
    /* German, French, Spanish */
    "gew\xc3\xb6hnliche",
    "gew\xc3\xb6hnlichen",
    "gew\xc3\xb6hnlicher",
    "herk\xc3\xb6mmliche",
    "herk\xc3\xb6mmlichen",
    "herk\xc3\xb6mmlicher",
    "andere marken",
    "anderen marken",
    "konkurrenz",
    "im vergleich zu",
    "im gegensatz zu",
    "ordinaire",
    "ordinaires",
    "concurrents",
    "concurrence",
    "autres marques",
    "contrairement",
    "otras marcas",
    "competencia",
    "convencional",
    "convencionales",
    "a diferencia de",
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool has(const char *text, const char *phrase)
{
    size_t size = strlen(phrase);
    bool opens = is_word(phrase[0]), closes = is_word(phrase[size - 1]);

    for (const char *at = text; *at; at++) {
        if (strncasecmp(at, phrase, size) == 0 && (!opens || at == text || !is_word(at[-1])) &&
            (!closes || !is_word(at[size]))) {
            return true;
        }
    }
    return false;
}

/* Returns true for a currency next to a number: "$12", "12.99 EUR". */
static bool has_price(const char *text)
{
    static const char *const signs[] = { "$", "\xe2\x82\xac", "\xc2\xa3" };
    static const char *const names[] = { "usd", "eur", "gbp", "dollars", "euros" };

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        for (const char *at = text; (at = strstr(at, signs[i])) != NULL; at++) {
            const char *after = at + strlen(signs[i]);

            after += *after == ' ';
            if (isdigit((unsigned char)*after) ||
                (at > text &&
                 isdigit((unsigned char)at[at[-1] == ' ' && at > text + 1 ? -2 : -1]))) {
                return true;
            }
        }
    }
    for (const char *at = text; *at; at++) {
        if (!isdigit((unsigned char)*at) || at[1] != ' ') {
            continue;
        }
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            size_t size = strlen(names[i]);

            if (strncasecmp(at + 2, names[i], size) == 0 && !is_word(at[2 + size])) {
                return true;
            }
        }
    }
    return false;
}

const char *wording_unfounded(const char *text, const char *seller_text)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (has(text, others[i]) && !has(seller_text, others[i])) {
            return others[i];
        }
    }
    return NULL;
}

/* "free" promises something, except in "hands-free" and "free of" or "free from" something. */
static bool has_free(const char *text)
{
    for (const char *at = text; *at; at++) {
        if (strncasecmp(at, "free", 4) == 0 && !is_word(at[4]) &&
            (at == text || (!is_word(at[-1]) && at[-1] != '-')) &&
            strncasecmp(at + 4, " of ", 4) != 0 && strncasecmp(at + 4, " from ", 6) != 0) {
            return true;
        }
    }
    return strcasestr(text, "free of charge") != NULL;
}

/* An e-mail address, or the name of a site: "shop.example.com". */
static bool has_contact(const char *text)
{
    static const char *const ends[] = { ".com", ".net", ".org", ".de", ".co.uk", ".shop", ".info" };

    for (const char *at = text; (at = strchr(at, '@')) != NULL; at++) {
        if (at > text && is_word(at[-1]) && is_word(at[1])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *at = strcasestr(text, ends[i]);

        if (at && at > text && is_word(at[-1]) && !is_word(at[strlen(ends[i])])) {
            return true;
        }
    }
    return false;
}

const char *wording_forbidden(const char *text, bool standard)
{
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        if (has(text, forbidden[i])) {
            return forbidden[i];
        }
    }
    for (size_t i = 0; standard && i < sizeof comparing / sizeof *comparing; i++) {
        if (has(text, comparing[i])) {
            return comparing[i];
        }
    }
    return has_price(text)     ? "a price"
           : has_free(text)    ? "free"
           : has_contact(text) ? "an address"
                               : NULL;
}
