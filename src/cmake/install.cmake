# What `cmake --install` and CPack put where: bin/nightmail, share/nightmail/{jobs,partitions,slurm,proto,modulefiles},
# share/doc/nightmail. Nothing in it knows the prefix, so the tree may be moved.
include(GNUInstallDirs)
set(share ${CMAKE_INSTALL_DATADIR}/nightmail)

install(FILES jobs/demo.yaml jobs/movielens.yaml jobs/online_retail.yaml DESTINATION ${share}/jobs) # not a site's own
install(DIRECTORY jobs/copy DESTINATION ${share}/jobs FILES_MATCHING PATTERN *.csv)
install(DIRECTORY partitions DESTINATION ${share} FILES_MATCHING PATTERN *.yaml)
install(DIRECTORY proto DESTINATION ${share} FILES_MATCHING PATTERN *.proto)
file(GLOB scripts CONFIGURE_DEPENDS slurm/*)
list(FILTER scripts EXCLUDE REGEX "/slurm/(site|site\\.sh)$")
foreach(script ${scripts})
  # A file that has a first line of its own to start by is started; the others are sourced or copied.
  file(READ ${script} head LIMIT 2)
  if(head MATCHES "^#!")
    install(PROGRAMS ${script} DESTINATION ${share}/slurm)
  else()
    install(FILES ${script} DESTINATION ${share}/slurm)
  endif()
endforeach()
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
configure_file(slurm/site/modulefile.in modulefile @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/modulefile DESTINATION ${share}/modulefiles/nightmail RENAME ${PROJECT_VERSION})

set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_CONTACT "nightmail maintainers <root@localhost>")
set(CPACK_PACKAGE_VENDOR nightmail)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)    # the libraries, by asking the program
set(CPACK_DEBIAN_PACKAGE_DEPENDS openmpi-bin) # mpirun
include(CPack)
