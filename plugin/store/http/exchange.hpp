#pragma once
// One HTTP exchange as our handlers see it: no library type, so that they are plain functions and easy to test.

#include <map>
#include <string>
#include <vector>

namespace retour::store {

struct Request {
  std::string method;
  std::string path;                               // as sent, for messages
  std::vector<std::string> segments = {};         // of the path, decoded: {"api", "v1", "orders"}
  std::map<std::string, std::string> query = {};  // decoded; a name given twice is refused before
  std::string body = {};                          // whole, at most body_bytes_max, or a photo
  std::string content_type = {};                  // of a photo, without parameters
};

struct Reply {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
};

}  // namespace retour::store
