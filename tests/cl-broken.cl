/* For tests/cl.c. */
__kernel void
broken (__global float *out)
{
  out[0] = undeclared_thing;
}
