/* Shared by every program of this folder: put before its source. */
