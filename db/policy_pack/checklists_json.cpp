#include "db/policy_pack/checklists_json.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace retour::policy_pack {

namespace {

using nlohmann::json;

/// How many entries a list may have.
struct Count {
  std::size_t min = 0;
  std::size_t max = 0;
};

class Reader {
 public:
  explicit Reader(Faults& faults) : m_faults(faults) {}

  std::vector<Checklist> checklists(const json& section) {
    return list<Checklist>(section, "checklists", {0, checklists_max},
                           [this](const json& one, const std::string& path) { return checklist(one, path); });
  }

 private:
  Checklist checklist(const json& object, const std::string& path) {
    only(object, path, {"id", "categories", "questions"});
    Checklist checklist;
    checklist.id = code(object, path, "id");
    checklist.categories = list<std::string>(
        field(object, "categories"), path + ".categories", {1, checklist_categories_max},
        [this](const json& one, const std::string& at) { return text(one, at, checklist_words_bytes_max); });
    checklist.questions =
        list<ChecklistQuestion>(field(object, "questions"), path + ".questions", {1, checklist_questions_max},
                                [this](const json& one, const std::string& at) { return question(one, at); });
    return checklist;
  }

  ChecklistQuestion question(const json& object, const std::string& path) {
    only(object, path, {"id", "words", "answers"});
    ChecklistQuestion question;
    question.id = code(object, path, "id");
    question.words = words(field(object, "words"), path + ".words");
    question.answers =
        list<ChecklistAnswer>(field(object, "answers"), path + ".answers", {2, checklist_answers_max},
                              [this](const json& one, const std::string& at) { return answer(one, at); });
    return question;
  }

  ChecklistAnswer answer(const json& object, const std::string& path) {
    only(object, path, {"id", "words", "grade", "disposition", "department"});
    ChecklistAnswer answer;
    answer.id = code(object, path, "id");
    answer.words = words(field(object, "words"), path + ".words");
    const auto grade = parse_grade(code(object, path, "grade"));
    if (!grade || *grade == Grade::ungraded) fault(path + ".grade", "is no grade that an answer can give");
    answer.grade = grade.value_or(Grade::unsellable);
    const auto disposition = parse_disposition(code(object, path, "disposition"));
    if (!disposition || *disposition == Disposition::undecided) {
      fault(path + ".disposition", "is no place where goods can go");
    }
    answer.disposition = disposition.value_or(Disposition::hold);
    if (object.is_object() && object.contains("department")) answer.department = code(object, path, "department");
    return answer;
  }

  ChecklistWords words(const json& object, const std::string& path) {
    only(object, path, {"en", "zh"});
    return {text(field(object, "en"), path + ".en", checklist_words_bytes_max),
            text(field(object, "zh"), path + ".zh", checklist_words_bytes_max)};
  }

  // ---- pieces ----
  void fault(const std::string& path, const std::string& reason) { m_faults.push_back({path, reason}); }

  static const json& field(const json& object, const char* name) {
    static const json missing;
    return object.is_object() && object.contains(name) ? object.at(name) : missing;
  }

  void only(const json& object, const std::string& path, std::set<std::string> known) {
    if (!object.is_object()) return fault(path, "is not an object");
    for (const auto& [name, value] : object.items()) {
      if (!known.contains(name)) fault(path + "." + name, "is not known to this version");
    }
  }

  std::string text(const json& value, const std::string& path, std::size_t bytes_max) {
    if (value.is_string()) {
      const auto& words = value.get_ref<const std::string&>();
      if (!words.empty() && words.size() <= bytes_max) return words;
    }
    fault(path, "is not a text of 1 to " + std::to_string(bytes_max) + " bytes");
    return {};
  }

  std::string code(const json& object, const std::string& path, const char* name) {
    return text(field(object, name), path + "." + name, checklist_code_bytes_max);
  }

  static const std::string& id_of(const std::string& category) { return category; }
  static const std::string& id_of(const auto& value) { return value.id; }

  template <class T>
  std::vector<T> list(const json& value, const std::string& path, Count count, auto read_one) {
    std::vector<T> values;
    if (!value.is_array()) return fault(path, "is not a list"), values;
    if (value.size() < count.min || value.size() > count.max) {
      fault(path, "has " + std::to_string(value.size()) + " entries; " + std::to_string(count.min) + " to " +
                      std::to_string(count.max) + " are expected");
      return values;
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < value.size(); ++i) {
      values.push_back(read_one(value[i], path + "[" + std::to_string(i) + "]"));
      const std::string& id = id_of(values.back());
      if (!id.empty() && !ids.insert(id).second) fault(path, "has \"" + id + "\" twice");
    }
    return values;
  }

  std::vector<Fault>& m_faults;
};

}  // namespace

std::vector<Checklist> read_checklists(const json& section, Faults& faults) {
  return Reader(faults).checklists(section);
}

}  // namespace retour::policy_pack
