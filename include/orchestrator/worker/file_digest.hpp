#pragma once

#include <orchestrator/export.hpp>

#include <cstdint>
#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// Size and digest of a file, with which a copy of it is checked.
struct FileDigest {
  std::int64_t bytes{0};
  std::string sha256{};  ///< 64 lower-case hexadecimal digits
  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

}  // namespace v0
}  // namespace orchestrator
