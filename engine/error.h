/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LacunaError:
 * @LACUNA_ERROR_FILE: a file is missing, unreadable, or can't be written
 * @LACUNA_ERROR_FORMAT: a file's content is damaged or not what it claims
 * @LACUNA_ERROR_UNFIT: sound input which can't be worked with: sizes, masks, shapes
 * @LACUNA_ERROR_EMPTY: the mask marks nothing: there is nothing to do
 * @LACUNA_ERROR_NO_DEVICE: no OpenCL platform or device, or none of that name
 * @LACUNA_ERROR_BUILD: an OpenCL program did not build
 * @LACUNA_ERROR_DEVICE: the device failed while working, or gave back what can't be
 * @LACUNA_ERROR_NOT_FINITE: numbers from the device are not finite: its fault, or that of the weights
 * @LACUNA_ERROR_MEMORY: it does not fit the memory limit, or allocation failed
 *
 * Every failure of the engine is one of these, or %G_IO_ERROR_CANCELLED. The message says what happened to what, why,
 * and what to do about it.
 */
typedef enum {
  LACUNA_ERROR_FILE,
  LACUNA_ERROR_FORMAT,
  LACUNA_ERROR_UNFIT,
  LACUNA_ERROR_EMPTY,
  LACUNA_ERROR_NO_DEVICE,
  LACUNA_ERROR_BUILD,
  LACUNA_ERROR_DEVICE,
  LACUNA_ERROR_NOT_FINITE,
  LACUNA_ERROR_MEMORY,
} LacunaError;

#define LACUNA_ERROR (lacuna_error_quark ())
GQuark lacuna_error_quark (void);

/**
 * lacuna_error_set_memory: (skip)
 * @error: becomes %LACUNA_ERROR_MEMORY
 * @what: for which there is none
 */
void lacuna_error_set_memory (GError **error, const char *what);

G_END_DECLS
