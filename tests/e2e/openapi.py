"""An OpenAPI document held against the replies of a running program: each reply is checked, and what never came is told."""

import json
import re

# Any path may answer these: what they mean stands in the document's description, with their codes.
GENERAL = {"400", "403", "405", "413", "415", "500", "503"}


class Schema:
    """The part of JSON Schema that the document uses; an unknown keyword fails, so that nothing is passed over."""

    known = {"type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "minimum", "maximum",
             "minItems", "maxItems", "maxLength", "anyOf", "$ref", "description", "default"}
    types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}

    def __init__(self, schemas):
        self.schemas = schemas

    def check(self, schema, value, where):
        unknown = set(schema) - self.known
        assert not unknown, f"{where}: keywords this test does not know: {unknown}"
        if "$ref" in schema:
            return self.check(self.schemas[schema["$ref"].rsplit("/", 1)[1]], value, where)
        if "anyOf" in schema:
            return self.check_any(schema["anyOf"], value, where)
        if "type" in schema:
            expected = self.types[schema["type"]]
            assert isinstance(value, expected) and not (expected is int and isinstance(value, bool)), f"{where} is {value!r}"
        assert value in schema.get("enum", [value]), f"{where} is {value!r}, not one of {schema['enum']}"
        if isinstance(value, str):
            assert re.search(schema.get("pattern", ""), value), f"{where} is {value!r}, not like {schema['pattern']}"
            assert len(value.encode()) <= schema.get("maxLength", len(value.encode())), f"{where} is {value!r}: too long"
        if isinstance(value, int) and not isinstance(value, bool):
            assert schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{where} is {value}"
        if isinstance(value, dict):
            self.check_object(schema, value, where)
        if isinstance(value, list):
            self.check_list(schema, value, where)

    def check_any(self, schemas, value, where):
        failures = []
        for schema in schemas:
            try:
                return self.check(schema, value, where)
            except AssertionError as failure:
                failures.append(str(failure))
        raise AssertionError(f"{where} fits none: {failures}")

    def check_list(self, schema, value, where):
        assert schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)), f"{where} has {len(value)} items"
        for number, item in enumerate(value):
            self.check(schema["items"], item, f"{where}[{number}]")

    def check_object(self, schema, value, where):
        properties = schema.get("properties", {})
        missing = set(schema.get("required", [])) - set(value)
        assert not missing, f"{where} lacks {missing}"
        if schema.get("additionalProperties", True) is False:
            assert set(value) <= set(properties), f"{where} has {set(value) - set(properties)}, which the document does not"
        others = schema.get("additionalProperties")
        for name, item in value.items():
            rule = properties.get(name, others if isinstance(others, dict) else None)
            if rule is not None:
                self.check(rule, item, f"{where}.{name}")


class Document:
    def __init__(self, path):
        self.text = json.loads(path.read_text(encoding="utf-8"))
        self.schema = Schema(self.text["components"]["schemas"])
        listed = re.findall(r"(\d{3}): ([a-z0-9_, ]+)\.", self.text["info"]["description"])
        self.codes = {status: set(codes.split(", ")) for status, codes in listed}
        self.seen_replies, self.seen_codes = set(), set()

    def check_request(self, method, template, body):
        operation = self.text["paths"][template][method.lower()]
        self.schema.check(operation["requestBody"]["content"]["application/json"]["schema"], body, "request")

    def check_reply(self, method, template, status, kind, value):
        """The reply is one that the document tells for this path, or one that any path may give."""
        responses, status = self.text["paths"][template][method.lower()]["responses"], str(status)
        assert status in responses or status in GENERAL, f"{method} {template} answered {status}, which the document does not tell"
        described = responses.get(status, responses["default"])["content"]
        assert kind in described, f"{method} {template} answered {status} as {kind}"
        self.schema.check(described[kind]["schema"], value, "reply")
        self.seen_replies.add((method.lower(), template, status))
        if int(status) >= 400:
            self.check_code(status, value["code"])

    def check_code(self, status, code):
        assert code in self.codes[str(status)], f"code {code} is not told for status {status}"
        self.seen_codes.add(code)

    def unseen(self):
        """What the document tells and no reply showed: replies of each path, and codes."""
        told = {(method, path, status) for path, methods in self.text["paths"].items() for method, operation in methods.items()
                for status in operation["responses"] if status != "default"}
        return sorted(told - self.seen_replies), sorted(set().union(*self.codes.values()) - self.seen_codes)
