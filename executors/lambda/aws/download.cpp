#include "lambda/aws/download.hpp"

#include "base/disk_error.hpp"

#include <cerrno>
#include <cstring>

namespace orchestrator::aws {

Download::~Download() {
  file_.reset();
  std::error_code ignored;
  if (goes_) std::filesystem::remove(path_, ignored);
}

void Download::restart() {
  digest_ = {};
  sum_ = Sha256();
  file_.reset(std::fopen(path_.c_str(), "wbe"));
  error_ = file_ ? 0 : errno;
  goes_ = goes_ || file_ != nullptr;
}

bool Download::write(std::string_view bytes) {
  if (error_ == 0 && std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) error_ = errno;
  sum_.update(bytes);
  digest_.bytes += static_cast<std::int64_t>(bytes.size());
  return error_ == 0;
}

FileDigest Download::finish() {
  if (error_ == 0 && std::fclose(file_.release()) != 0) error_ = errno;
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
