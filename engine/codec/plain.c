/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judges whether bytes of metadata are text, or could hide a picture of what was removed from the photo. It errs on the
 * safe side: what has no known encoding, runs of letters longer than words, and lists of numbers are no text; fewer
 * bytes than LEAST_PICTURE always are. There is no state. It runs in lacuna-codec, on its main thread. */
#include "engine/codec/plain.h"

#include <gio/gio.h>
#include <string.h>

#define LEAST_PICTURE 65     /* bytes; the smallest files of pictures are larger */
#define ALPHABET_MARK 8      /* the bytes before EXIF's comments which name their alphabet */
#define LONG_WORD 40         /* of the letters of base64, longer than words are */
#define LONG_WORDS 128       /* letters in all such words */
#define LEAST_LINE 16        /* letters of a line of base64, or of what is like it */
#define LONG_LINES 256       /* letters of lines of which each may be a number that names something */
#define LONG_RUN 200         /* without a space, longer than addresses of the web */
#define LONG_RUNS 600
#define MANY_NUMBERS 128
#define LEAST_INFLATED 64

static gboolean
contains (const guint8 *data, gsize size, const char *part, gsize part_size)
{
  return memmem (data, size, part, part_size) != NULL;
}

/* What a JPEG without its header, or with another, has inside: usual tables of quantisation and of Huffman's code, and the
 * beginnings of a picture and of its scan in three colours. And what begins a file that is packed. */
static gboolean
has_inner_signature (const guint8 *data, gsize size)
{
  static const struct {
    const char *bytes;
    gsize size;
  } signatures[] = {
    { "\xff\xdb\x00\x43\x00", 5 },
    { "\xff\xdb\x00\x84\x00", 5 },
    { "\xff\xc0\x00\x11\x08", 5 },
    { "\xff\xc4\x00\x1f\x00", 5 },
    { "\xff\xc4\x01\xa2\x00", 5 },
    { "\xff\xda\x00\x0c\x03\x01", 6 },
    { "BZh", 3 },
    { "\xfd"
      "7zXZ\x00",
      6 },
    { "\x28\xb5\x2f\xfd", 4 },
  };
  static const char bzip2[] = "1AY&SY"; /* where the first of its blocks begins */

  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    if (contains (data, size, signatures[i].bytes, signatures[i].size)
        && (signatures[i].size > 3 || contains (data, size, bzip2, strlen (bzip2))))
      return TRUE;
  return FALSE;
}

static gboolean
has_signature (const guint8 *data, gsize size)
{
  static const char *const signatures[] = { "\xff\xd8\xff", "\x89PNG", "JFIF", "GIF87a", "GIF89a", "ftyphei", "ftypmif",
                                            "ftypavif", "ftypisom", "ftypmp4", "ftypqt", "WEBPVP8" };

  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    if (contains (data, size, signatures[i], strlen (signatures[i])))
      return TRUE;
  return FALSE;
}

