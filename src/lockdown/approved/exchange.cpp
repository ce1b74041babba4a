// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/exchange.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "lockdown/approved/list_file.h"
#include "lockdown/approved/write_number.h"

namespace bansoko::approved {
namespace {

using nlohmann::json;

constexpr std::string_view kMagic = "BNSKEXCH";
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kMaxText = 1024;
constexpr std::size_t kSignature = std::tuple_size_v<Signature>;

std::string json_of(const Manifest& manifest) {
  const json object{{"host", manifest.host.substr(0, kMaxText)},
                    {"by", manifest.by.substr(0, kMaxText)},
                    {"note", manifest.note.substr(0, kMaxText)},
                    {"exported", static_cast<std::uint64_t>(manifest.exported)},
                    {"generation", manifest.generation},
                    {"entries", manifest.entries}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>().substr(0, kMaxText)
                                                     : std::string();
}

std::uint64_t number_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

/// What cannot be shown as a time is none.
std::int64_t time_in(const json& object) {
  constexpr std::uint64_t kLatest = 253'402'300'799;  // the end of the year 9999
  const std::uint64_t seconds = number_in(object, "exported");
  return seconds > kLatest ? 0 : static_cast<std::int64_t>(seconds);
}

Result<Manifest> manifest_from(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return fail(Errc::invalid, "its manifest is no object of JSON");
  return Manifest{.host = text_in(object, "host"),
                  .by = text_in(object, "by"),
                  .note = text_in(object, "note"),
                  .exported = time_in(object),
                  .generation = number_in(object, "generation"),
                  .entries = number_in(object, "entries")};
}

Result<PublicKey> read_head(ByteReader& reader) {
  if (as_text(reader.take(kMagic.size())) != kMagic) return fail(Errc::invalid, "it is no exported list");
  const std::uint16_t version = reader.u16();
  if (reader.ok() && version != kVersion)
    return fail(Errc::unsupported, "its version is {}, this program reads {}", version, kVersion);
  PublicKey key{};
  const Bytes bytes = reader.take(key.size());
  if (!reader.ok()) return fail(Errc::invalid, "it is cut short in its head");
  std::ranges::copy(bytes, key.begin());
  return key;
}

Result<PublicKey> read_key_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail_errno("cannot look at it", errno);
  if ((status.st_mode & 022U) != 0) return fail(Errc::denied, "others than its owner may write it");
  BANSOKO_TRY(const std::string pem, read_file(path, 4096));
  return public_key_from(pem);
}

}  // namespace

Result<std::string> exchange_bytes(Manifest manifest, const List& list, const SigningKey& key) {
  manifest.generation = list.head().generation;
  manifest.entries = list.size();
  std::string bytes(kMagic);
  put_number(bytes, kVersion, 2);
  bytes += as_text(key.public_key());
  put_sized(bytes, json_of(manifest), 4);
  put_sized(bytes, list_bytes(list), 4);
  BANSOKO_TRY(const Signature signature, key.sign(as_bytes(bytes)));
  bytes += as_text(signature);
  return bytes;
}

Result<Exchange> read_unsigned(Bytes bytes) {
  ByteReader reader(bytes);
  Exchange exchange;
  BANSOKO_TRY(exchange.key, read_head(reader));
  const std::size_t manifest_size = reader.u32();
  if (manifest_size > kMaxManifest)
    return fail(Errc::invalid, "its manifest is larger than {} bytes", kMaxManifest);
  const Bytes manifest = reader.take(manifest_size);
  const Bytes list = reader.take(reader.u32());
  if (!reader.ok() || !reader.rest().empty()) return fail(Errc::invalid, "its sizes are wrong");
  BANSOKO_TRY(exchange.manifest, manifest_from(as_text(manifest)));
  BANSOKO_TRY(exchange.list, read_list(list));
  if (exchange.manifest.generation != exchange.list->head().generation ||
      exchange.manifest.entries != exchange.list->size())
    return fail(Errc::invalid, "its manifest speaks of another list");
  return exchange;
}

Result<Exchange> read_exchange(Bytes bytes, std::span<const PublicKey> accepted) {
  ByteReader reader(bytes);
  BANSOKO_TRY(const PublicKey key, read_head(reader));
  if (std::ranges::find(accepted, key) == accepted.end())
    return fail(Errc::denied, "it is signed by a key that was not accepted here, with the fingerprint {}",
                fingerprint_of(key));
  if (bytes.size() < kSignature) return fail(Errc::invalid, "it is cut short");
  const Bytes signed_part = bytes.first(bytes.size() - kSignature);
  if (!is_signed_by(key, signed_part, bytes.last(kSignature)))
    return fail(Errc::invalid, "it is damaged: its signature is wrong");
  return read_unsigned(signed_part);
}

Result<std::vector<PublicKey>> read_accepted_keys(const std::string& folder,
                                                  std::vector<std::string>& refused) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return std::vector<PublicKey>();
  BANSOKO_TRY(const auto paths, expand_glob(folder + "/*.pub"));
  std::vector<PublicKey> keys;
  for (const std::string& path : paths) {
    const auto key = read_key_file(path);
    if (key)
      keys.push_back(*key);
    else
      refused.push_back(fmt::format("{}: {}", path, key.error().message));
  }
  return keys;
}

}  // namespace bansoko::approved
