#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <string>

namespace orchestrator::test {

/// A folder on a file system of its own, as small as `size` says ("64k") or read-only. There is no other way to make a folder
/// that root cannot write to, because root ignores permissions. Where mounting is not allowed, mounted() is false.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path folder, const std::string& size, bool read_only = false)
      : folder_(std::move(folder)),
        mounted_(::mount("none", folder_.c_str(), "tmpfs", read_only ? static_cast<unsigned long>(MS_RDONLY) : 0UL,
                         ("size=" + size).c_str()) == 0) {}
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_;
};

}  // namespace orchestrator::test
