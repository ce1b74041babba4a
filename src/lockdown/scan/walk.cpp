// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/walk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>
#include <optional>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace bansoko::scan {
namespace {

struct Filesystem {
  std::uint64_t type;  // linux/magic.h
  std::string_view name;
};

constexpr std::array kForeign{
    Filesystem{0x9fa0, "proc"},
    Filesystem{0x62656572, "sysfs"},
    Filesystem{0x27e0eb, "cgroup"},
    Filesystem{0x63677270, "cgroup2"},
    Filesystem{0x64626720, "debugfs"},
    Filesystem{0x74726163, "tracefs"},
    Filesystem{0x73636673, "securityfs"},
    Filesystem{0x1cd1, "devpts"},
    Filesystem{0x6165676c, "pstore"},
    Filesystem{0xcafe4a11, "bpf"},
    Filesystem{0x6e736673, "nsfs"},
    Filesystem{0xde5e81e4, "efivarfs"},
    Filesystem{0xf97cff8c, "selinuxfs"},
    Filesystem{0x43415d53, "smackfs"},
    Filesystem{0x19800202, "mqueue"},
    Filesystem{0x42494e4d, "binfmt_misc"},
    Filesystem{0x62656570, "configfs"},
    Filesystem{0x0187, "autofs"},
    Filesystem{0x67596969, "rpc_pipefs"},
    Filesystem{0x65735543, "fusectl"},
    Filesystem{0x6969, "nfs"},
    Filesystem{0x517b, "smb"},
    Filesystem{0xff534d42, "cifs"},
    Filesystem{0xfe534d42, "smb2"},
    Filesystem{0x73757245, "coda"},
    Filesystem{0x5346414f, "afs"},
    Filesystem{0x00c36400, "ceph"},
    Filesystem{0x01021997, "9p"},
    Filesystem{0x0bd00bd0, "lustre"},
    Filesystem{0x65735546, "fuse"},
    Filesystem{0x564c, "ncp"},
    Filesystem{0x01161970, "gfs2"},
};

std::string words_of(int error_number) { return std::generic_category().message(error_number); }

struct Folder {
  std::string path;                      // within the root; "" is the root itself
  std::optional<identity::FileKey> key;  // as it was when it was met; none: a start
  std::uint64_t parent_device = 0;
  bool open_to_all = false;  // it, or one above it
};

/// A folder that is being read.
struct Parent {
  int fd = -1;
  std::uint64_t device = 0;
  bool open_to_all = false;
};

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

struct Name {
  std::uint64_t inode = 0;
  std::string name;
};

/// Anybody may put another file in the place of what is in it.
bool is_open_to_all(const struct stat& about) noexcept {
  return (about.st_mode & S_IWOTH) != 0 && (about.st_mode & S_ISVTX) == 0;
}

class Walk {
 public:
  Walk(const WalkOptions& options, WalkSink& sink) : options_(options), sink_(sink) {}

  void begin(const std::string& start) {
    struct stat about {};
    const std::string whole = options_.root + start;
    if (::lstat(whole.c_str(), &about) != 0) return refuse(start, errno);
    if (S_ISREG(about.st_mode)) {
      take_file(start, about, is_open_above(start));
      return;
    }
    if (!S_ISDIR(about.st_mode)) return refuse(start, ENOTDIR);
    pending_.push_back({start == "/" ? "" : start, std::nullopt, 0, is_open_above(start)});
    while (!pending_.empty() && going_) {
      const Folder folder = std::move(pending_.back());
      pending_.pop_back();
      enter(folder);
    }
  }

 private:
  void refuse(const std::string& path, int error_number) {
    sink_.left_out({path.empty() ? "/" : path, Reason::unreadable, words_of(error_number)});
  }

  bool is_open_above(const std::string& start) const {
    for (auto slash = start.rfind('/'); slash != std::string::npos && slash != 0;
         slash = start.rfind('/', slash - 1)) {
      struct stat about {};
      const std::string above = options_.root + start.substr(0, slash);
      if (::lstat(above.c_str(), &about) == 0 && is_open_to_all(about)) return true;
    }
    return false;
  }

