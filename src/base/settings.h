// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace bansoko::settings {

/// What is wrong in a settings file, where it stands, and what would be valid there.
struct Fault {
  std::string file;
  std::uint32_t line = 0;    // from 1; 0: the file as a whole
  std::uint32_t column = 0;  // from 1
  std::string key;           // "shield.streams.memory"; may be empty
  std::string message;
  std::string valid;  // may be empty
};

/// "/etc/bansoko/bansoko.yaml:12:13: shield.streams.memory: '8 GiB' is more than 4 GiB (valid: ...)".
std::string to_text(const Fault& fault);

using Faults = std::vector<Fault>;
using Words = std::map<std::string, std::string, std::less<>>;

/// One of the words a setting may be.
template <class E>
struct Choice {
  std::string_view name;
  E value;
};

enum class Unit : std::uint8_t { none, bytes, nanoseconds };

/// The whole numbers a setting may be, all counted in `unit`.
struct Allowed {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  Unit unit = Unit::none;
  std::uint64_t step = 1;  // only multiples of it
};

/// One mapping of the file. A program describes each of its settings once, by a function that binds a
/// struct's fields to a Section; reading a file, writing the settings in force and writing the
/// commented default file all run that one description.
class Section {
 public:
  using Bind = std::function<void(Section&)>;
  using BindNamed = std::function<void(const std::string& name, Section&)>;

  virtual ~Section() = default;

  virtual void text(std::string_view key, std::string& value, std::string_view help) = 0;
  virtual void flag(std::string_view key, bool& value, std::string_view help) = 0;
  virtual void list(std::string_view key, std::vector<std::string>& value, std::string_view help) = 0;
  /// What the file names is added to the defaults, or stands in their place.
  virtual void map(std::string_view key, Words& value, std::string_view help) = 0;
  virtual void sub(std::string_view key, std::string_view help, const Bind& bind) = 0;
  /// Groups of settings under names that the file chooses; `bind(section, value)` binds one of them. By
  /// default there are none.
  template <class T, class BindOne>
  void groups(std::string_view key, std::map<std::string, T, std::less<>>& values, std::string_view help,
              const BindOne& bind) {
    std::vector<std::string> names;
    names.reserve(values.size());
    for (const auto& entry : values) names.push_back(entry.first);
    named_groups(key, names, help,
                 [&](const std::string& name, Section& inner) { bind(inner, values[name]); });
  }
  /// A demand between settings, made after they are bound. `key` is where to point when it is not met;
  /// "vars.A" is an entry of the map "vars".
  virtual void require(std::string_view key, bool met, std::string_view message) = 0;

  template <class T>
  void number(std::string_view key, T& value, std::uint64_t least, std::uint64_t most,
              std::string_view help) {
    bind_number(key, value, {.least = least, .most = most}, help);
  }

  /// In bytes; the file may say "64 MiB".
  template <class T>
  void size(std::string_view key, T& value, std::uint64_t least, std::uint64_t most, std::string_view help) {
    bind_number(key, value, {.least = least, .most = most, .unit = Unit::bytes}, help);
  }

  /// The file says "30 s" or "5 min".
  template <class Rep, class Period>
  void duration(std::string_view key, std::chrono::duration<Rep, Period>& value,
                std::type_identity_t<std::chrono::duration<Rep, Period>> least,
                std::type_identity_t<std::chrono::duration<Rep, Period>> most, std::string_view help) {
    using Duration = std::chrono::duration<Rep, Period>;
    const auto count = [](Duration d) {
      return static_cast<std::uint64_t>(std::chrono::nanoseconds(d).count());
    };
    const Allowed allowed{count(least), count(most), Unit::nanoseconds, count(Duration(1))};
    std::uint64_t whole = count(value);
    whole_number(key, whole, allowed, help);
    value = Duration(static_cast<Rep>(whole / allowed.step));
  }

  template <class E, std::size_t N>
  void choice(std::string_view key, E& value, const std::array<Choice<E>, N>& choices,
              std::string_view help) {
    std::array<std::string_view, N> names;
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < N; ++i) {
      names[i] = choices[i].name;
      if (choices[i].value == value) chosen = i;
    }
    one_of(key, chosen, names, help);
    value = choices[chosen].value;
  }

 private:
  virtual void whole_number(std::string_view key, std::uint64_t& value, const Allowed& allowed,
                            std::string_view help) = 0;
  virtual void one_of(std::string_view key, std::size_t& chosen, std::span<const std::string_view> names,
                      std::string_view help) = 0;
  virtual void named_groups(std::string_view key, std::span<const std::string> names, std::string_view help,
                            const BindNamed& bind) = 0;

  template <class T>
  void bind_number(std::string_view key, T& value, const Allowed& allowed, std::string_view help) {
    std::uint64_t whole = value;
    whole_number(key, whole, allowed, help);
    value = static_cast<T>(whole);
  }
};

inline constexpr std::size_t kMaxFileSize = 1U << 20U;

/// One program's part of the settings file.
struct Part {
  std::string_view name;  // "shield"
  std::string_view help;
  Section::Bind bind;
};

/// Reads `part` out of a file's text. Parts named in `others` belong to other programs and are left
/// alone; anything else at the top is a fault. All faults are reported, not only the first; what is at
/// fault keeps its default. True if there were none.
bool read(std::string_view text, std::string_view file, const Part& part,
          std::span<const std::string_view> others, Faults& faults);

enum class Comments : std::uint8_t { none, all };

/// The part as YAML that reads back to the same settings; with Comments::all each has its explanation.
std::string write(const Part& part, Comments comments);

}  // namespace bansoko::settings
