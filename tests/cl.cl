/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests/cl.c: -D SCALE */
__kernel void
scale (__global const float *in, __global float *out, const int n, const float offset)
{
  int i = get_global_id (0);

  if (i < n)
    out[i] = SCALE * in[i] + offset;
}

__kernel __attribute__ ((reqd_work_group_size (4, 2, 1))) void
index_groups (__global int *out)
{
  int x = get_global_id (0);
  int y = get_global_id (1);
  int z = get_global_id (2);

  out[(z * get_global_size (1) + y) * get_global_size (0) + x] = get_local_id (0) + 10 * get_local_id (1)
                                                                 + 100 * get_group_id (0) + 1000 * get_group_id (1)
                                                                 + 10000 * get_group_id (2);
}
