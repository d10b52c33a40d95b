/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/device.h"

G_BEGIN_DECLS

/* What came of trying a device (self-test.h), remembered by the device, its platform and the version of its driver: in
 * this process, and in the cache's folder “probed” as long as those and Lacuna's own version are the same. Any
 * thread. */
typedef enum {
  LACUNA_VERDICT_NONE,  /* not tried, or ended uncleanly the last time that it was used */
  LACUNA_VERDICT_SOUND,
  LACUNA_VERDICT_AGAINST,
} LacunaVerdict;

/* ret_reason: why it is against the device, in words that follow “the driver: ”; or NULL. */
LacunaVerdict lacuna_verdict_load  (LacunaDevice *device, char **ret_reason);
/* reason NULL: it is sound. */
void          lacuna_verdict_store (LacunaDevice *device, const char *reason);

/* The name of the verdict's file, and what deletes the file of that name. */
char         *lacuna_verdict_get_name (LacunaDevice *device);
void          lacuna_verdict_forget   (const char *name);

/* The folder of the verdicts' files, for messages. */
char         *lacuna_verdict_get_folder (void);

G_END_DECLS
