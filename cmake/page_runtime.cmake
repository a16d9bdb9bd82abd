# The page runtime: src/page/runtime/*.js in this order (each may use what stands above it), as one function expression.
include("${CMAKE_CURRENT_LIST_DIR}/embed_text.cmake")

set(page_runtime_files
    no_dialogs benchmarking natives replacing documents window_size control_messages frame_messages parent_frame waiting thrown warnings uncaught requests
    clock random machine dates document_date performance_times event_times frame_times timers tasks audio_clock audio_params audio_sources workers worklets failed_workers broadcasts window_broadcasts ports port_counts
    animation_frames frame_events scrolls observers timelines animations held_animations animation_calls overlays smooth_scrolls svg_clock
    moving_elements
    media media_interface media_events media_loading failed_media cues source_times video_frames video_frame_callbacks video_colours video_roots video_pictures video_presentation
    animated_image_bytes plain_pngs kept_pictures still_svg_images animated_images animated_css_images
    images style_sheets fonts frame_steps child_frames shadow_roots own_trees
    glyphs missing_glyphs paint_order video_covers wide_canvases incoming async_operations coders image_decoders locks gpu_answers canvas_blobs response_streams view_transitions open_connections
    code_on_demand contracts helios drawn_frames contract_render_frame contract_remotion built_projects scene_player contract_built_projects
    contract_helios other_systems contract_virtual_clock on_screen parent_calls scriptless_frame
    described runtime)
list(TRANSFORM page_runtime_files PREPEND "${CMAKE_CURRENT_LIST_DIR}/../src/page/runtime/")
list(TRANSFORM page_runtime_files APPEND ".js")

set(PAGE_RUNTIME_SOURCE "${CMAKE_CURRENT_BINARY_DIR}/page_runtime.cpp")
embed_text(
  OUTPUT "${PAGE_RUNTIME_SOURCE}"
  HEADER "page/runtime.hpp"
  FUNCTION page_runtime_script
  PREFIX "(function (config) {"
  SUFFIX "})"
  FILES ${page_runtime_files})

# What runs in its dedicated workers: the same clock, stepped by the page.
set(worker_runtime_files
    worker_natives replacing control_messages waiting thrown worker_errors worker_requests async_operations coders image_decoders locks gpu_answers response_streams clock random machine dates performance_times event_times timers tasks workers failed_workers broadcasts ports port_counts worker_steps)
list(TRANSFORM worker_runtime_files PREPEND "${CMAKE_CURRENT_LIST_DIR}/../src/page/runtime/")
list(TRANSFORM worker_runtime_files APPEND ".js")

set(WORKER_RUNTIME_SOURCE "${CMAKE_CURRENT_BINARY_DIR}/worker_runtime.cpp")
embed_text(
  OUTPUT "${WORKER_RUNTIME_SOURCE}"
  HEADER "page/runtime.hpp"
  FUNCTION worker_runtime_script
  PREFIX "(function (config) {"
  SUFFIX "})"
  FILES ${worker_runtime_files})