/* The beginnings of pictures in base64 and in hexadecimal digits. */
static gboolean
has_encoded_signature (const char *text)
{
  static const char *const beginnings[] = { "/9j/", "_9j_", "iVBORw0KGgo", "data:image", "ffd8ff", "FFD8FF", "89504e47",
                                            "89504E47" };

  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (strstr (text, beginnings[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* The letters in all runs of at least that many. */
static gsize
count_in_runs (const char *text, gsize least, gboolean (*is_part) (char))
{
  gsize sum = 0, length;

  for (const char *at = text; *at != '\0'; at += MAX (length, 1))
    {
      for (length = 0; at[length] != '\0' && is_part (at[length]); length++)
        ;
      if (length >= least)
        sum += length;
    }
  return sum;
}

static gboolean
is_base64 (char letter)
{
  return g_ascii_isalnum (letter) || (letter != '\0' && strchr ("+/=_-", letter) != NULL);
}

static gboolean
is_graphic (char letter)
{
  return g_ascii_isgraph (letter);
}

/* Bytes told as numbers, decimal or hexadecimal: hardly anything else, and many. */
static gboolean
is_list_of_numbers (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n,;:|", -1);
  gsize n_numbers = 0, n_words = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize length = strlen (words[i]);

      n_words += length > 0;
      n_numbers += length > 0 && length <= 4 && strspn (words[i], "0123456789abcdefABCDEFx") == length;
    }
  return n_numbers >= MANY_NUMBERS && 2 * n_numbers > n_words;
}

static gboolean
is_of (const char *word, gsize length, const char *letters)
{
  return strspn (word, letters) >= length;
}

/* What a line of bytes in base64, or in more letters, has beside words, names and addresses: letters of both cases and
 * figures. */
static gboolean
is_mixed (const char *word, gsize length)
{
  gboolean has_upper = FALSE, has_lower = FALSE, has_digit = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      has_upper |= g_ascii_isupper (word[i]);
      has_lower |= g_ascii_islower (word[i]);
      has_digit |= g_ascii_isdigit (word[i]);
    }
  return has_upper && has_lower && has_digit;
}

/* Bytes in hexadecimal digits or in base32, which have one case alone, and figures. */
static gboolean
is_of_one_case (const char *word, gsize length)
{
  return strcspn (word, "0123456789") < length
         && (is_of (word, length, "0123456789abcdef") || is_of (word, length, "0123456789ABCDEF")
             || is_of (word, length, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567="));
}

/* The letters of all words of at least that many that are alike. */
static gsize
count_in_words (const char *text, gsize least, gboolean (*is_alike) (const char *, gsize))
{
  gsize sum = 0, length;

  for (const char *at = text; *at != '\0'; at += MAX (length, 1))
    {
      for (length = 0; g_ascii_isgraph (at[length]); length++)
        ;
      if (length >= least && strstr (at, "://") != at + strcspn (at, ": \t\r\n") && is_alike (at, length))
        sum += length;
    }
  return sum;
}

gsize
lacuna_plain_count_encoded (const char *text)
{
  return count_in_words (text, LEAST_LINE, is_mixed);
}

gboolean
lacuna_plain_is_encoded (gsize n_letters)
{
  return n_letters >= LONG_WORDS;
}

static gboolean
hides_picture (const char *text)
{
  return has_encoded_signature (text) || count_in_runs (text, LONG_WORD, is_base64) >= LONG_WORDS
         || lacuna_plain_is_encoded (lacuna_plain_count_encoded (text))
         || count_in_words (text, LEAST_LINE / 2, is_of_one_case) >= LONG_LINES
         || count_in_runs (text, LONG_RUN, is_graphic) >= LONG_RUNS || is_list_of_numbers (text);
}

/* Letters of later versions of Unicode than GLib's, as far as they are pictures of people's messages. */
static gboolean
is_new_emoji (gunichar letter)
{
  return letter >= 0x1f000 && letter <= 0x1faff;
}

static gboolean
is_printable (const char *utf8)
{
  for (const char *at = utf8; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);

      if ((!g_unichar_isdefined (letter) && !is_new_emoji (letter))
          || (g_unichar_iscntrl (letter) && letter != '\t' && letter != '\n' && letter != '\r'))
        return FALSE;
    }
  return TRUE;
}

/* In UTF-8, without the zeros at its end, and with a line for each of two parts that a zero parts, as EXIF has the
 * rights of a photographer and of an editor; NULL: not that encoding. */
static char *
decode (const guint8 *data, gsize size, const char *encoding)
{
  gsize length = 0;
  g_autofree char *text = g_convert ((const char *) data, size, "UTF-8", encoding, NULL, &length, NULL);

  while (text != NULL && length > 0 && text[length - 1] == '\0')
    length--;
  if (text != NULL && strlen (text) < length)
    text[strlen (text)] = '\n';
  if (text == NULL || memchr (text, '\0', length) != NULL || !is_printable (text))
    return NULL;
  return g_steal_pointer (&text);
}

static char *
decode_text (const guint8 *data, gsize size)
{
  static const char *const encodings[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "ISO-8859-1" };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      char *text = decode (data, size, encodings[i]);

      if (text != NULL)
        return text;
    }
  return NULL;
}

static gboolean
has_alphabet_mark (const guint8 *data, gsize size)
{
  static const char marks[][ALPHABET_MARK + 1] = { "ASCII\0\0\0", "UNICODE\0", "JIS\0\0\0\0\0", "\0\0\0\0\0\0\0\0" };

  for (guint i = 0; size >= ALPHABET_MARK && i < G_N_ELEMENTS (marks); i++)
    if (memcmp (data, marks[i], ALPHABET_MARK) == 0)
      return TRUE;
  return FALSE;
}

gboolean
lacuna_plain_is_text (gconstpointer data, gsize size)
{
  const guint8 *bytes = data;
  gsize skip = has_alphabet_mark (bytes, size) ? ALPHABET_MARK : 0;
  g_autofree char *text = NULL;

  if (size < LEAST_PICTURE)
    return TRUE;
  text = decode_text (bytes + skip, size - skip);
  return text != NULL && !hides_picture (text);
}

/* A stream of zlib or gzip begins there, and goes on for a while. */
static gboolean
is_deflated (const guint8 *data, gsize size)
{
  g_autoptr (GConverter) inflater = NULL;
  guint8 inflated[LEAST_INFLATED];
  gsize n_read, n_written;
  GConverterResult result;

  gboolean is_gzip = size > 2 && data[0] == 0x1f && data[1] == 0x8b && data[2] == 8;

  if (!is_gzip && (size < 2 || (data[0] & 0x8f) != 8 || (data[0] << 8 | data[1]) % 31 != 0))
    return FALSE;
  inflater
      = G_CONVERTER (g_zlib_decompressor_new (is_gzip ? G_ZLIB_COMPRESSOR_FORMAT_GZIP : G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  result = g_converter_convert (inflater, data, size, inflated, sizeof inflated, G_CONVERTER_NO_FLAGS, &n_read,
                                &n_written, NULL);
  return result != G_CONVERTER_ERROR && n_written == sizeof inflated;
}

gboolean
lacuna_plain_holds_picture (gconstpointer data, gsize size)
{
  const guint8 *bytes = data;
  g_autofree char *text = g_strndup (data, size);

  if (size < LEAST_PICTURE)
    return FALSE;
  if (has_signature (bytes, size) || has_inner_signature (bytes, size))
    return TRUE;
  for (gsize i = 0; i < size; i++)
    if (is_deflated (bytes + i, size - i))
      return TRUE;
  /* Zeros between do not end the search for what is told in letters. */
  memcpy (text, data, size);
  for (gsize i = 0; i < size; i++)
    if (text[i] == '\0')
      text[i] = '\n';
  return hides_picture (text);
}

char *
lacuna_plain_to_utf8 (const char *text)
{
  return g_utf8_validate (text, -1, NULL) ? g_strdup (text)
                                          : g_convert (text, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}
