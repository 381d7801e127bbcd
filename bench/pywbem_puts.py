"""Puts instances into pywbem's mock WBEM server for pywbem.bench.ts: lines of JSON in, a line of JSON out for each.

The first line brings a class as MOF text, the CIM types of its properties and a row of values for each instance. Every other
line asks for a round: a new server with the class in it, then CreateInstance for each instance, timed here.
"""

import gc
import json
import platform
import sys
import time

import pywbem
from pywbem_mock import FakedWBEMConnection

NAMESPACE = "root/cimv2"

# A class in MOF does not declare the qualifiers that it uses, and the mock has none of its own.
KEY = "Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);\n"


def say(answer):
    print(json.dumps(answer, default=str), flush=True)


def instance_of(name, types, row):
    return pywbem.CIMInstance(name, [
        pywbem.CIMProperty(property_name, pywbem.cimvalue(value, cim_type), type=cim_type)
        for (property_name, cim_type), value in zip(types.items(), row)
    ])


def round_of(mof, instances):
    connection = FakedWBEMConnection(default_namespace=NAMESPACE)
    connection.compile_mof_string(KEY + mof)
    gc.collect()  # the server of the round before is not on this one's clock
    start = time.perf_counter()
    for instance in instances:
        path = connection.CreateInstance(instance)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "stored": len(connection.EnumerateInstanceNames(path.classname)),
        "last": {name: value for name, value in connection.GetInstance(path).items()},
    }


first = json.loads(sys.stdin.readline())
ready = [instance_of(first["name"], first["types"], row) for row in first["rows"]]
say({"pywbem": pywbem.__version__, "python": platform.python_version()})
for _ in sys.stdin:
    say(round_of(first["mof"], ready))
