/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests/cl.c. */
__kernel void
broken (__global float *out)
{
  out[0] = undeclared_thing;
}
