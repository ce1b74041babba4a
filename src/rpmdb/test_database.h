// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace bansoko::rpmdb {

/// Numbers for tests, in either order of bytes.
inline std::string number(std::uint64_t value, std::size_t size, bool big) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t shift = 8 * (big ? size - 1 - i : i);
    bytes += static_cast<char>(value >> shift & 0xffU);
  }
  return bytes;
}

struct TestTag {
  std::uint32_t tag = 0;
  std::uint32_t type = 6;
  std::string bytes = {};
  std::uint32_t count = 1;
};

inline std::string header_blob(const std::vector<TestTag>& tags) {
  std::string index, data;
  for (const TestTag& one : tags) {
    index += number(one.tag, 4, true) + number(one.type, 4, true) + number(data.size(), 4, true) +
             number(one.count, 4, true);
    data += one.bytes + (one.type == 6 ? std::string(1, '\0') : "");
  }
  return number(tags.size(), 4, true) + number(data.size(), 4, true) + index + data;
}

inline std::string package_blob(const std::string& name, std::size_t padding = 0) {
  return header_blob({{.tag = 1000, .bytes = name},
                      {.tag = 1001, .bytes = "1.0"},
                      {.tag = 1002, .bytes = "2.el7"},
                      {.tag = 1003, .type = 4, .bytes = number(3, 4, true)},
                      {.tag = 1004, .bytes = std::string(padding, 'x')},
                      {.tag = 1011, .bytes = "CentOS"},
                      {.tag = 1022, .bytes = "x86_64"},
                      {.tag = 1044, .bytes = name + "-src-1.0-2.el7.src.rpm"},
                      {.tag = 5096, .bytes = "nodejs:18:807:bd13"}});
}

inline std::string join_texts(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += text + std::string(1, '\0');
  return joined;
}

struct TestFile {
  std::string folder = {}, name = {}, digest = {};
  std::uint16_t mode = 0100755;
  std::uint32_t flags = 0;
};

/// The header of a package with these files; digests are SHA-256.
inline std::string files_blob(const std::string& name, const std::vector<TestFile>& files) {
  std::vector<std::string> names, folders, digests;
  std::string places, modes, flags;
  for (const TestFile& file : files) {
    places += number(folders.size(), 4, true);
    modes += number(file.mode, 2, true);
    flags += number(file.flags, 4, true);
    names.push_back(file.name);
    folders.push_back(file.folder);
    digests.push_back(file.digest);
  }
  const auto count = static_cast<std::uint32_t>(files.size());
  return header_blob({{.tag = 1000, .bytes = name},
                      {.tag = 1001, .bytes = "1.0"},
                      {.tag = 1002, .bytes = "2.el9"},
                      {.tag = 1030, .type = 3, .bytes = modes, .count = count},
                      {.tag = 1035, .type = 8, .bytes = join_texts(digests), .count = count},
                      {.tag = 1037, .type = 4, .bytes = flags, .count = count},
                      {.tag = 1116, .type = 4, .bytes = places, .count = count},
                      {.tag = 1117, .type = 8, .bytes = join_texts(names), .count = count},
                      {.tag = 1118, .type = 8, .bytes = join_texts(folders), .count = count},
                      {.tag = 5011, .type = 4, .bytes = number(8, 4, true)}});
}

/// A hash of Berkeley DB with one page of items; values that do not fit are in overflow pages.
inline std::string berkeley_file(const std::vector<std::string>& blobs, bool big = false) {
  constexpr std::size_t kPage = 4096, kHead = 26;
  const auto head = [&](std::size_t self, std::size_t next, std::size_t entries, std::size_t high,
                        char type) {
    return std::string(8, '\0') + number(self, 4, big) + number(0, 4, big) + number(next, 4, big) +
           number(entries, 2, big) + number(high, 2, big) + std::string(1, '\0') + type;
  };
  std::vector<std::string> items{std::string("\1\0\0\0\0", 5), std::string("\1\0\0\0\7", 5)}, chains;
  for (const std::string& blob : blobs) {
    items.push_back("\1" + number(items.size() / 2, 4, big));
    if (blob.size() < 400) {
      items.push_back("\1" + blob);
      continue;
    }
    items.push_back("\3" + std::string(3, '\0') + number(2 + chains.size(), 4, big) +
                    number(blob.size(), 4, big));
    for (std::size_t at = 0; at < blob.size(); at += kPage - kHead) {
      const std::string part = blob.substr(at, kPage - kHead);
      const bool last = at + part.size() == blob.size();
      std::string page = head(2 + chains.size(), last ? 0 : 3 + chains.size(), 1, part.size(), 7) + part;
      page.resize(kPage);
      chains.push_back(page);
    }
  }
  std::string meta = std::string(8, '\0') + number(0, 4, big) + number(0x061561, 4, big) + number(9, 4, big) +
                     number(kPage, 4, big) + std::string("\0\10\0\0", 4) + number(0, 4, big) +
                     number(1 + chains.size(), 4, big);
  meta.resize(kPage);
  std::string page = head(1, 0, items.size(), 0, 13);
  page.resize(kPage);
  std::size_t end = kPage;
  for (std::size_t i = 0; i < items.size(); ++i) {
    end -= items[i].size();
    page.replace(end, items[i].size(), items[i]);
    page.replace(kHead + 2 * i, 2, number(end, 2, big));
  }
  std::string file = meta + page;
  for (const std::string& one : chains) file += one;
  return file;
}

inline std::string ndb_file(const std::vector<std::string>& blobs) {
  std::string slots =
      "RpmP" + number(0, 4, false) + number(1, 4, false) + number(1, 4, false) + std::string(16, '\0');
  std::string body;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    std::string blob =
        "BlbS" + number(i + 1, 4, false) + number(1, 4, false) + number(blobs[i].size(), 4, false) + blobs[i];
    blob.resize((blob.size() + 12 + 15) / 16 * 16 - 12);
    std::uint32_t a = 1, b = 0;
    for (const char c : blob) {
      a = (a + static_cast<unsigned char>(c)) % 65521;
      b = (b + a) % 65521;
    }
    blob += number(b << 16U | a, 4, false) + number(blobs[i].size(), 4, false) + "BlbE";
    slots += "Slot" + number(i + 1, 4, false) + number((4096 + body.size()) / 16, 4, false) +
             number(blob.size() / 16, 4, false);
    body += blob;
  }
  while (slots.size() < 4096) slots += "Slot" + std::string(12, '\0');
  return slots + body;
}

/// What SQLite writes after `statements`, blobs of package_blob() bound to their "?".
inline std::string sqlite_file(const std::vector<std::string>& statements) {
  sqlite3* handle = nullptr;
  ::sqlite3_open(":memory:", &handle);
  for (const std::string& sql : statements) {
    sqlite3_stmt* statement = nullptr;
    ::sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr);
    const std::string blob = package_blob("bash");
    if (::sqlite3_bind_parameter_count(statement) == 1)
      ::sqlite3_bind_blob(statement, 1, blob.data(), static_cast<int>(blob.size()), SQLITE_TRANSIENT);
    ::sqlite3_step(statement);
    ::sqlite3_finalize(statement);
  }
  sqlite3_int64 size = 0;
  unsigned char* const bytes = ::sqlite3_serialize(handle, "main", &size, 0);
  std::string file(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  ::sqlite3_free(bytes);
  ::sqlite3_close(handle);
  return file;
}

}  // namespace bansoko::rpmdb
