// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/signature.h"

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace bansoko::approved {
namespace {

TEST(SigningKeyFile, SignsAndIsKnownByItsPublicHalf) {
  const TemporaryFolder folder;
  const auto key = SigningKey::make(folder / "key.pem");
  ASSERT_TRUE(key) << key.error().message;
  const auto again = SigningKey::read(folder / "key.pem");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(key->public_key(), again->public_key());
  const auto signature = again->sign(as_bytes("text"));
  ASSERT_TRUE(signature);
  EXPECT_TRUE(is_signed_by(key->public_key(), as_bytes("text"), *signature));
  EXPECT_FALSE(is_signed_by(key->public_key(), as_bytes("texT"), *signature));
  EXPECT_FALSE(is_signed_by(key->public_key(), as_bytes("text"), Bytes(*signature).first(63)));
  EXPECT_FALSE(is_signed_by({}, as_bytes("text"), *signature));
}

TEST(PublicKeyText, ComesBack) {
  const TemporaryFolder folder;
  const auto key = SigningKey::make(folder / "key.pem");
  ASSERT_TRUE(key);
  const std::string pem = to_pem(key->public_key());
  EXPECT_TRUE(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
  EXPECT_EQ(*public_key_from(pem), key->public_key());
  EXPECT_EQ(fingerprint_of(key->public_key()).size(), 64U);
  EXPECT_FALSE(public_key_from(""));
  EXPECT_FALSE(public_key_from(pem.substr(0, 60)));
  EXPECT_FALSE(public_key_from(contents_of(folder / "key.pem")));
  EXPECT_FALSE(public_key_from(std::string(5000, 'x')));
}

// RFC 8032, section 7.1, test 2.
TEST(Ed25519, AgreesWithTheSpecification) {
  constexpr PublicKey kKey{0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a,
                           0xa7, 0x4d, 0x1b, 0x7e, 0xbc, 0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4,
                           0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c};
  constexpr Signature kSignature{0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f,
                                 0x64, 0x25, 0x40, 0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76,
                                 0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda, 0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99,
                                 0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c, 0x38, 0x7b, 0x2e, 0xae,
                                 0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00};
  EXPECT_TRUE(is_signed_by(kKey, as_bytes("\x72"), kSignature));
  EXPECT_FALSE(is_signed_by(kKey, as_bytes("\x73"), kSignature));
}

}  // namespace
}  // namespace bansoko::approved
