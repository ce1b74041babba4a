// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <isa-l/igzip_lib.h>

#include "shield/capture/pcapfile/byte_source.h"

namespace bansoko::capture::pcapfile {
namespace {

constexpr std::size_t kPackedSize = 256U << 10U;

class Gzip final : public ByteSource {
 public:
  explicit Gzip(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)), buffer_(kPackedSize) {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP;
  }

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    if (damaged_) return fail(Errc::invalid, "the gzip data are damaged");
    state_.next_out = into.data();
    state_.avail_out = static_cast<std::uint32_t>(into.size());
    while (true) {
      if (state_.avail_in == 0 && !ended_) {
        BANSOKO_CHECK(refill());
      }
      if (state_.block_state == ISAL_BLOCK_FINISH) {
        if (state_.avail_in == 0) return into.size() - state_.avail_out;
        next_member();
      }
      const std::uint32_t waiting = state_.avail_in;
      const std::uint32_t room = state_.avail_out;
      damaged_ = isal_inflate(&state_) != ISAL_DECOMP_OK;
      if (state_.avail_out < into.size())
        return into.size() - state_.avail_out;  // what came before the damage
      if (damaged_) return fail(Errc::invalid, "the gzip data are damaged");
      const bool stuck = state_.avail_in == waiting && state_.avail_out == room;
      if (stuck && ended_ && state_.block_state != ISAL_BLOCK_FINISH)
        return fail(Errc::invalid, "the gzip data are cut short");
    }
  }

 private:
  Result<> refill() {
    BANSOKO_TRY(const std::size_t size, packed_->read(buffer_));
    state_.next_in = buffer_.data();
    state_.avail_in = static_cast<std::uint32_t>(size);
    ended_ = size == 0;
    return {};
  }

  void next_member() {
    std::uint8_t* const next_in = state_.next_in;
    const std::uint32_t avail_in = state_.avail_in;
    isal_inflate_reset(&state_);
    state_.next_in = next_in;
    state_.avail_in = avail_in;
    state_.crc_flag = ISAL_GZIP;
  }

  std::unique_ptr<ByteSource> packed_;
  std::vector<std::uint8_t> buffer_;
  inflate_state state_{};
  bool ended_ = false;
  bool damaged_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> unpack_gzip(std::unique_ptr<ByteSource> packed) {
  return std::make_unique<Gzip>(std::move(packed));
}

}  // namespace bansoko::capture::pcapfile
