// The hub's service as stores call it: every call has one answer, waiting ones too, whatever goes wrong at it or at
// others.
#include <boost/test/unit_test.hpp>

#include "sync/protocol/message_codec.hpp"
#include "tests/support/hub_world.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

/// What a caller was told; more than one reply is a fault.
struct Call {
  std::vector<transport::Reply> replies;

  bool waits() const { return replies.empty(); }
  int status() const { return replies.size() == 1 ? replies[0].status : -1; }
  std::string error() const { return protocol::decode_error(replies.at(0).body).code; }
  protocol::PullReply pulled() const { return protocol::decode<protocol::PullReply>(replies.at(0).body); }
};
using CallPtr = std::shared_ptr<Call>;

/// A clock that can fail, with an exception that is none of ours.
class BrokenClock final : public ports::Clock {
 public:
  explicit BrokenClock(ports::Clock& inner) : m_inner(inner) {}
  std::int64_t now_ms() override {
    if (broken) throw std::runtime_error("the clock has stopped");
    return m_inner.now_ms();
  }
  bool broken = false;

 private:
  ports::Clock& m_inner;
};

struct ServiceWorld : HubWorld {
  FakeNode& anna = join("anna");
  FakeNode& bert = join("bert");
  FakeNode& cleo = join("cleo");
  BrokenClock service_clock{clock};
  BrokenClock broken_clock{clock};
  std::optional<hub::HubService> service;
  hub::HubService::Bulk bulk = [](const auto&, auto&&, const auto&) {
    throw std::runtime_error("the shelf fell down");
  };
  const std::string customer = customer_of_catchment(1, 3);  // anna is her home

  ServiceWorld() {
    hub_clock = &broken_clock;
    kill();
    service.emplace(hub(), service_clock,
                    [this](const hub::NodeRow& node, transport::Request&& request,
                           const hub::HubService::Answer& answer) { bulk(node, std::move(request), answer); });
    import(web_order("1", customer, {{ "A", 3 }}));
    for (FakeNode* node : {&anna, &bert, &cleo}) node->sync();
  }

