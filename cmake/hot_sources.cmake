# hot_sources(FILES...): what runs once a pixel, sample or letter is compiled with -O3 in release builds, each file by itself (CMake
# keeps files with options of their own out of unity builds).
function(hot_sources)
  set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS "$<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU,Clang>>:-O3>")
endfunction()
