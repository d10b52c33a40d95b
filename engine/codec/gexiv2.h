/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The names of gexiv2 0.14 on newer releases: 0.16 gives the functions that take a GError the plain names, and
 * deprecates those with “try”. */
#include <gexiv2/gexiv2.h>

#if GEXIV2_CHECK_VERSION(0, 15, 0)
#define gexiv2_metadata_try_clear_tag gexiv2_metadata_clear_tag
#define gexiv2_metadata_try_generate_xmp_packet gexiv2_metadata_generate_xmp_packet
#define gexiv2_metadata_try_get_tag_long gexiv2_metadata_get_tag_long
#define gexiv2_metadata_try_get_tag_multiple gexiv2_metadata_get_tag_multiple
#define gexiv2_metadata_try_get_tag_raw gexiv2_metadata_get_tag_raw
#define gexiv2_metadata_try_get_tag_string gexiv2_metadata_get_tag_string
#define gexiv2_metadata_try_has_tag gexiv2_metadata_has_tag
#define gexiv2_metadata_try_register_xmp_namespace gexiv2_metadata_register_xmp_namespace
#define gexiv2_metadata_try_set_tag_multiple gexiv2_metadata_set_tag_multiple
#define gexiv2_metadata_try_set_tag_string gexiv2_metadata_set_tag_string
#define gexiv2_metadata_try_set_xmp_tag_struct gexiv2_metadata_set_xmp_tag_struct
#endif
