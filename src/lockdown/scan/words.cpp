// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/words.h"

#include <array>

namespace bansoko::scan {
namespace {

struct Words {
  std::string_view en, ja;
};

std::string_view pick(const Words& words, Lang lang) noexcept {
  return lang == Lang::ja ? words.ja : words.en;
}

}  // namespace

std::string_view words_of(Suspicion suspicion, Lang lang) noexcept {
  constexpr std::array<Words, kSuspicions> kWords{{
      {"malware, as the scanner says", "スキャナーがマルウェアと判定"},
      {"not as the package's record says", "パッケージの記録と異なる"},
      {"setuid or setgid, and not as a package has it", "setuid/setgid で、パッケージのものではない"},
      {"in a folder of the system, of no package", "システムのフォルダーにあり、どのパッケージにも属さない"},
      {"in a folder for temporary files", "一時ファイル用のフォルダーにある"},
      {"hidden in a folder of the system", "システムのフォルダーに隠されている"},
      {"anybody may write it, or a folder above it",
       "誰でも書き込める（または上位のフォルダーに書き込める）"},
      {"its package has no record of its content", "パッケージに内容の記録がない"},
      {"a package's configuration file that was changed", "変更されたパッケージの設定ファイル"},
      {"recent", "最近変更された"},
  }};
  return pick(kWords.at(static_cast<std::size_t>(suspicion)), lang);
}

std::string_view words_of(Reason reason, Lang lang) noexcept {
  constexpr std::array<Words, kReasons> kWords{{
      {"could not be read", "読み取れなかった"},
      {"too large", "大きすぎる"},
      {"changed while it was read", "読み取り中に変更された"},
      {"path too long", "パスが長すぎる"},
      {"filesystem not looked at", "対象外のファイルシステム"},
      {"the lockdown's own state", "ロックダウン自身の状態"},
  }};
  return pick(kWords.at(static_cast<std::size_t>(reason)), lang);
}

std::string_view words_of(identity::FileKind kind, Lang lang) noexcept {
  constexpr std::array<Words, identity::kFileKinds> kWords{{
      {"empty", "空"},
      {"code by name or by mode", "名前または権限によるコード"},
      {"programs and libraries", "プログラムとライブラリー"},
      {"kernel modules and objects", "カーネルモジュールとオブジェクト"},
      {"scripts", "スクリプト"},
      {"byte code", "バイトコード"},
      {"archives of code", "コードのアーカイブ"},
      {"programs of other systems", "他システムのプログラム"},
  }};
  return pick(kWords.at(static_cast<std::size_t>(kind)), lang);
}

Standing standing_of(trust::Match match) noexcept {
  switch (match) {
    case trust::Match::strong:
      return Standing::package_sha256;
    case trust::Match::weak:
      return Standing::package_md5;
    case trust::Match::altered:
    case trust::Match::config_changed:
      return Standing::changed;
    case trust::Match::no_record:
      return Standing::unverified;
    case trust::Match::unowned:
      break;
  }
  return Standing::unpackaged;
}

std::string_view words_of(Standing standing, Lang lang) noexcept {
  constexpr std::array<Words, kStandings> kWords{{
      {"as packaged (SHA-256)", "パッケージどおり (SHA-256)"},
      {"as packaged (MD5: weaker)", "パッケージどおり (MD5: 弱い)"},
      {"changed", "変更あり"},
      {"no record", "記録なし"},
      {"of no package", "パッケージ外"},
  }};
  return pick(kWords.at(static_cast<std::size_t>(standing)), lang);
}

}  // namespace bansoko::scan
