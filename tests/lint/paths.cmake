cmake_minimum_required(VERSION 3.25)
# No path of the machine that this was written on.
execute_process(COMMAND grep -rnIE "(^|[\"' (=])/(work|home|root|Users)/" ${ROOT}/src ${ROOT}/jobs ${ROOT}/partitions ${ROOT}/slurm
                        ${ROOT}/README.md ${ROOT}/CMakeLists.txt ${ROOT}/CMakePresets.json ${ROOT}/proto
                OUTPUT_VARIABLE faults ERROR_QUIET)
if(faults)
  message(FATAL_ERROR "${faults}")
endif()
