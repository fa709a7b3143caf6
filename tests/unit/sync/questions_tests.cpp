#include "sync/hub/questions.hpp"

#include <boost/test/unit_test.hpp>

#include "pos-adapters/simulated/seeded.hpp"

using namespace retour;
using namespace retour::hub;

namespace {

struct World {
  simulated::SeededIds ids{3};
  NodeId anna = ids.make<NodeId>();
  Questions questions;
  World() { questions.begin({}); }

  ReferralRow row(std::int64_t asked_at_ms, const LookupKey& customer) {
    return {.referral_id = ids.make<ReferralId>(), .node = anna, .customer = customer, .asked_at_ms = asked_at_ms};
  }
  ReferralId add(std::int64_t asked_at_ms, const LookupKey& customer) {
    const ReferralRow made = row(asked_at_ms, customer);
    questions.add(made);
    return made.referral_id;
  }
  LookupKey customer() { return ids.make<LookupKey>(); }
  std::vector<ReferralId> all_due() {
    std::vector<ReferralId> all;
    while (const auto next = questions.next()) all.push_back(*next);
    return all;
  }
};

using Ids = std::vector<ReferralId>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(questions_tests, World)

BOOST_AUTO_TEST_CASE(new_questions_are_due_once_in_the_order_of_asking) {
  const ReferralId later = add(20, customer()), earlier = add(10, customer());
  BOOST_TEST((all_due() == Ids{earlier, later}));
  BOOST_TEST(!questions.due());
}

BOOST_AUTO_TEST_CASE(of_one_customer_the_first_is_looked_at_and_the_next_when_that_is_decided) {
  const LookupKey carl = customer();
  const ReferralId first = add(10, carl), second = add(20, carl);
  BOOST_TEST((all_due() == Ids{first}));
  questions.touch(second);  // something happened to it, but its turn has not come
  BOOST_TEST((all_due() == Ids{first}));
  questions.remove(first);
  BOOST_TEST((all_due() == Ids{second}));
  questions.remove(second);
  BOOST_TEST(all_due().empty());
}

BOOST_AUTO_TEST_CASE(one_that_was_asked_earlier_and_heard_of_later_goes_first) {
  const LookupKey carl = customer();
  const ReferralId second = add(20, carl);
  BOOST_TEST((all_due() == Ids{second}));
  const ReferralId first = add(10, carl);
  BOOST_TEST((all_due() == Ids{first}));
  add(30, carl);
  BOOST_TEST(!questions.due());
}

BOOST_AUTO_TEST_CASE(what_it_waits_for_makes_it_due_and_nothing_else_does) {
  const auto bert = ids.make<NodeId>();
  const auto transfer = ids.make<TransferId>();
  const ReferralId one = add(10, customer()), other = add(20, customer()), both = add(30, customer());
  all_due();
  questions.wait(one, occasion(bert));
  questions.wait(other, occasion(transfer));
  questions.wait(both, occasion(bert));
  questions.wait(both, occasion(transfer));
  questions.touch(occasion(anna));
  BOOST_TEST(all_due().empty());
  questions.touch(occasion(bert));
  BOOST_TEST((all_due() == Ids{one, both}));
  questions.touch(occasion(bert));
  BOOST_TEST(all_due().empty());  // whoever goes on waiting says so again
  questions.touch(occasion(transfer));
  BOOST_TEST((all_due() == Ids{other}));
}

BOOST_AUTO_TEST_CASE(a_new_question_goes_before_the_old_ones_that_a_store_comes_back_for) {
  const ReferralId old = add(10, customer());
  all_due();
  questions.wait(old, occasion(anna));
  questions.touch(occasion(anna));
  const ReferralId fresh = add(20, customer());
  BOOST_TEST((all_due() == Ids{fresh, old}));
}

BOOST_AUTO_TEST_CASE(a_question_that_ends_while_it_waits_leaves_nothing_behind) {
  const ReferralId only = add(10, customer());
  all_due();
  questions.wait(only, occasion(anna));
  questions.remove(only);
  questions.remove(only);
  questions.touch(occasion(anna));
  questions.touch(only);
  questions.wait(only, occasion(anna));
  BOOST_TEST(all_due().empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_kept_before_the_questions_of_the_store_are_known) {
  questions.forget();
  BOOST_TEST(!questions.is_known());
  add(10, customer());
  BOOST_TEST(!questions.due());
  ReferralRow open = row(20, customer()), decided = row(10, customer());
  decided.decided.emplace();
  questions.begin(std::vector{open, decided});
  BOOST_TEST((all_due() == Ids{open.referral_id}));
}

BOOST_AUTO_TEST_CASE(whatever_happens_the_first_of_each_queue_with_news_is_due_exactly_once) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world;
    simulated::Draws draws(seed);
    std::vector<LookupKey> customers;
    for (int i = 0; i < 5; ++i) customers.push_back(world.customer());
    std::map<LookupKey, std::map<std::int64_t, ReferralId>> model;  // of each customer, by time
    std::set<LookupKey> due;
    std::int64_t time = 0;
    for (int step = 0; step < 300; ++step) {
      const LookupKey& customer = customers[draws.below(customers.size())];
      auto& queue = model[customer];
      switch (draws.below(4)) {
        case 0: {
          const std::int64_t at_ms = 1'000 * static_cast<std::int64_t>(draws.below(1'000)) + ++time;
          queue[at_ms] = world.add(at_ms, customer);
          if (queue.begin()->first == at_ms) due.insert(customer);
          break;
        }
        case 1:
          if (queue.empty()) break;
          world.questions.remove(queue.begin()->second);
          queue.erase(queue.begin());
          queue.empty() ? due.erase(customer) : due.insert(customer).second;
          break;
        case 2:
          if (queue.empty()) break;
          world.questions.touch(queue.rbegin()->second);
          due.insert(customer);
          break;
        case 3: {
          std::set<ReferralId> expected;
          for (const LookupKey& waiting : due) expected.insert(model[waiting].begin()->second);
          due.clear();
          const Ids got = world.all_due();
          BOOST_TEST((std::set<ReferralId>(got.begin(), got.end()) == expected), "seed " << seed << " step " << step);
          BOOST_TEST(got.size() == expected.size());
          break;
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
