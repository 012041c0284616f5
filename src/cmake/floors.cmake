# add_floor(io USES floor_base floor_data PkgConfig::ZSTD): one static library of all sources in src/io.
# What a floor may use is written once more in tests/lint/layers.cmake, which holds it against the includes.
function(add_floor name)
  cmake_parse_arguments(FLOOR "" "" "USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.c$")
  add_library(floor_${name} STATIC ${sources})
  target_include_directories(floor_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(floor_${name} PUBLIC ${FLOOR_USES} PRIVATE warnings)
endfunction()
