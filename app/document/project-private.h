/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/project.h"

G_BEGIN_DECLS

#define LACUNA_PROJECT_JSON "project.json"
#define LACUNA_PROJECT_LINES "lines" /* the member with what edges are to follow */
#define LACUNA_PROJECT_VERSION 3
#define LACUNA_PROJECT_WITHOUT_LINES 2 /* older versions, which are written where they can hold all steps */
#define LACUNA_PROJECT_WITHOUT_PREFER 1
#define LACUNA_PROJECT_LEAST_SIDE 16 /* pixels of the smallest image that can be read */

/* What can be marked, each in images of its own: the hole, and LacunaSteer in its order. */
typedef enum {
  LACUNA_PROJECT_MASK,
  LACUNA_PROJECT_AVOID,
  LACUNA_PROJECT_PREFER,
  LACUNA_PROJECT_N_KINDS,
} LacunaProjectKind;

static const char *const lacuna_project_kinds[] = { "mask", "avoid", "prefer" };

G_END_DECLS
