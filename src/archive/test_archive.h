// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>

namespace bansoko::archive {

/// Writes archives for tests, those that nobody should write included.
class TestArchive {
 public:
  enum class Form { tar, tar_gz, zip };

  explicit TestArchive(Form form = Form::tar) : handle_(::archive_write_new()) {
    if (form == Form::zip)
      ::archive_write_set_format_zip(handle_);
    else
      ::archive_write_set_format_pax_restricted(handle_);
    if (form == Form::tar_gz) ::archive_write_add_filter_gzip(handle_);
    ::archive_write_set_bytes_in_last_block(handle_, 1);
    ::archive_write_open(handle_, this, nullptr, append, nullptr);
  }
  TestArchive(const TestArchive&) = delete;
  TestArchive& operator=(const TestArchive&) = delete;
  ~TestArchive() { ::archive_write_free(handle_); }

  TestArchive& file(const std::string& path, std::string_view bytes) {
    return add(path, AE_IFREG, bytes, "");
  }
  TestArchive& folder(const std::string& path) { return add(path, AE_IFDIR, "", ""); }
  TestArchive& symlink(const std::string& path, const std::string& to) { return add(path, AE_IFLNK, "", to); }
  TestArchive& device(const std::string& path) { return add(path, AE_IFCHR, "", ""); }
  TestArchive& hardlink(const std::string& path, const std::string& to) {
    auto* const entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, path.c_str());
    ::archive_entry_set_filetype(entry, AE_IFREG);
    ::archive_entry_set_hardlink(entry, to.c_str());
    ::archive_write_header(handle_, entry);
    ::archive_entry_free(entry);
    return *this;
  }

  std::string bytes() {
    ::archive_write_close(handle_);
    return bytes_;
  }

 private:
  static la_ssize_t append(struct ::archive*, void* self, const void* data, std::size_t size) {
    static_cast<TestArchive*>(self)->bytes_.append(static_cast<const char*>(data), size);
    return static_cast<la_ssize_t>(size);
  }

  TestArchive& add(const std::string& path, unsigned type, std::string_view bytes, const std::string& to) {
    auto* const entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, path.c_str());
    ::archive_entry_set_filetype(entry, type);
    ::archive_entry_set_perm(entry, 0644);
    ::archive_entry_set_mtime(entry, 1700000000, 0);
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    if (!to.empty()) ::archive_entry_set_symlink(entry, to.c_str());
    ::archive_write_header(handle_, entry);
    if (!bytes.empty()) ::archive_write_data(handle_, bytes.data(), bytes.size());
    ::archive_entry_free(entry);
    return *this;
  }

  struct ::archive* handle_;
  std::string bytes_;
};

}  // namespace bansoko::archive
