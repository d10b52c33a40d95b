/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/glance.h"

#include "app/document/preview.h"
#include "app/document/project.h"

GArray *
lacuna_glance_states (GPtrArray *paths)
{
  g_autoptr (GPtrArray) sessions = lacuna_sessions_list ();
  GArray *states = g_array_sized_new (FALSE, TRUE, sizeof (LacunaSessionState), paths->len);

  for (guint i = 0; i < paths->len; i++)
    {
      gboolean changed;
      guint at = lacuna_sessions_look_up (sessions, paths->pdata[i], &changed);
      LacunaSessionState state
          = at < sessions->len ? ((LacunaSession *) sessions->pdata[at])->state : LACUNA_SESSION_UNDONE;

      g_array_append_val (states, state);
    }
  return states;
}

static LacunaPhoto *
load_photo (const char *path)
{
  g_autoptr (LacunaProject) project = NULL;

  if (lacuna_project_is (path))
    project = lacuna_project_load (path, NULL, NULL);
  else if (lacuna_photo_check_packing (path, NULL, NULL))
    return lacuna_photo_load (path, NULL, NULL);
  return project != NULL ? g_object_ref (project->photo) : NULL;
}

static GBytes *
draw_photo (LacunaPhoto *photo)
{
  int w = lacuna_photo_get_width (photo), h = lacuna_photo_get_height (photo), width, height;
  LacunaRaster *const steer[LACUNA_N_STEERS] = { NULL };
  g_autoptr (LacunaPhoto) small = NULL;
  g_autoptr (GPtrArray) retouches = g_ptr_array_new ();
  g_autoptr (GBytes) marks = NULL;

  lacuna_preview_get_size (w, h, &width, &height);
  small = lacuna_photo_resample (photo, (LacunaBox){ 0, 0, w, h }, width, height, NULL);
  if (small == NULL)
    return NULL;
  marks = lacuna_preview_sample (NULL, steer, width, height);
  return lacuna_preview_draw (small, w, h, retouches, marks);
}

GBytes *
lacuna_glance_picture (const char *path, gboolean draw)
{
  gboolean changed;
  g_autoptr (LacunaSession) session = lacuna_session_find (path, &changed);
  g_autoptr (LacunaPhoto) photo = NULL;
  char *data;
  gsize size;

  if (session != NULL && g_file_get_contents (session->preview, &data, &size, NULL))
    return g_bytes_new_take (data, size);
  photo = draw ? load_photo (path) : NULL;
  return photo != NULL ? draw_photo (photo) : NULL;
}
