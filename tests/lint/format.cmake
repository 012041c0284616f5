cmake_minimum_required(VERSION 3.25)
# clang-format agrees with every source of ours.
find_program(CLANG_FORMAT clang-format)
file(GLOB_RECURSE files ${ROOT}/src/*.c ${ROOT}/src/*.h ${ROOT}/src/*.cc ${ROOT}/tests/*.c ${ROOT}/tests/*.h)
execute_process(COMMAND ${CLANG_FORMAT} --dry-run -Werror ${files} RESULT_VARIABLE result ERROR_VARIABLE faults)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "run clang-format -i on these:\n${faults}")
endif()
