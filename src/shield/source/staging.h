// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::source {

/// A folder that is filled aside and then takes another's place at once. It goes away unless it has.
class Staging {
 public:
  /// Makes FOLDER/.NAME.new, empty. Fails while another import of any source is under way.
  static Result<Staging> open(const std::string& folder, const std::string& name);
  Staging(Staging&& other) noexcept;
  Staging& operator=(Staging&&) = delete;
  ~Staging();

  const std::string& path() const noexcept { return path_; }
  Result<> write(const std::string& file, std::string_view text) const;
  /// Takes the place of FOLDER/NAME. True: one was there.
  Result<bool> commit();

 private:
  Staging(UniqueFd lock, std::string path, std::string target)
      : lock_(std::move(lock)), path_(std::move(path)), target_(std::move(target)) {}

  UniqueFd lock_;
  std::string path_;
  std::string target_;
};

}  // namespace bansoko::source
