/*
 * cdf.h - is a file a whole CDF-5 file? Looked at before NetCDF is asked to read it.
 *
 * The header is walked as its grammar says (NetCDF User's Guide, Appendix B; CDF-5: PnetCDF): every
 * count against the bytes that are left, every variable against the size of the file. A file that
 * is cut off would be read as zeros beyond its end, a damaged one may lead the library astray: both
 * are named here instead. What the numbers mean is not looked at. Knows no sweep.
 */
#ifndef JEPAFLOW_RESULTS_CDF_H
#define JEPAFLOW_RESULTS_CDF_H

#include "jepaflow/base/status.h"

/* JF_ERR_FILE, with a message that names the file and what is wrong with it. */
jf_status jf_cdf_check(const char *path);

#endif
