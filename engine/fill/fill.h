#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

/* A finished fill of one photo and mask. Immutable. */
#define LACUNA_TYPE_FILL (lacuna_fill_get_type ())
G_DECLARE_FINAL_TYPE (LacunaFill, lacuna_fill, LACUNA, FILL, GObject)

/* regions: of LacunaRegion, all stages run; taken. model, device: as below; copied. */
LacunaFill *lacuna_fill_new (GPtrArray *regions, const char *model, const char *device);

guint               lacuna_fill_get_n_regions (LacunaFill *self);
const LacunaRegion *lacuna_fill_get_region    (LacunaFill *self, guint i);
const char         *lacuna_fill_get_model     (LacunaFill *self); /* path of the weights */
const char         *lacuna_fill_get_device    (LacunaFill *self); /* name */
/* What is not as good as it could be, and why: a sentence or more each, NULL-terminated. */
const char *const  *lacuna_fill_get_notes     (LacunaFill *self);
void                lacuna_fill_set_notes     (LacunaFill *self, char **notes); /* before it is shown; taken */

/* The photo with every region's pixels of that stage pasted: inside the hole
 * the network's result, brought to the known pixels at the hole's border over
 * a narrow band inside the hole, or the copied pixels of the detail; every
 * other pixel keeps its value. Filled pixels become opaque. LACUNA_ERROR_MEMORY. */
LacunaPhoto *lacuna_fill_apply (LacunaFill *self, LacunaPhoto *photo, LacunaStage stage, GError **error);

G_END_DECLS
