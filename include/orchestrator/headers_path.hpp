#pragma once

/// Where these headers lie, and with them the installation. A program into which the library is linked statically lies anywhere;
/// by this it finds the worker that was installed with the library, wherever that was (docs/executors.md).
#ifndef ORCHESTRATOR_NOT_INSTALLED
namespace orchestrator::detail {

[[gnu::used, gnu::visibility("default")]] inline constexpr char headers_path[] = __FILE__;

}  // namespace orchestrator::detail
#endif
