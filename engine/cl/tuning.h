/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/device.h"

G_BEGIN_DECLS

/* The sizes that the kernels' programs are built with, and which kernels. What
 * a device does best is found by measuring (`lacuna tune`); any values give
 * right results. */
typedef enum {
  LACUNA_KERNELS_CPU, /* a work-group is one work-item with a tile in registers */
  LACUNA_KERNELS_GPU, /* a work-group is many, with a tile in local memory */
} LacunaKernels;

typedef struct {
  LacunaKernels kernels;
  guint lanes;         /* floats of a vector: 4, 8 or 16 */
  guint pixels;        /* of a work-item's tile, pixels × vectors */
  guint vectors;
  guint tiles;         /* CPU: Winograd's, of a work-group at most */
  guint query_tiles;   /* CPU: of a work-group of gram.cl */
  guint score_rows;    /* queries of a work-group of scores.cl */
  guint transfer_rows; /* CPU: of the grid, for a work-group of transfer.cl */
  guint transfer_keys; /* CPU: that it takes at a time */
  guint rows, columns; /* GPU: work-items of a work-group, along pixels and along vectors */
  guint depth;         /* GPU: channels or keys that a work-group takes at a time */
} LacunaTuning;

/* The sizes of a family of devices: "cpu-16", "cpu-8" and "cpu-4" by the floats
 * of a vector, "gpu". FALSE where there is none of that name. */
gboolean lacuna_tuning_init (LacunaTuning *self, const char *family);

const char *lacuna_tuning_get_family (LacunaDevice *device);

/* A group of a key file: under `family` one of the above, else the device's
 * own, and sizes that differ from it. where: names the file in errors.
 * LACUNA_ERROR_FORMAT for an unknown key, or a value that is out of range. */
gboolean lacuna_tuning_read (LacunaTuning *ret_self, LacunaDevice *device, GKeyFile *file, const char *group,
                             const char *where, GError **error);

/* The user's own sizes for the device, from lacuna/tuning.ini in the folder of
 * configuration, or else its family's. Errors as above, and LACUNA_ERROR_FILE. */
gboolean lacuna_tuning_load (LacunaTuning *ret_self, LacunaDevice *device, GError **error);

/* Keeps them there; the sizes of other devices stay. */
gboolean lacuna_tuning_save (const LacunaTuning *self, LacunaDevice *device, GError **error);
char    *lacuna_tuning_get_path (void);

G_END_DECLS
