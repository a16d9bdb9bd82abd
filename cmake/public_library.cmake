# public_library(<target> <name>)
# What others link as orchestrator::<name>. `target` is a static library, which our own command line and tests link, because they use
# what is inside. It is also what others get, unless BUILD_SHARED_LIBS asks for a shared library: that one is made of the same objects,
# exports what the public headers declare (ORCHESTRATOR_EXPORT), and is what is installed then.
function(public_library target name)
  set(public ${target})
  if(BUILD_SHARED_LIBS)
    set(public ${target}_shared)
    add_library(${public} SHARED $<TARGET_OBJECTS:${target}>)
    if(target STREQUAL "orchestrator")
      foreach(requirement INCLUDE_DIRECTORIES COMPILE_FEATURES COMPILE_DEFINITIONS)
        get_target_property(value ${target} INTERFACE_${requirement})
        set_target_properties(${public} PROPERTIES INTERFACE_${requirement} "${value}")
      endforeach()
      target_link_libraries(${public} PUBLIC Boost::headers Threads::Threads)
    else()
      target_link_libraries(${public} PUBLIC orchestrator_shared)
    endif()
    # What is used of the inside comes from our static libraries, and stays inside.
    get_target_property(libraries ${target} LINK_LIBRARIES)
    target_link_libraries(${public} PRIVATE ${libraries})
    target_link_options(${public} PRIVATE "LINKER:--exclude-libs,ALL")
    # Its own counter, raised with every change of the binary interface.
    set_target_properties(${public} PROPERTIES OUTPUT_NAME ${target} SOVERSION 0)
  endif()
  set_target_properties(${public} PROPERTIES EXPORT_NAME ${name})
  add_library(orchestrator::${name} ALIAS ${public})
  set_property(GLOBAL APPEND PROPERTY ORCHESTRATOR_PUBLIC_LIBRARIES ${public})
endfunction()
