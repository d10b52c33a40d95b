/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times every operation of the generator and prints it beside the device's measured limits. An operation keeps its
 * shortest time over all runs; the operations of two runs are matched by their order, which is the same in each. The
 * main thread runs all of it, and waits for the device after every operation. */
#include "app/command/bench.h"

#include <glib/gi18n.h>

#include "app/command/command.h"
#include "engine/bench.h"

/* An operation: what it does, counted as its definition does, and its shortest time. */
typedef struct {
  const char *name;
  gboolean    plain; /* a 3×3 convolution of stride 1 */
  double      flops;
  double      bytes; /* input, weights and output, each counted once */
  double      seconds;
} Op;

typedef struct {
  LacunaBench *bench;
  GArray      *ops;
  guint        next; /* index of the operation that this run comes to next */
  gint64       start;
} Timing;

static Op
describe_conv (const LacunaLayer *layer, const LacunaConvForm *form, LacunaShape out)
{
  double pixels = (double) out.n * out.height * out.width, weights = (double) form->kernel * form->kernel * form->in;
  guint sums = lacuna_conv_form_get_sums (form);
  double in_pixels = pixels * form->stride * form->stride / (form->upsample ? 4 : 1);

  return (Op){ .name = layer->name,
               .plain = form->kernel == 3 && form->stride == 1,
               .flops = 2.0 * weights * sums * pixels,
               .bytes = sizeof (float) * (in_pixels * form->in + pixels * form->out + weights * sums) };
}

/* Products of 3×3 patches for the scores, of 4×4 patches for the result: steps 4 and 7 of
 * engine/network/NETWORK.md, "Contextual attention". */
static Op
describe_other (const char *name, LacunaShape out)
{
  double elements = (double) out.n * out.height * out.width * out.channels, queries = out.height / 2 * (out.width / 2);
  gboolean attention = g_str_equal (name, "attention");

  return (Op){ .name = name,
               .flops = attention ? 2.0 * out.n * queries * queries * out.channels * (9 + 16) : 0.0,
               .bytes = sizeof (float) * 2.0 * elements };
}

static Op
describe (const char *name, LacunaNetwork network, LacunaShape out)
{
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    if (g_str_equal (lacuna_layer_get (i)->name, name))
      {
        LacunaConvForm form = lacuna_layer_get_form (i, network);

        return describe_conv (lacuna_layer_get (i), &form, out);
      }
  return describe_other (name, out);
}

static gboolean
take_time (const char *name, LacunaTensor *y, gpointer data, GError **error)
{
  Timing *timing = data;
  double seconds;
  Op *op;

  if (!lacuna_context_finish (timing->bench->context, error))
    return FALSE;
  seconds = (g_get_monotonic_time () - timing->start) * 1e-6;
  if (timing->next == timing->ops->len)
    {
      Op new_op = describe (g_intern_string (name), lacuna_generator_get_network (timing->bench->generator), y->shape);

      new_op.seconds = G_MAXDOUBLE;
      g_array_append_val (timing->ops, new_op);
    }
  op = &g_array_index (timing->ops, Op, timing->next++);
  op->seconds = MIN (op->seconds, seconds);
  timing->start = g_get_monotonic_time ();
  return TRUE;
}

static gboolean
time_ops (LacunaBench *bench, GArray *ops, int runs, GError **error)
{
  Timing timing = { .bench = bench, .ops = ops };
  const LacunaGeneratorOptions options = { .layer = take_time, .data = &timing };

  for (int i = 0; i < runs; i++)
    {
      g_auto (LacunaGeneratorOutput) output = { 0 };

      if (!lacuna_context_finish (bench->context, error))
        return FALSE;
      timing.next = 0;
      timing.start = g_get_monotonic_time ();
      if (!lacuna_generator_forward (bench->generator, bench->image, bench->mask, &options, &output, error))
        return FALSE;
    }
  return TRUE;
}

/* Appends the sums, of the 3×3 layers of stride 1 and of all. */
static void
append_sums (GArray *ops)
{
  Op plain = { .name = "3×3 stride 1" }, all = { .name = "all" };

  for (guint i = 0; i < ops->len; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);
      Op *sums[] = { &all, op->plain ? &plain : NULL };

      for (guint j = 0; j < G_N_ELEMENTS (sums); j++)
        if (sums[j] != NULL)
          {
            sums[j]->flops += op->flops;
            sums[j]->bytes += op->bytes;
            sums[j]->seconds += op->seconds;
          }
    }
  g_array_append_val (ops, plain);
  g_array_append_val (ops, all);
}

static void
print_table (GArray *ops, const LacunaPeak *peak, const char *device, int size)
{
  g_print (_ ("%d×%d on %s: multiply-adds at %.0f GFLOP/s, copies at %.1f GB/s\n"), size, size, device,
           peak->flops * 1e-9, peak->bytes * 1e-9);
  g_print ("%-18s %9s %9s %6s %8s %6s\n", "", "ms", "GFLOP/s", "share", "GB/s", "share");
  for (guint i = 0; i < ops->len; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);
      double flops = op->flops / op->seconds, bytes = op->bytes / op->seconds;
      /* Characters, not bytes. */
      int width = 18 + (int) strlen (op->name) - (int) g_utf8_strlen (op->name, -1);

      g_print ("%-*s %9.2f %9.1f %6.2f %8.1f %6.2f\n", width, op->name, op->seconds * 1e3, flops * 1e-9,
               flops / peak->flops, bytes * 1e-9, bytes / peak->bytes);
    }
}

static void
print_json (GArray *ops, const LacunaPeak *peak, const char *device, int size)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < ops->len; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);
      double flops = op->flops / op->seconds, bytes = op->bytes / op->seconds;

      g_variant_builder_add_parsed (&builder,
                                    "{'name': <%s>, 'ms': <%d>, 'gflops': <%d>, 'of_peak': <%d>, 'gbytes': <%d>, "
                                    "'of_copy': <%d>}",
                                    op->name, op->seconds * 1e3, flops * 1e-9, flops / peak->flops, bytes * 1e-9,
                                    bytes / peak->bytes);
    }
  lacuna_command_print_json (g_variant_new_parsed (
      "{'device': <%s>, 'size': <%i>, 'peak_gflops': <%d>, 'copy_gbytes': <%d>, 'ops': <%@aa{sv}>}", device, size,
      peak->flops * 1e-9, peak->bytes * 1e-9, g_variant_builder_end (&builder)));
}

gboolean
lacuna_bench_ops (LacunaBench *self, const LacunaBenchOptions *options, GError **error)
{
  const char *device = lacuna_device_get_name (lacuna_context_get_device (self->context));
  g_autoptr (GArray) ops = g_array_new (FALSE, FALSE, sizeof (Op));
  LacunaPeak peak;

  if (!lacuna_peak_measure (self->context, &peak, error) || !time_ops (self, ops, options->runs + 1, error))
    return FALSE;
  append_sums (ops);
  if (options->json)
    print_json (ops, &peak, device, options->size);
  else
    print_table (ops, &peak, device, options->size);
  return TRUE;
}