  void import(const ports::SourceItem& item) {
    service->with_hub([&](hub::Hub& hub) { hub.import(std::span(&item, 1)); });
  }
  std::string serial_of(const FakeNode& node) {
    hub::View view(store());
    return store().node(node.id)->serial;
  }
  transport::Request request_of(const FakeNode& node, const std::string& method, const std::string& path,
                                Bytes body = {}) {
    return {.method = method,
            .path = "/sync/v1/" + path,
            .body = std::move(body),
            .peer = node.id,
            .peer_serial = serial_of(node)};
  }
  CallPtr call(transport::Request&& request) {
    auto made = std::make_shared<Call>();
    service->handle(std::move(request),
                    [made](transport::Reply&& reply) { made->replies.push_back(std::move(reply)); });
    return made;
  }
  transport::Request pull_of(const FakeNode& node, std::int64_t wait_ms) {
    return request_of(node, "POST", "pull",
                      protocol::encode(protocol::PullRequest{
                          .node = node.id, .cursors = node.cursors, .today = node.today, .wait_ms = wait_ms}));
  }
  CallPtr wait(const FakeNode& node, std::int64_t wait_ms = 50'000) {
    CallPtr made = call(pull_of(node, wait_ms));
    BOOST_TEST_REQUIRE(made->waits());
    return made;
  }
  CallPtr push(const FakeNode& node) {
    return call(request_of(node, "POST", "push", protocol::encode(node.batch())));
  }
  /// As a damaged disk or a foreign hand would, beside the running hub.
  void change(const std::string& sql, const FakeNode& node) {
    sqlite::Database other = sqlite::Database::open(file(), {.application_id = hub::hub_application_id});
    other.statement(sql).bind(1, node.id).run();
  }
  void spoil_messages_of(const FakeNode& node) {
    bert.refer(customer, "A", 1);  // a recall goes out to anna, a decision to bert
    bert.push();
    change("UPDATE outgoing SET body = x'ff' WHERE node_id = ?", node);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_service_tests, ServiceWorld)

BOOST_AUTO_TEST_CASE(a_call_that_waits_is_answered_by_the_news_it_waits_for) {
  const CallPtr of_anna = wait(anna), of_cleo = wait(cleo);
  bert.refer(customer, "A", 1);
  BOOST_TEST(push(bert)->status() == 200);
  BOOST_TEST_REQUIRE(of_anna->status() == 200);
  BOOST_TEST(of_anna->pulled().recalls.size() == 1u);
  BOOST_TEST(of_cleo->waits());
  BOOST_TEST(service->waiting() == 1u);
}

BOOST_AUTO_TEST_CASE(orders_that_come_answer_everybody_who_waits) {
  const CallPtr of_anna = wait(anna), of_bert = wait(bert);
  import(web_order("2", "", {{ "A", 1 }}));
  for (const CallPtr& waited : {of_anna, of_bert}) {
    BOOST_TEST_REQUIRE(waited->status() == 200);
    BOOST_TEST(waited->pulled().orders.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_call_for_which_nothing_comes_is_answered_when_its_time_is_over) {
  const CallPtr of_anna = wait(anna, 10'000), of_bert = wait(bert, 20'000);
  clock.advance(10'000);
  service->tick();
  BOOST_TEST_REQUIRE(of_anna->status() == 200);
  BOOST_TEST(of_anna->pulled().orders.empty());
  BOOST_TEST(of_bert->waits());
  service->peer_gone(bert.id);
  BOOST_TEST(service->waiting() == 0u);
  BOOST_TEST(of_bert->waits());  // nobody is there any more to be told
}

BOOST_AUTO_TEST_CASE(a_store_that_is_shut_out_while_it_waits_gets_no_more_news) {
  const CallPtr of_anna = wait(anna), of_bert = wait(bert), of_cleo = wait(cleo);
  change("UPDATE node SET revoked = 1 WHERE node_id = ?", anna);
  change("UPDATE node SET serial = 'of a new certificate' WHERE node_id = ?", bert);
  import(web_order("2", customer, {{ "A", 1 }}));
  BOOST_TEST(of_cleo->status() == 200);
  BOOST_TEST(of_anna->status() == 403);
  BOOST_TEST(of_bert->status() == 403);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_refused_while_it_waits_is_told_why) {
  const CallPtr of_anna = wait(anna), of_bert = wait(bert), of_cleo = wait(cleo);
  change("UPDATE node SET revoked = 1 WHERE node_id = ?", anna);
  change("UPDATE node SET serial = 'of a new certificate' WHERE node_id = ?", bert);
  service->tick();
  BOOST_TEST_REQUIRE(of_anna->status() == 403);
  BOOST_TEST(of_anna->error() == "certificate_revoked");
  BOOST_TEST_REQUIRE(of_bert->status() == 403);
  BOOST_TEST(of_bert->error() == "certificate_replaced");
  BOOST_TEST(of_cleo->waits());
  BOOST_TEST(!hub().reachable(anna.id));
  BOOST_TEST(call(pull_of(bert, 0))->status() == 200);  // the machine with the new certificate
  transport::Request stale = pull_of(bert, 0);
  stale.peer_serial = "of the old one";
  BOOST_TEST(call(std::move(stale))->status() == 403);
  BOOST_TEST(hub().reachable(bert.id));
}

BOOST_AUTO_TEST_CASE(who_calls_again_while_a_call_waits_is_answered_on_the_new_one) {
  const CallPtr first = wait(anna), second = wait(anna);
  BOOST_TEST_REQUIRE(first->status() == 409);
  BOOST_TEST(first->error() == "called_again");
  import(web_order("2", "", {{ "A", 1 }}));
  BOOST_TEST(second->status() == 200);
}

BOOST_AUTO_TEST_CASE(a_stranger_learns_nothing_but_that_a_certificate_is_missing) {
  for (const char* path : {"pull", "push", "enrol", "manifest", "chunk/00"}) {
    for (const char* method : {"GET", "POST"}) {
      if (std::string(method) + path == "POSTenrol") continue;
      const CallPtr made = call({.method = method, .path = std::string("/sync/v1/") + path});
      BOOST_TEST_REQUIRE(made->status() == 401, method << " " << path);
      BOOST_TEST(made->error() == "certificate_missing");
    }
  }
}

BOOST_AUTO_TEST_CASE(whatever_a_call_runs_into_is_its_one_answer_and_the_next_call_goes_on) {
  const auto fails = [](const CallPtr& made) {
    BOOST_TEST_REQUIRE(made->status() == 500);
    BOOST_TEST(made->error() == "hub_failed");
  };
  fails(call(request_of(anna, "GET", "manifest")));
  service_clock.broken = true;
  fails(call(pull_of(anna, 50'000)));  // it would wait, and nobody knows until when
  BOOST_TEST(service->waiting() == 0u);
  BOOST_CHECK_THROW(service->tick(), std::runtime_error);
  service_clock.broken = false;
  anna.append(StockMoved{"A", Bucket::sellable, -1, "write_off"});
  broken_clock.broken = true;
  fails(push(anna));
  fails(call(pull_of(anna, 0)));
  fails(call({.method = "POST",
              .path = "/sync/v1/enrol",
              .body = protocol::encode(protocol::EnrolRequest{.token = "t", .csr_pem = "c"})}));
  broken_clock.broken = false;
  BOOST_TEST(push(anna)->status() == 200);
  BOOST_TEST(wait(anna)->waits());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_of_one_store_is_told_to_it_and_the_others_have_their_news) {
  const CallPtr of_anna = wait(anna), of_bert = wait(bert), of_cleo = wait(cleo);
  spoil_messages_of(anna);
  import(web_order("2", "", {{ "A", 1 }}));
  BOOST_TEST(of_cleo->status() == 200);
  BOOST_TEST(of_bert->status() == 200);
  BOOST_TEST_REQUIRE(of_anna->status() == 503);
  BOOST_TEST(of_anna->error() == "hub_in_trouble");
  // Nor is the store whose call brings the news told of it.
  BOOST_TEST(call(pull_of(bert, 0))->status() == 200);
  BOOST_TEST(call(pull_of(anna, 0))->status() == 503);
}

BOOST_AUTO_TEST_CASE(a_batch_that_the_hub_stumbles_over_keeps_no_other_from_being_taken) {
  for (FakeNode* node : {&anna, &bert, &cleo}) node->append(StockMoved{"A", Bucket::sellable, -1, "write_off"});
  change("UPDATE node SET certificate_pem = 'no longer one', serial = 'new' WHERE node_id = ?", bert);
  CallPtr of_bert, of_cleo;
  auto of_anna = std::make_shared<Call>();
  // While anna is answered the other two gather and share a commit.
  service->handle(request_of(anna, "POST", "push", protocol::encode(anna.batch())), [&](transport::Reply&& reply) {
    of_anna->replies.push_back(std::move(reply));
    of_bert = push(bert);
    of_cleo = push(cleo);
  });
  BOOST_TEST(of_anna->status() == 200);
  BOOST_TEST(of_bert->status() == 503);
  BOOST_TEST(of_cleo->status() == 200);
}

BOOST_AUTO_TEST_CASE(while_orders_are_packed_for_one_store_the_others_push_and_pull) {
  anna.append(StockMoved{"A", Bucket::sellable, -1, "write_off"});
  CallPtr pushed, pulled;
  bulk = [&](const hub::NodeRow& node, transport::Request&& request, const hub::HubService::Answer& answer) {
    BOOST_TEST((node.node == cleo.id));
    pushed = push(anna);
    pulled = call(pull_of(bert, 0));
    answer({200, Bytes(request.path.begin(), request.path.end())});
  };
  const CallPtr packed = call(request_of(cleo, "GET", "manifest"));
  BOOST_TEST_REQUIRE(packed->status() == 200);
  BOOST_TEST(std::string(packed->replies[0].body.begin(), packed->replies[0].body.end()) == "/sync/v1/manifest");
  BOOST_TEST(pushed->status() == 200);
  BOOST_TEST(pulled->status() == 200);
}

BOOST_AUTO_TEST_CASE(a_caller_whose_line_breaks_takes_nobody_s_answer_along) {
  const CallPtr of_bert = wait(bert);
  service->handle(pull_of(anna, 50'000), [](transport::Reply&&) { throw std::runtime_error("no line"); });
  import(web_order("2", "", {{ "A", 1 }}));
  BOOST_TEST(of_bert->status() == 200);
  BOOST_TEST(service->waiting() == 0u);
  for (FakeNode* node : {&anna, &bert}) node->append(StockMoved{"A", Bucket::sellable, -1, "write_off"});
  CallPtr in_the_group;
  service->handle(request_of(anna, "POST", "push", protocol::encode(anna.batch())), [&](transport::Reply&&) {
    in_the_group = push(bert);
    throw std::runtime_error("no line");
  });
  BOOST_TEST(in_the_group->status() == 200);
}

BOOST_AUTO_TEST_CASE(a_question_that_cannot_be_read_ends_no_wait_without_an_answer) {
  hub().gone(anna.id);  // so that the question stays open
  bert.refer(customer, "A", 1);
  bert.push();
  const CallPtr of_cleo = wait(cleo, 10'000);
  change("UPDATE referral SET body = x'ff' WHERE node_id = ?", bert);
  hub().contact(anna.id);  // now it is to be settled
  clock.advance(10'000);
  BOOST_CHECK_THROW(service->tick(), Error);  // for the log
  BOOST_TEST(of_cleo->status() == 503);
  BOOST_TEST(service->waiting() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
