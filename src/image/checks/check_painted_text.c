/* check_painted_text.c - the words and numbers that the model painted are the seller's: nothing is
 * misspelled or invented. */
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "image/checks/check_place.h"
#include "image/checks/check_skip.h"
#include "image/checks/check_texts.h"
#include "image/ocr/known_text.h"
#include "image/ocr/ocr_languages.h"

/* Clean type is read with 90 and more; letters that are none, or type on a texture, with less. */
enum { CONFIDENT = 80, CERTAIN = 92, LINE_BYTES = 1000, SECOND_READS = 16 };

/* Letters in which two readings of one word may differ. */
enum { MISREAD = 2 };

enum second_reading { READ_NOTHING, READ_THE_SAME, READ_A_KNOWN_WORD };

struct painted {
    const struct check_subject *subject;
    int second_reads;
    int letters; /* of words that the seller did not write */
    int amounts; /* that the seller did not give */
    char found[64];
    struct check_place place; /* of the first of them */
};

/* A line as one text, since the unit of a number may be the next word. */
struct line {
    char text[LINE_BYTES];
    int starts[LINE_BYTES]; /* of each word, in the text */
    int first, count;       /* words of the image */
    bool foreign;           /* has letters that are not Latin */
};

/* Joins the words of the line that begins with word `first`. */
static void read_line(const struct ocr_text *text, int first, struct line *out)
{
    size_t used = 0;
    const char *at;
    struct painted_token token;

    out->first = first;
    out->count = 0;
    out->foreign = false;
    for (int i = first; i < text->count && text->words[i].line == text->words[first].line; i++) {
        size_t size = strlen(text->words[i].text);

        if (used + size + 2 < LINE_BYTES) {
            out->starts[out->count] = (int)used;
            memcpy(out->text + used, text->words[i].text, size);
            used += size;
            out->text[used++] = ' ';
        } else {
            out->starts[out->count] = LINE_BYTES;
        }
        out->count++;
    }
    out->text[used] = '\0';
    at = out->text;
    while (painted_token_next(&at, &token)) {
        out->foreign |= token.foreign;
    }
}

/* Returns the word of the image in which the token begins. */
static const struct ocr_word *word_at(const struct ocr_text *text, const struct line *line,
                                      const char *at)
{
    int word = 0;

    while (word + 1 < line->count && line->starts[word + 1] <= at - line->text) {
        word++;
    }
    return &text->words[line->first + word];
}

static bool is_known(const struct painted *painted, const struct painted_token *token)
{
    const struct known_text *seller = painted->subject->seller;

    return token->is_amount ? known_text_has_amount(seller, &token->amount)
                            : known_text_has_word(seller, token);
}

/* Returns the place of all words of the line. */
static struct pixel_box box_of_line(const struct ocr_text *text, const struct line *line)
{
    struct pixel_box out = text->words[line->first].box;

    for (int i = 1; i < line->count; i++) {
        const struct pixel_box *box = &text->words[line->first + i].box;

        out.left = box->left < out.left ? box->left : out.left;
        out.top = box->top < out.top ? box->top : out.top;
        out.right = box->right > out.right ? box->right : out.right;
        out.bottom = box->bottom > out.bottom ? box->bottom : out.bottom;
    }
    return out;
}

/* Compares a token with one of the second reading. */
static enum second_reading compare(const struct painted *painted, const struct painted_token *token,
                                   const struct painted_token *other)
{
    if (other->is_amount != token->is_amount) {
        return READ_NOTHING;
    }
    if (token->is_amount) {
        return other->amount.value == token->amount.value ? READ_THE_SAME : READ_NOTHING;
    }
    if (edit_distance(other->letters, token->letters) > MISREAD) {
        return READ_NOTHING;
    }
    return is_known(painted, other) ? READ_A_KNOWN_WORD : READ_THE_SAME;
}

/* Reads the line again, enlarged: what Tesseract misreads, it reads differently at another size. */
static enum second_reading read_again(const struct painted *painted, const struct line *line,
                                      const struct painted_token *token)
{
    struct pixel_box box = box_of_line(&painted->subject->texts->image, line);
    enum second_reading out = READ_NOTHING;
    struct ocr_text again;

    if (!check_texts_again(painted->subject, &box, &again)) {
        return READ_NOTHING;
    }
    for (int i = 0; i < again.count && out != READ_A_KNOWN_WORD; i++) {
        const char *at = again.words[i].text;
        struct painted_token other;

        while (painted_token_next(&at, &other) && out != READ_A_KNOWN_WORD) {
            enum second_reading reading = compare(painted, token, &other);

            out = reading > out ? reading : out;
        }
    }
    ocr_text_free(&again);
    return out;
}

static void judge(struct painted *painted, const struct line *line, const struct ocr_word *word,
                  const struct painted_token *token)
{
    enum second_reading reading;

    if (word->confidence < CONFIDENT || token->foreign || is_known(painted, token) ||
        check_texts_on_product(painted->subject, word) || painted->second_reads++ >= SECOND_READS) {
        return;
    }
    reading = read_again(painted, line, token);
    if (reading == READ_A_KNOWN_WORD || (reading == READ_NOTHING && word->confidence < CERTAIN)) {
        return;
    }
    painted->letters += token->is_amount ? 0 : token->letter_count;
    painted->amounts += token->is_amount;
    check_place_set(painted->subject, &word->box, &painted->place);
    check_texts_note(painted->found, sizeof painted->found, word->text);
}

static void judge_lines(struct painted *painted)
{
    const struct ocr_text *text = &painted->subject->texts->image;
    struct line line;

    for (int first = 0; first < text->count; first += line.count) {
        struct painted_token token;
        const char *at = line.text;

        read_line(text, first, &line);
        while (!line.foreign && painted_token_next(&at, &token)) {
            judge(painted, &line, word_at(text, &line, token.at), &token);
        }
    }
}

/* Returns false if data is missing for the letters of the seller's text: Tesseract then reads other
 * letters into them. */
static bool can_read(const struct check_subject *subject)
{
    const char *languages = check_texts_languages(subject);
    char available[KNOWN_LANGUAGES];
    struct ocr_state state;

    ocr_state(&state);
    return !subject->seller->other_scripts ||
           (ocr_languages_with_data(&state, languages, available, sizeof available) &&
            strcmp(available, languages) == 0);
}

static void run(const struct check_subject *subject, const double *limits,
                struct check_finding *out)
{
    struct painted painted = { .subject = subject };
    struct error why;

    out->limit = limits[0];
    if (!subject->seller) {
        check_skip(out, "the model was not asked to paint text");
        return;
    }
    if (!can_read(subject)) {
        check_skip(out, "Tesseract has no data for the seller's language");
        return;
    }
    if (!check_texts_image(subject, &why)) {
        check_skip(out, why.text);
        return;
    }
    judge_lines(&painted);
    out->place = painted.place;
    out->measured = painted.letters + painted.amounts;
    out->passed = painted.letters <= limits[0] && painted.amounts == 0;
    snprintf(out->message, sizeof out->message,
             out->passed ? "every word and number is the seller's%.0s"
                         : "words or numbers that the seller did not write: \"%s\"",
             painted.found);
}

const struct check check_painted_text = {
    .name = "painted_text",
    .source = "no invented claims, awards, prices or sizes; no misspelled words",
    .limits = "maximum number of letters in words that the seller did not write; no number may be "
              "another than the seller's",
    .limit_count = 1,
    .needs_photo = true,
    .needs_product = true,
    .slow = true,
    .run = run,
};
