"""Reading, checking, dating and compiling policy packs."""

from parcelproof.policy.compiling import Compiled, CompiledCheck, CompiledOffence, compile_policy
from parcelproof.policy.packs import Policy, list_policies, load_policy

__all__ = ["Compiled", "CompiledCheck", "CompiledOffence", "Policy", "compile_policy", "list_policies", "load_policy"]
