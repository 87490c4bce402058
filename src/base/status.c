#include "jepaflow/base/status.h"

static const struct {
    int exit_code;
    const char *text;
} codes[] = {
#define JF_STATUS_ROW(name, exit_code, text) [name] = {exit_code, text},
    JF_STATUS_LIST(JF_STATUS_ROW)
#undef JF_STATUS_ROW
};

static int known(jf_status status)
{
    return (int)status >= 0 && (unsigned)status < sizeof codes / sizeof codes[0];
}

const char *jf_status_text(jf_status status)
{
    return known(status) ? codes[status].text : "unknown status";
}

int jf_status_exit_code(jf_status status)
{
    return known(status) ? codes[status].exit_code : 3;
}
