"""Prints what AWS makes of a SAM template, as JSON, with every parameter's default in its place.

Usage: translate.py TEMPLATE
"""

import json
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """The account's managed policies; none is named in our template."""

    def load(self):
        return {}


def packaged(template):
    """Code as `sam package` leaves it: in a bucket."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/code"
    return template


def with_defaults(value, defaults):
    """References to parameters become their defaults."""
    if isinstance(value, dict):
        if set(value) == {"Ref"} and value["Ref"] in defaults:
            return defaults[value["Ref"]]
        return {key: with_defaults(inner, defaults) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_defaults(inner, defaults) for inner in value]
    return value


def main(path):
    with open(path, encoding="utf-8") as file:
        template = packaged(yaml_parse(file.read()))
    translated = transform(template, {}, NoManagedPolicies())
    parameters = translated.get("Parameters", {}).items()
    defaults = {name: given["Default"] for name, given in parameters if "Default" in given}
    json.dump(with_defaults(translated, defaults), sys.stdout, indent=1)


main(sys.argv[1])
