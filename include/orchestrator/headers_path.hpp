#pragma once

#include <orchestrator/export.hpp>

/// Where these headers lie, and with them the installation. A program into which the library is linked statically lies anywhere;
/// by this it finds the worker that was installed with the library, wherever that was (docs/executors.md).
#ifndef ORCHESTRATOR_NOT_INSTALLED
namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {
namespace detail {

[[gnu::used]] inline constexpr char headers_path[] = __FILE__;

}  // namespace detail
}  // namespace v0
}  // namespace orchestrator
#endif
