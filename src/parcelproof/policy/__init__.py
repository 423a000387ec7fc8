"""Reading, checking, dating and compiling policy packs."""

from parcelproof.policy.compiling import Compiled, CompiledCheck, CompiledOffence, compile_policy, compiled
from parcelproof.policy.model import Policy
from parcelproof.policy.packs import list_policies, load_policy
from parcelproof.policy.strikes import CompiledMeasure, CompiledRule

__all__ = [
    "Compiled",
    "CompiledCheck",
    "CompiledMeasure",
    "CompiledOffence",
    "CompiledRule",
    "Policy",
    "compile_policy",
    "compiled",
    "list_policies",
    "load_policy",
]
