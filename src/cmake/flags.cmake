# Warnings for what we write (not for generated code), and the flags of the presets.
add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>)
target_compile_definitions(warnings INTERFACE _POSIX_C_SOURCE=200809L)

# Nothing is contracted or reordered behind our back: the same source gives the same bits with gcc and clang alike.
add_compile_options(-ffp-contract=off -fno-math-errno)

if(NIGHTMAIL_HARDENED)
  add_compile_options(-D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection
                      -Wformat -Werror=format-security -fPIE)
  add_link_options(-pie -Wl,-z,relro,-z,now)
endif()
if(NIGHTMAIL_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()
if(NIGHTMAIL_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "NIGHTMAIL_FUZZ needs clang: -D CMAKE_C_COMPILER=clang -D CMAKE_CXX_COMPILER=clang++")
  endif()
  # The counters between its loops keep clang from vectorizing a kernel, of which it warns.
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
                      -Wno-pass-failed)
  add_link_options(-fsanitize=fuzzer-no-link,address,undefined)
endif()
if(NIGHTMAIL_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
