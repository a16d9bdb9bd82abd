#include "lambda/aws/download.hpp"

#include "base/disk_error.hpp"

#include <fcntl.h>

#include <cstring>

namespace orchestrator::aws {

Download::~Download() {
  file_.close();
  std::error_code ignored;
  if (goes_) std::filesystem::remove(path_, ignored);
}

void Download::restart() {
  digest_ = {};
  sum_ = Sha256();
  error_ = file_.open(path_, O_TRUNC);
  goes_ = goes_ || error_ == 0;
}

bool Download::write(std::string_view bytes) {
  if (error_ == 0) error_ = file_.write(bytes);
  sum_.update(bytes);
  digest_.bytes += static_cast<std::int64_t>(bytes.size());
  return error_ == 0;
}

FileDigest Download::finish() {
  if (error_ == 0) error_ = file_.close();
  digest_.sha256 = sum_.finish();
  return digest_;
}

std::optional<Error> Download::error() const {
  if (error_ == 0) return std::nullopt;
  if (auto full = disk_error(error_, path_, Stage::start)) return full;
  return Error{.code = Errc::output_unwritable,
               .detail = "cannot write " + path_.string() + ": " + std::strerror(error_),
               .stage = Stage::start};
}

}  // namespace orchestrator::aws