  void enter(const Folder& folder) {
    if (!options_.except.empty() && folder.path == options_.except) {
      sink_.left_out({folder.path, Reason::own_state, {}});
      return;
    }
    // Without a slash at its end: O_NOFOLLOW would follow a link before one.
    const std::string joined = options_.root + folder.path, whole = joined.empty() ? "/" : joined;
    if (whole.size() >= PATH_MAX) {
      sink_.left_out({folder.path, Reason::long_path, fmt::format("{} bytes", whole.size())});
      return;
    }
    UniqueFd fd(::open(whole.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat about {};
    if (!fd.valid() || ::fstat(fd.get(), &about) != 0) return refuse(folder.path, errno);
    if (!is_wanted_filesystem(folder, fd.get(), about)) return;
    // A mount covers the folder that was met; anything else in its place is a change that happens now.
    const bool is_same_device = folder.key && folder.key->device == about.st_dev;
    if (is_same_device && folder.key->inode != about.st_ino) {
      sink_.left_out({folder.path, Reason::changing, {}});
      return;
    }
    going_ = sink_.folder();
    const Parent parent{fd.get(), about.st_dev, folder.open_to_all || is_open_to_all(about)};
    for (const Name& name : names_in(folder.path, fd.get())) {
      if (!going_) return;
      meet(folder.path + "/" + name.name, parent, name.name);
    }
  }

  bool is_wanted_filesystem(const Folder& folder, int fd, const struct stat& about) {
    if (folder.key && folder.parent_device == about.st_dev) return true;
    struct statfs filesystem {};
    if (::fstatfs(fd, &filesystem) != 0) {
      refuse(folder.path, errno);
      return false;
    }
    const std::string_view name = foreign_filesystem(static_cast<std::uint32_t>(filesystem.f_type));
    // A filesystem in user space may be a local disk: it is entered where the operator names it.
    if (name.empty() || (name == "fuse" && !folder.key)) return true;
    sink_.left_out({folder.path.empty() ? "/" : folder.path, Reason::filesystem, std::string(name)});
    return false;
  }

  /// By inode, which on most filesystems is their order on the disk.
  std::vector<Name> names_in(const std::string& path, int fd) {
    std::vector<Name> names;
    const std::unique_ptr<DIR, CloseFolder> entries(::fdopendir(::fcntl(fd, F_DUPFD_CLOEXEC, 0)));
    if (entries == nullptr) {
      refuse(path, errno);
      return names;
    }
    for (;;) {
      errno = 0;
      const dirent* const entry = ::readdir(entries.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      const bool may_matter =
          entry->d_type == DT_REG || entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
      if (may_matter && name != "." && name != "..")
        names.push_back({static_cast<std::uint64_t>(entry->d_ino), std::string(name)});
    }
    if (errno != 0) refuse(path, errno);
    std::ranges::sort(names, {}, &Name::inode);
    return names;
  }

  void meet(std::string path, const Parent& parent, const std::string& name) {
    struct stat about {};
    if (::fstatat(parent.fd, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT) refuse(path, errno);  // what is gone cannot execute
      return;
    }
    if (S_ISDIR(about.st_mode)) {
      pending_.push_back({std::move(path), identity::state_of(about).key, parent.device, parent.open_to_all});
    } else if (S_ISREG(about.st_mode)) {
      take_file(std::move(path), about, parent.open_to_all);
    }
  }

  void take_file(std::string path, const struct stat& about, bool open_to_all) {
    if (options_.root.size() + path.size() >= PATH_MAX) {
      const std::size_t size = path.size();
      sink_.left_out({std::move(path), Reason::long_path, fmt::format("{} bytes", size)});
      return;
    }
    going_ = sink_.file({std::move(path), identity::state_of(about), about.st_nlink, open_to_all});
  }

  const WalkOptions& options_;
  WalkSink& sink_;
  std::vector<Folder> pending_;
  bool going_ = true;
};

}  // namespace

std::string_view foreign_filesystem(std::uint64_t type) noexcept {
  for (const Filesystem& one : kForeign)
    if (one.type == type) return one.name;
  return {};
}

void walk(const std::string& start, const WalkOptions& options, WalkSink& sink) {
  Walk(options, sink).begin(start);
}

}  // namespace bansoko::scan
