"""A folder seen through FUSE as object stores offer it. Usage: plain_store.py REAL_FOLDER MOUNT_POINT [LACK...]
LACK: links (hard links and flags for rename), renames, seeks (files are written from their beginning to their end)."""
import errno
import os
import sys

try:
    from fusepy import FUSE, FuseOSError, Operations  # Debian's name
except ImportError:
    from fuse import FUSE, FuseOSError, Operations


class Store(Operations):
    def __init__(self, root, lacks):
        self.root, self.lacks, self.ends = root, lacks, {}

    def at(self, path):
        return self.root + path

    def getattr(self, path, handle=None):
        found = os.lstat(self.at(path))
        names = ("st_atime", "st_ctime", "st_gid", "st_mode", "st_mtime", "st_nlink", "st_size", "st_uid")
        return {name: getattr(found, name) for name in names}

    def readdir(self, path, handle):
        return [".", "..", *os.listdir(self.at(path))]

    def mkdir(self, path, mode):
        os.mkdir(self.at(path), mode)

    def rmdir(self, path):
        os.rmdir(self.at(path))

    def unlink(self, path):
        os.unlink(self.at(path))

    def rename(self, old, new):
        if "renames" in self.lacks:
            raise FuseOSError(errno.ENOSYS)
        os.rename(self.at(old), self.at(new))

    def link(self, target, source):
        raise FuseOSError(errno.ENOTSUP)

    def chmod(self, path, mode):
        os.chmod(self.at(path), mode)

    def truncate(self, path, length, handle=None):
        os.truncate(self.at(path), length)

    def open(self, path, flags):
        return os.open(self.at(path), flags)

    def create(self, path, mode, info=None):
        return os.open(self.at(path), os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)

    def read(self, path, size, offset, handle):
        return os.pread(handle, size, offset)

    def write(self, path, data, offset, handle):
        if "seeks" in self.lacks and offset != self.ends.get(handle, 0):
            raise FuseOSError(errno.EINVAL)
        self.ends[handle] = offset + len(data)
        return os.pwrite(handle, data, offset)

    def release(self, path, handle):
        self.ends.pop(handle, None)
        os.close(handle)


FUSE(Store(sys.argv[1], sys.argv[3:]), sys.argv[2], foreground=True, nothreads=True, hard_remove=True)
