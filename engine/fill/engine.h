/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/fill.h"
#include "engine/fill/progress.h"

G_BEGIN_DECLS

/**
 * LacunaEngine:
 *
 * A device with a thread of its own, which fills one hole after the other. The kernels, the weights and the memory that
 * a fill took stay for the next. Any thread may use it.
 */
#define LACUNA_TYPE_ENGINE (lacuna_engine_get_type ())
G_DECLARE_FINAL_TYPE (LacunaEngine, lacuna_engine, LACUNA, ENGINE, GObject)

/**
 * lacuna_engine_new:
 * @device: (nullable): a name, as [func@Device.find] takes it; %NULL: the automatic choice
 * @memory_limit: bytes of device memory, 0 for the default
 *
 * Nothing is opened before the first fill, whose errors then tell. Dropping the last reference cancels all fills and
 * waits for the running one to stop; their callbacks still come, with %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): an engine
 */
LacunaEngine *lacuna_engine_new (const char *device, guint64 memory_limit);

/**
 * lacuna_engine_fill_async:
 * @photo: a photo
 * @mask: its hole, of the photo's size
 * @options: (nullable): what is asked for; %NULL: the defaults
 * @progress: (nullable) (scope notified) (closure progress_data): called in the thread-default main context of the
 *   caller, coalesced but with every region's coarse result; never after @callback
 * @progress_data: for @progress
 * @cancellable: (nullable): to stop it
 * @callback: (scope async) (closure data): called when it is over
 * @data: for @callback
 *
 * Fills the hole of a photo. The fill does not keep the engine alive: the callback's source object is %NULL.
 */
void lacuna_engine_fill_async (LacunaEngine *self, LacunaPhoto *photo, LacunaMask *mask,
                               const LacunaFillOptions *options, LacunaFillProgressFunc progress,
                               gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data);

/**
 * lacuna_engine_fill_finish:
 * @self: (nullable): not looked at
 * @result: what the callback was given
 * @error: as of [method@Engine.fill]
 *
 * Returns: (transfer full): the fill
 */
LacunaFill *lacuna_engine_fill_finish (LacunaEngine *self, GAsyncResult *result, GError **error);

/**
 * lacuna_engine_fill:
 * @photo: a photo
 * @mask: its hole, of the photo's size
 * @options: (nullable): what is asked for; %NULL: the defaults
 * @progress: (nullable) (scope call) (closure progress_data): called in the engine's thread
 * @progress_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: %LACUNA_ERROR_EMPTY: the mask marks nothing; %LACUNA_ERROR_UNFIT: sizes differ, or nothing is known, or too
 *   little to be seen at the scale that the hole asks for; %LACUNA_ERROR_FILE, _FORMAT: of the model;
 *   %LACUNA_ERROR_NO_DEVICE, _BUILD, _DEVICE, _MEMORY: of the device; %G_IO_ERROR_CANCELLED
 *
 * Fills the hole of a photo, and waits for it.
 *
 * Returns: (transfer full): the fill
 */
LacunaFill *lacuna_engine_fill (LacunaEngine *self, LacunaPhoto *photo, LacunaMask *mask,
                                const LacunaFillOptions *options, LacunaFillProgressFunc progress,
                                gpointer progress_data, GCancellable *cancellable, GError **error);

/**
 * lacuna_engine_get_device:
 *
 * Returns: (nullable): the device's name as it was asked for
 */
const char *lacuna_engine_get_device (LacunaEngine *self);

/**
 * lacuna_engine_get_memory_limit:
 *
 * Returns: bytes of device memory, as they were asked for
 */
guint64 lacuna_engine_get_memory_limit (LacunaEngine *self);

G_END_DECLS
