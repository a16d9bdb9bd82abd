#pragma once

#include <random>
#include <string>
#include <string_view>

namespace orchestrator {

/// 128 random bits of the system as 32 hexadecimal digits, so that nothing that another render left behind is taken for this
/// one's.
inline std::string random_id() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string id;
  while (id.size() < 32) id += digits[random() & 15U];
  return id;
}

}  // namespace orchestrator
