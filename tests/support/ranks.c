#include "ranks.h"

#include "check.h"

void ranks_write(const sweep *s, const solved *points, size_t count)
{
    jf_store *store;

    sweep_create(s, &store);
    for (size_t p = 0; p < count; p++) {
        jf_record record;
        sweep_record(s, p, 1.0, &record);
        *record.run_started = points[p].date;
        *record.run_ranks = points[p].run_ranks;
        *record.rank = points[p].rank;
        *record.point_ranks = points[p].ranks;
        *record.started = points[p].started;
        *record.seconds = points[p].seconds;
        sweep_put(store, &record);
        jf_record_clear(&record);
    }
    assert_ok(jf_store_close(&store));
}
