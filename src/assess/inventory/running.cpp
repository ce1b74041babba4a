// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/running.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "assess/inventory/lines.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxProcesses = 100'000;
constexpr std::size_t kMaxFile = std::size_t{16} << 20U;  // of /proc
constexpr std::string_view kDeleted = " (deleted)";

std::optional<std::string> read_proc(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(4096, '\0');
  std::size_t size = 0;
  while (file && size < kMaxFile) {
    if (size == text.size()) text.resize(2 * size);
    file.read(text.data() + size, static_cast<std::streamsize>(text.size() - size));
    size += static_cast<std::size_t>(file.gcount());
  }
  text.resize(size);
  return text;
}

struct Socket {
  std::string address = {};
  std::uint16_t port = 0;
  std::string protocol = {};
  std::uint32_t line = 0;
  std::string text = {};
};

/// "0100007F:0016": 32-bit numbers as they lie in this machine's memory.
bool take_endpoint(std::string_view text, Socket& socket) {
  const auto colon = text.find(':');
  if (colon != 8 && colon != 32) return false;
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < colon / 8; ++i) {
    const std::string_view part = text.substr(8 * i, 8);
    if (std::from_chars(part.data(), part.data() + 8, words[i], 16).ptr != part.data() + 8) return false;
  }
  const std::string_view port = text.substr(colon + 1);
  if (std::from_chars(port.data(), port.data() + port.size(), socket.port, 16).ec != std::errc())
    return false;
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (::inet_ntop(colon == 8 ? AF_INET : AF_INET6, words.data(), shown.data(), shown.size()) == nullptr)
    return false;
  socket.address = shown.data();
  return true;
}

/// Listening sockets by their inode.
std::map<std::string, Socket, std::less<>> listening_sockets(const fs::path& proc) {
  std::map<std::string, Socket, std::less<>> sockets;
  for (const std::string_view table : {"tcp", "tcp6", "udp", "udp6"}) {
    const std::string text = read_proc(proc / "net" / table).value_or("");
    const bool tcp = table.starts_with("tcp");
    Lines lines(text);
    while (lines.next()) {
      std::string_view rest = lines.text();
      std::array<std::string_view, 10> fields;
      for (auto& field : fields) field = take_word(rest);
      constexpr std::string_view kListen = "0A", kUnconnected = "07";
      Socket socket{
          .protocol = tcp ? "tcp" : "udp", .line = lines.number(), .text = std::string(trim(lines.text()))};
      if (fields[3] != (tcp ? kListen : kUnconnected) || !take_endpoint(fields[1], socket)) continue;
      sockets.emplace(std::string(fields[9]), std::move(socket));
    }
  }
  return sockets;
}

struct Process {
  std::string program = {};  // "sshd"
  std::string service = {};  // "ssh" of ssh.service; else the program
  bool has_unit = false;
  std::string file = {};  // that it runs from; empty: not ours to know
  bool replaced = false;  // that file is no longer there
};

/// "ssh" of "0::/system.slice/ssh.service"
std::string unit_of(std::string_view cgroups) {
  constexpr std::string_view kEnd = ".service";
  Lines lines(cgroups);
  while (lines.next()) {
    const std::string_view name = file_name(lines.text());
    if (name.ends_with(kEnd)) return std::string(name.substr(0, name.size() - kEnd.size()));
  }
  return {};
}

std::optional<Process> process_at(const fs::path& folder) {
  const auto name = read_proc(folder / "comm");
  if (!name) return std::nullopt;
  Process process;
  process.program = trim(*name);
  process.service = unit_of(read_proc(folder / "cgroup").value_or(""));
  process.has_unit = !process.service.empty();
  if (!process.has_unit) process.service = process.program;
  std::error_code error;
  process.file = fs::read_symlink(folder / "exe", error).string();
  process.replaced = process.file.ends_with(kDeleted);
  if (process.replaced) process.file.resize(process.file.size() - kDeleted.size());
  return process;
}

class Running {
 public:
  Running(fs::path proc, assess::Host& host)
      : proc_(std::move(proc)), host_(host), sockets_(listening_sockets(proc_)) {}

