#include <stdio.h>
#include <string.h>

#include "support/mpi_suite.h"

static status fail_on(int rank) {
  return mpi_suite_comm->rank == rank ? status_fail(STATUS_IO, "rank %d cannot write", rank) : STATUS_OK;
}

static status one_step(int failing) {
  TRY_ALL(mpi_suite_comm, fail_on(failing));
  return STATUS_OK;
}

static void nobody_failing_lets_all_go_on(void) { CU_ASSERT_EQUAL(one_step(-1), STATUS_OK); }

static void one_rank_failing_stops_all_with_its_sentence(void) {
  const int last = mpi_suite_comm->size - 1;
  char expected[64];
  snprintf(expected, sizeof expected, "rank %d cannot write", last);
  CU_ASSERT_EQUAL(one_step(last), STATUS_IO);
  CU_ASSERT_STRING_EQUAL(status_text(), expected);
}

static void of_several_failing_the_lowest_speaks(void) {
  const status mine = mpi_suite_comm->rank == 0 ? STATUS_OK : status_fail(STATUS_DATA, "from %d", mpi_suite_comm->rank);
  const status all = comm_agree(mpi_suite_comm, mine);
  if (mpi_suite_comm->size == 1) {
    CU_ASSERT_EQUAL(all, STATUS_OK);
  } else {
    CU_ASSERT_EQUAL(all, STATUS_DATA);
    CU_ASSERT_STRING_EQUAL(status_text(), "from 1");
  }
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(nobody_failing_lets_all_go_on),
      TEST(one_rank_failing_stops_all_with_its_sentence),
      TEST(of_several_failing_the_lowest_speaks),
  };
  return MPI_SUITE_RUN(argc, argv, "agree", tests);
}
