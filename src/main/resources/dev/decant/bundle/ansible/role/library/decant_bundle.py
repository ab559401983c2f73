#!/usr/bin/python
# -*- coding: utf-8 -*-
"""Runs steps of decant-bundle, and says what they changed."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: @ROLE@
short_description: Runs steps of the bundle of @APP@
description:
  - In check mode asks what they would change, and changes nothing. What was changed, or would be, is the diff.
author: decant
options:
  path:
    description: The folder of the bundle on the host.
    type: path
    required: true
  parcels:
    description: The folder of what the release is made of, on the host.
    type: path
  steps:
    description: Such as setup, unpack, prepare, migrate, switch, prune, rollback.
    type: list
    elements: str
    required: true
  secrets:
    description: Values by names. They are handed on in files that only root can read, and taken away.
    type: dict
    default: {}
  if_serving:
    description: Whether to go back only from the release of this bundle.
    type: bool
    default: false
  wait:
    description: How long to wait for somebody else who deploys to the host, in seconds.
    type: int
    default: 60
  tidy:
    description: Whether to take away bundles and releases beside this one.
    type: bool
    default: false
"""

import os
import re
import shutil
import tempfile

from ansible.module_utils.basic import AnsibleModule

SECRET = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")


def write_secrets(module, folder, secrets):
    for name, value in secrets.items():
        if not SECRET.match(name):
            module.fail_json(msg="%s cannot be the name of a secret." % name)
        if not hasattr(value, "encode"):
            # 0123 and yes are other values by now.
            module.fail_json(msg="The value of %s is not a text. Write it between quotes." % name)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(value.encode("utf-8"))


def tidy(path, parcels):
    place, mine = os.path.split(path)
    for other in os.listdir(place):
        if other.startswith("bundle-") and other != mine:
            shutil.rmtree(os.path.join(place, other), ignore_errors=True)
    if parcels and os.path.isdir(parcels):
        with open(os.path.join(path, "bundle")) as file:
            words = [word for line in file if line.startswith("parcel=") for word in line.split()]
        for other in os.listdir(parcels):
            if other not in words:
                os.unlink(os.path.join(parcels, other))


def main():
    module = AnsibleModule(
        argument_spec=dict(
            path=dict(type="path", required=True),
            parcels=dict(type="path"),
            steps=dict(type="list", elements="str", required=True),
            secrets=dict(type="dict", default={}, no_log=True),
            if_serving=dict(type="bool", default=False),
            wait=dict(type="int", default=60),
            tidy=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    path = os.path.normpath(module.params["path"])
    parcels = module.params["parcels"]
    words = ["sh", os.path.join(path, "decant-bundle"), "--wait", str(module.params["wait"])]
    if parcels and not module.check_mode:
        words += ["--parcels", parcels]
    if module.params["if_serving"]:
        words += ["--if-serving"]
    # In memory, and gone with the machine at the latest.
    secrets = tempfile.mkdtemp(prefix="decant-", dir="/run")
    try:
        write_secrets(module, secrets, module.params["secrets"])
        words += ["--secrets", secrets]
        if module.check_mode:
            words += ["check"]
        status, out, err = module.run_command(words + module.params["steps"])
    finally:
        shutil.rmtree(secrets, ignore_errors=True)
    changes = [line[len("changed "):] for line in out.splitlines() if line.startswith("changed ")]
    notes = [line for line in out.splitlines() if not line.startswith("changed ")]
    if status == 0 and module.params["tidy"] and not module.check_mode:
        tidy(path, parcels)
    result = dict(
        changed=bool(changes),
        changes=changes,
        notes=notes,
        diff=dict(prepared="".join("+ %s\n" % change for change in changes)),
    )
    if status != 0:
        module.fail_json(msg=err.strip(), rc=status, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