  FilesInUse read() {
    std::error_code error;
    for (fs::directory_iterator at(proc_, error), end; !error && at != end; at.increment(error)) {
      const std::string name = at->path().filename().string();
      if (name.empty() || name.find_first_not_of("0123456789") != std::string::npos) continue;
      if (++processes_ > kMaxProcesses) break;
      take_process(at->path());
    }
    for (auto& [inode, socket] : sockets_)
      host_.listeners.push_back({.address = socket.address,
                                 .port = socket.port,
                                 .protocol = socket.protocol,
                                 .program = programs_[inode],
                                 .evidence = evidence(proc_ / "net", socket.line, socket.text)});
    tell();
    return std::move(in_use_);
  }

 private:
  static assess::Evidence evidence(const fs::path& path, std::uint32_t line, std::string_view text) {
    return evidence_of({path.string(), {}}, line, text);
  }

  void take_process(const fs::path& folder) {
    const auto process = process_at(folder);
    if (!process) return;
    take_sockets(folder, *process);
    if (process->has_unit) services_.emplace(process->service, *process);
    const auto maps = read_proc(folder / "maps");
    // Threads of the kernel have neither a program nor a map; everything else has both.
    if (!maps) {
      ++closed_;
      return;
    }
    if (!process->file.empty()) in_use_[process->file].insert(process->service);
    if (process->replaced) old_[process->file].insert(process->service);
    take_maps(*maps, *process);
  }

  void take_sockets(const fs::path& folder, const Process& process) {
    constexpr std::string_view kSocket = "socket:[";
    std::error_code error, unread;
    for (fs::directory_iterator at(folder / "fd", error), end; !error && at != end; at.increment(error)) {
      const std::string to = fs::read_symlink(at->path(), unread).string();
      if (!to.starts_with(kSocket) || !to.ends_with(']')) continue;
      const std::string inode = to.substr(kSocket.size(), to.size() - kSocket.size() - 1);
      if (!sockets_.contains(inode)) continue;
      programs_.emplace(inode, process.program);
      services_.emplace(process.service, process);
    }
  }

  /// Lines of "address perms offset device inode   /path/to/libx.so.1 (deleted)".
  void take_maps(std::string_view maps, const Process& process) {
    Lines lines(maps);
    while (lines.next()) {
      const auto at = lines.text().find('/');
      if (at == std::string_view::npos) continue;
      std::string_view path = lines.text().substr(at);
      const bool deleted = path.ends_with(kDeleted);
      if (deleted) path.remove_suffix(kDeleted.size());
      const std::string_view name = file_name(path);
      if (!name.ends_with(".so") && name.find(".so.") == std::string_view::npos) continue;
      (deleted ? old_ : in_use_)[std::string(path)].insert(process.service);
    }
  }

  void tell() {
    for (const auto& [service, process] : services_) {
      assess::Component made{.kind = assess::ComponentKind::service, .name = kept_text(service, 200)};
      made.running = true;
      made.evidence = evidence(proc_, 0, process.file.empty() ? process.program : process.file);
      host_.components.push_back(std::move(made));
    }
    for (const auto& [path, services] : old_) {
      const std::string text = fmt::format("{}", fmt::join(services, ", "));
      host_.settings.insert_or_assign(fmt::format("mapped-old:{}", kept_text(path, 4096)),
                                      assess::Setting{kept_text(text, 4096), evidence(proc_, 0, path)});
    }
    if (closed_ != 0)
      note(host_, assess::Gap::unreadable,
           fmt::format("{} of {} processes may not be looked into: run as root", closed_, processes_),
           evidence(proc_, 0, ""));
  }

  fs::path proc_;
  assess::Host& host_;
  std::map<std::string, Socket, std::less<>> sockets_;
  std::map<std::string, std::string, std::less<>> programs_;  // by inode
  std::map<std::string, Process, std::less<>> services_;
  FilesInUse in_use_, old_;
  std::size_t processes_ = 0, closed_ = 0;
};

}  // namespace

FilesInUse read_running(const std::string& proc, assess::Host& host) { return Running(proc, host).read(); }

}  // namespace bansoko::inventory
