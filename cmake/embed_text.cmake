# Embeds text files, one after the other, in a C++ source that defines `std::string_view <function>()`.
#
#   embed_text(OUTPUT runtime.cpp HEADER "page/runtime.hpp" FUNCTION page_runtime_script
#              PREFIX "(function (config) {" SUFFIX "})" FILES a.js b.js)
#
# One raw string literal a file; adjacent literals are joined by the compiler, which may take 262,144 steps at most to count a text at
# compile time (GCC, -fconstexpr-loop-limit): so its size is asked for. Run again when a file changes.

if(CMAKE_SCRIPT_MODE_FILE)
  set(source "#include \"${HEADER}\"\n\nnamespace orchestrator {\n\nstd::string_view ${FUNCTION}() {\n")
  string(APPEND source "  static constexpr char text[] =\n      R\"embed(${PREFIX}\n)embed\"\n")
  string(REPLACE "|" ";" FILES "${FILES}")
  foreach(file IN LISTS FILES)
    file(READ "${file}" text)
    string(LENGTH "${text}" length)
    if(length GREATER 65000) # 65,536 characters is the longest literal every compiler must take ([implimits])
      message(FATAL_ERROR "${file} is too long for one string literal; split it")
    endif()
    string(APPEND source "      R\"embed(${text})embed\"\n")
  endforeach()
  string(APPEND source "      R\"embed(${SUFFIX})embed\";\n  return {text, sizeof text - 1};\n}\n\n}  // namespace orchestrator\n")
  file(WRITE "${OUTPUT}" "${source}")
  return()
endif()

set(EMBED_TEXT_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(embed_text)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUTPUT;HEADER;FUNCTION;PREFIX;SUFFIX" "FILES")
  string(REPLACE ";" "|" files "${arg_FILES}")
  add_custom_command(
    OUTPUT "${arg_OUTPUT}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${arg_OUTPUT}" "-DHEADER=${arg_HEADER}" "-DFUNCTION=${arg_FUNCTION}"
            "-DPREFIX=${arg_PREFIX}" "-DSUFFIX=${arg_SUFFIX}" "-DFILES=${files}" -P "${EMBED_TEXT_SCRIPT}"
    DEPENDS ${arg_FILES} "${EMBED_TEXT_SCRIPT}"
    COMMENT "Embedding ${arg_FUNCTION}"
    VERBATIM)
endfunction()
